// Prints docs/abi.md as it should be: scripts/abi-table.mjs.
import { format, resolveConfig } from "prettier";
import { document } from "./table.ts";

/** The document as it is formatted in this repository. */
export async function formatted(file: string): Promise<string> {
  return format(document(), { ...(await resolveConfig(file)), filepath: file });
}

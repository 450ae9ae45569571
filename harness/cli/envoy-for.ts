import type { Io } from "../../sdk/cli/command.ts";
import { locateEnvoy } from "../envoy/locate.ts";

/** The path of the Envoy for a command: the one that was named, or the one that is found. */
export async function envoyFor(path: string | undefined, io: Io): Promise<string> {
  const progress = (text: string): void => {
    io.err(`${text}\n`);
  };
  return (await locateEnvoy({ path, progress, signal: io.signal })).path;
}

// The plugins beside a filter, as a test names them.
import { ToolError } from "../errors.ts";
import type { FilterOptions, FurtherPlugin } from "./options.ts";

/** The plugins of a role beside the filter, in their order. */
export function pluginsOf(
  { plugins = [] }: FilterOptions,
  role: NonNullable<FurtherPlugin["role"]>,
): readonly FurtherPlugin[] {
  return plugins.filter((each) => (each.role ?? "filter") === role);
}

/** Throws ERR_USAGE where `wanted` is no filter that a stream or a connection can pass. */
export function checkWanted(filter: string, options: FilterOptions, wanted: string): void {
  const names = [filter, ...pluginsOf(options, "filter").map(({ name }) => name)];
  if (names.includes(wanted)) return;
  throw new ToolError("ERR_USAGE", `there is no filter of the name ${JSON.stringify(wanted)}`, {
    hint: `Name one of those that are loaded: ${names.join(", ")}; or leave the name out.`,
  });
}

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

/**
 * Throws ERR_USAGE for plugins that could not be told apart, and workers that are none; `filter` is the first
 * plugin's name.
 */
export function checkPlugins(filter: string, { host = {}, plugins = [] }: FilterOptions): void {
  const { workers = 1 } = host;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new ToolError("ERR_USAGE", `there cannot be ${workers} workers`, {
      hint: "Give a whole number from 1 on, or leave `workers` out.",
    });
  }
  const names = new Set([filter]);
  for (const { name } of plugins) {
    if (names.has(name)) {
      throw new ToolError("ERR_USAGE", `two plugins are called ${JSON.stringify(name)}`, {
        hint: `Give each of \`plugins\` a name of its own; the filter's is ${JSON.stringify(filter)}.`,
      });
    }
    names.add(name);
  }
}

/** Throws ERR_USAGE where `wanted` is no filter that a stream or a connection can pass. */
export function checkWanted(filter: string, options: FilterOptions, wanted: string): void {
  const names = [filter, ...pluginsOf(options, "filter").map(({ name }) => name)];
  if (names.includes(wanted)) return;
  throw new ToolError("ERR_USAGE", `there is no filter of the name ${JSON.stringify(wanted)}`, {
    hint: `Name one of those that are loaded: ${names.join(", ")}; or leave the name out.`,
  });
}

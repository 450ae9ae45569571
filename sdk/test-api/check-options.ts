import { ToolError } from "../errors.ts";
import type { FilterOptions } from "./options.ts";

/** Throws ERR_USAGE for options that contradict themselves; `filter` is the first plugin's name. */
export function checkOptions(filter: string, options: FilterOptions): void {
  const { clusters = [], grpcClusters = [], host = {}, plugins = [] } = options;
  const { workers = 1 } = host;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new ToolError("ERR_USAGE", `there cannot be ${workers} workers`, {
      hint: "Give a whole number from 1 on, or leave `workers` out.",
    });
  }
  const plugin = firstTwice([filter, ...plugins.map(({ name }) => name)]);
  if (plugin !== null) {
    throw new ToolError("ERR_USAGE", `two plugins are called ${JSON.stringify(plugin)}`, {
      hint: `Give each of \`plugins\` a name of its own; the filter's is ${JSON.stringify(filter)}.`,
    });
  }
  const cluster = firstTwice([...clusters, ...grpcClusters]);
  if (cluster !== null) {
    throw new ToolError("ERR_USAGE", `two clusters are called ${JSON.stringify(cluster)}`, {
      hint: "Name each once, in `clusters` for HTTP or in `grpcClusters` for gRPC.",
    });
  }
}

/** The first name that has come before; null where there is none. */
function firstTwice(names: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

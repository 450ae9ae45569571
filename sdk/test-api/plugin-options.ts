import type { FilterOptions } from "./api.ts";

const KEYS = [
  "rootId",
  "vmConfiguration",
  "environment",
  "failurePolicy",
  "allowOnHeadersStopIteration",
  "allowedCapabilities",
] as const satisfies readonly (keyof FilterOptions)[];

/** The options that a host and an Envoy call by the same names. */
export type PluginOptions = Pick<FilterOptions, (typeof KEYS)[number]>;

/** Those of the options that were given. */
export function pluginOptions(options: FilterOptions): PluginOptions {
  const given = KEYS.filter((key) => options[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, options[key]]));
}

import type { PluginInit } from "./options.ts";

const KEYS = [
  "rootId",
  "vmId",
  "vmConfiguration",
  "environment",
  "failurePolicy",
  "allowOnHeadersStopIteration",
  "allowedCapabilities",
] as const satisfies readonly (keyof PluginInit)[];

/** The options that a host and an Envoy call by the same names. */
export type PluginOptions = Pick<PluginInit, (typeof KEYS)[number]>;

/** Those of the options that were given. */
export function pluginOptions(options: PluginInit): PluginOptions {
  const given = KEYS.filter((key) => options[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, options[key]]));
}

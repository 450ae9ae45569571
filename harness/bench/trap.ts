// The error for a filter that trapped while it was measured.
import { ToolError } from "../../sdk/errors.ts";
import { trapOf } from "../envoy/failure.ts";
import { formatLine, type EnvoyLine } from "../envoy/lines.ts";
import type { RunningEnvoy } from "../envoy/process.ts";

/**
 * Envoy names the callback, not the filter.
 * @param filter The filter, or those that it may be.
 * @param line What Envoy printed.
 */
export function trapped(
  envoy: Pick<RunningEnvoy, "wasmLogs">,
  filter: string,
  line: EnvoyLine | undefined,
): ToolError {
  const callback = line === undefined ? undefined : trapOf(line)?.callback;
  const logged = envoy.wasmLogs.filter(({ plugin }) => plugin === filter).slice(-5);
  return new ToolError(
    "ERR_FILTER_TRAPPED",
    `the filter ${filter} trapped while it was measured` +
      (callback === undefined ? "" : `, in ${callback}`),
    {
      hint:
        "its last log line usually names the cause; send what it expects with --header and " +
        "--config, and watch it with `as-proxy-wasm run`",
      detail: [
        ...(line === undefined ? [] : [formatLine(line)]),
        ...logged.map(({ level, plugin, text }) => `[${level}] ${plugin}: ${text}`),
      ].join("\n"),
    },
  );
}

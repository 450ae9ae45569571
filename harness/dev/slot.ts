// The filter's place in a running Envoy: a file that Envoy watches, and Envoy's word on whether it
// took what the file says.
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { ToolError } from "../../sdk/errors.ts";
import { writeDiscovered } from "../envoy/discovery.ts";
import type { DiscoveredFilterSpec } from "../envoy/discovery.ts";
import { filterRefusal } from "../envoy/failure.ts";
import type { EnvoyLine } from "../envoy/lines.ts";
import type { RunningEnvoy } from "../envoy/process.ts";
import type { WasmFilterSpec } from "../envoy/wasm-plugin.ts";
import { withoutPosition } from "./log-entry.ts";

const ASK_AGAIN_MS = 5;
/** How long Envoy may take to take or refuse a module. */
const PATIENCE_MS = 30_000;
/** How long the reason of a refusal may take from Envoy's log to here. */
const REASON_MS = 2_000;

/** One filter of a listener, which can be changed while Envoy runs. */
export class Slot {
  /** What the listener's configuration names. */
  readonly spec: DiscoveredFilterSpec;
  #version = 0;
  /** How often Envoy had refused a file before it was last written. */
  #refused = 0;
  /** What Envoy has said since the file was last written. */
  #lines: EnvoyLine[] = [];

  constructor(spec: DiscoveredFilterSpec) {
    this.spec = spec;
  }

  /** Told of each line of Envoy's output: a refusal's reason is only there. */
  hear(line: EnvoyLine): void {
    this.#lines.push(withoutPosition(line));
    // Only what is said within one change matters, which is little.
    if (this.#lines.length > 1_000) this.#lines.shift();
  }

  /**
   * Writes the file. Envoy, once it runs, replaces the filter by it; requests that are under way keep
   * the old.
   */
  async write(filter: WasmFilterSpec, envoy: RunningEnvoy | null): Promise<void> {
    if (envoy !== null) this.#refused = (await this.#state(envoy)).refused;
    this.#lines = [];
    await writeDiscovered(this.spec, filter, String(++this.#version));
  }

  /**
   * Waits until Envoy has taken what was written last. Throws ERR_FILTER_REFUSED or ERR_FILTER_TRAPPED with the reason where it refuses; then it goes on
   * with what it had.
   */
  async taken(envoy: RunningEnvoy, signal: AbortSignal): Promise<void> {
    const started = performance.now();
    for (;;) {
      const { version, refused } = await this.#state(envoy);
      if (version === this.#version) return;
      if (refused > this.#refused) throw await this.#reason(signal);
      if (performance.now() - started > PATIENCE_MS) {
        throw new ToolError("ERR_FILTER_REFUSED", "Envoy did not answer to the module in 30 s", {
          hint: "a filter that loops at its start holds Envoy: end dev with Ctrl-C and look there",
        });
      }
      await sleep(ASK_AGAIN_MS, undefined, { signal });
    }
  }

  /** The version of the file that serves, 0 for none, and how many versions were refused. */
  async #state(envoy: RunningEnvoy): Promise<{ version: number; refused: number }> {
    const prefix = `extension_config_discovery.http_filter.${this.spec.name}.`;
    const stats = await envoy.admin(`/stats?filter=^extension_config_discovery`);
    const value = (name: string): number => {
      const line = stats.split("\n").find((each) => each.startsWith(`${prefix}${name}: `));
      return Number(line?.slice(prefix.length + name.length + 2).replaceAll('"', "") ?? 0);
    };
    return { version: value("version_text"), refused: value("update_rejected") };
  }

  async #reason(signal: AbortSignal): Promise<ToolError> {
    for (const started = performance.now(); performance.now() - started < REASON_MS;) {
      const reason = filterRefusal(this.#lines);
      if (reason !== null) return reason;
      await sleep(ASK_AGAIN_MS, undefined, { signal });
    }
    return new ToolError("ERR_FILTER_REFUSED", "Envoy refused the module without a reason");
  }
}

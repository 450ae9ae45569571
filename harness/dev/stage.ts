// The Envoy of a session: started by the first module, and on the same port anew when a module has
// hung it. Envoy watches its own threads: one that has done nothing but a single callback for too
// long ends the process, and says so. It begins to watch when it has started, so its start has a
// limit of its own.
import { setTimeout as sleep } from "node:timers/promises";
import { ToolError } from "../../sdk/errors.ts";
import { bootstrap, type ClusterSpec } from "../envoy/bootstrap.ts";
import type { EnvoyLine, LogLevel } from "../envoy/lines.ts";
import { endedUnasked, startEnvoy, type RunningEnvoy } from "../envoy/process.ts";
import type { WasmFilterSpec } from "../envoy/wasm-plugin.ts";
import type { Slot } from "./slot.ts";
import { INNER_TAP, OUTER_TAP } from "./taps.ts";

/** The listener that requests are sent to. */
export const LISTENER = "dev";

/** How long a filter may hold Envoy, in milliseconds. */
export interface Patience {
  /** Until Envoy has started with it. */
  readonly start: number;
  /** In one callback. */
  readonly callback: number;
}

export const USUAL_PATIENCE: Patience = { start: 15_000, callback: 5_000 };

/** An Envoy that dies stops answering a moment before it is known to have ended. */
const DYING_MS = 2_000;

export interface StageOptions {
  readonly binary: string;
  readonly slot: Slot;
  /** The name of the cluster that is the upstream. */
  readonly upstream: string;
  readonly clusters: readonly ClusterSpec[];
  /** 0 takes a free one. */
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly concurrency: number;
  readonly patience: Patience;
  readonly onLine: (line: EnvoyLine) => void;
  /** Told of each Envoy that has started. */
  readonly onStart: (envoy: RunningEnvoy) => void;
  /** Told when Envoy has ended, not by us and not because it hung. */
  readonly onLost: (error: ToolError) => void;
  readonly signal: AbortSignal;
}

export class Stage {
  readonly #options: StageOptions;
  #envoy: RunningEnvoy | null = null;
  /** Of those that have ended by themselves: their folders are removed. */
  #removed: Promise<unknown> = Promise.resolve();
  #port: number;
  #watchdogBarked = false;
  #isHung = false;

  constructor(options: StageOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** Whether there is no Envoy because it hung: the next module brings another. */
  get isHung(): boolean {
    return this.#isHung;
  }

  /**
   * Hands a module to Envoy, which is started if there is none, and waits until it serves. Throws
   * ERR_FILTER_REFUSED or ERR_FILTER_TRAPPED when Envoy refuses it and goes on with what it had, and
   * ERR_FILTER_HUNG when there is no Envoy any more.
   */
  async give(filter: WasmFilterSpec): Promise<void> {
    const { slot, signal } = this.#options;
    // Which module hangs it from now on is known.
    this.#isHung = false;
    try {
      await slot.write(filter, this.#envoy);
      this.#envoy ??= await this.#start(filter);
      await slot.taken(this.#envoy, signal);
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== "ERR_ENVOY_FAILED") throw error;
      await this.#wentSilent(this.#envoy, error);
    }
  }

  async stop(): Promise<void> {
    const envoy = this.#envoy;
    this.#envoy = null;
    await Promise.all([envoy?.stop(), this.#removed]);
  }

  /** Ends what is left of an Envoy that does not answer, and throws why it does not. */
  async #wentSilent(envoy: RunningEnvoy | null, cause: ToolError): Promise<never> {
    const { patience, signal } = this.#options;
    if (envoy === null && !this.#isHung) throw cause;
    const most = patience.callback + DYING_MS;
    await Promise.race([envoy?.exited, sleep(most, undefined, { signal })]);
    if (this.#envoy === null && !this.#isHung) throw cause;
    await this.stop();
    this.#isHung = true;
    throw hung(`Envoy hung for ${patience.callback / 1000} s when it was given the module`, cause);
  }

  async #start(filter: WasmFilterSpec): Promise<RunningEnvoy> {
    const { binary, slot, upstream, clusters, logLevel, concurrency, patience, signal } =
      this.#options;
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(
        hung(`Envoy had not started ${patience.start / 1000} s after it was given the module`),
      );
    }, patience.start);
    this.#watchdogBarked = false;
    let envoy: RunningEnvoy;
    try {
      envoy = await startEnvoy({
        binary,
        bootstrap: bootstrap({
          listeners: [
            {
              name: LISTENER,
              port: this.#port,
              filters: [],
              discoveredFilters: [slot.spec],
              scripts: { outer: OUTER_TAP, inner: INNER_TAP },
              upstream: { kind: "cluster", cluster: upstream },
            },
          ],
          clusters,
          hangTimeoutMs: patience.callback,
        }),
        concurrency,
        filterLogLevel: logLevel,
        discovered: [filter],
        scriptLogs: true,
        onLine: (line) => {
          if (WATCHDOG.test(line.text)) this.#watchdogBarked = true;
          this.#options.onLine(line);
        },
        signal: AbortSignal.any([signal, late.signal]),
      });
    } finally {
      clearTimeout(timer);
    }
    void envoy.exited.then((end) => {
      if (this.#envoy !== envoy) return;
      this.#envoy = null;
      this.#removed = Promise.all([this.#removed, envoy.stop()]);
      if (this.#watchdogBarked) this.#isHung = true;
      else this.#options.onLost(endedUnasked(envoy, end));
    });
    this.#port = envoy.port(LISTENER);
    this.#options.onStart(envoy);
    return envoy;
  }
}

/** What Envoy says before it ends itself. */
const WATCHDOG = /^Watchdog AbortAction terminating thread/;

function hung(message: string, cause?: unknown): ToolError {
  return new ToolError("ERR_FILTER_HUNG", message, {
    hint: "a loop without end in the filter's onStart or onConfigure would do that",
    cause,
  });
}

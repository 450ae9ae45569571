// `dev` itself: from changed files to a module that serves, again and again, around one Envoy.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ExitCode, ToolError } from "../../sdk/errors.ts";
import { bootstrap, type ClusterSpec } from "../envoy/bootstrap.ts";
import type { EnvoyLine } from "../envoy/lines.ts";
import { locateEnvoy } from "../envoy/locate.ts";
import { endedUnasked, startEnvoy } from "../envoy/process.ts";
import type { RunningEnvoy } from "../envoy/process.ts";
import { TrapWatcher } from "../envoy/trap-watcher.ts";
import { guardedFolder } from "../guarded-folder.ts";
import type { FilterSource } from "../module.ts";
import { UPSTREAM } from "../traffic-options.ts";
import type { TrafficOptions } from "../traffic-options.ts";
import { startEcho } from "../traffic/echo.ts";
import { isSame, makeCandidate, nameOf, shownPath } from "./candidate.ts";
import type { Candidate } from "./candidate.ts";
import type { Build, DevEvent, Outcome, Status } from "./events.ts";
import { Exchanges } from "./exchanges.ts";
import { failureOf } from "./failure.ts";
import { entryOf } from "./log-entry.ts";
import { readMetrics } from "./metrics.ts";
import { Slot } from "./slot.ts";
import { EXCHANGES_PER_SECOND, INNER_TAP, OUTER_TAP } from "./taps.ts";
import { WatchedFiles } from "./watch.ts";

const LISTENER = "dev";
const METRICS_EVERY_MS = 1_000;
const DYING_MS = 2_000;

export interface SessionOptions extends TrafficOptions {
  readonly source: FilterSource;
  /** The value of --config; null for the folder's own configuration, if it has one. */
  readonly config: string | null;
  /** Told of all that happens. */
  readonly tell: (event: DevEvent) => void;
  /** Told of the steps of a download. */
  readonly progress: (text: string) => void;
  /** Ends the session. */
  readonly signal: AbortSignal;
}

/**
 * Runs until the signal. Fails with ERR_NO_ENVOY, ERR_PORT_TAKEN, and with ERR_ENVOY_FAILED for an
 * Envoy that ends by itself; whatever is wrong with the filter is told, and waited for to be mended.
 * Nothing is left behind.
 */
export async function runSession(options: SessionOptions): Promise<void> {
  const folder = await guardedFolder();
  try {
    const located = await locateEnvoy({
      path: options.envoy,
      progress: options.progress,
      signal: options.signal,
    });
    const echo = options.upstream === null ? await startEcho() : null;
    const session = new Session(options, folder.path, located, echo?.port ?? 0);
    try {
      await session.run();
    } finally {
      await session.stop();
      await echo?.close();
    }
  } finally {
    await folder.remove();
  }
}

class Session {
  readonly #options: SessionOptions;
  readonly #folder: string;
  readonly #binary: string;
  readonly #upstream: ClusterSpec;
  readonly #watched = new WatchedFiles();
  readonly #exchanges = new Exchanges();
  readonly #slot: Slot;
  /** Aborted when the session is to end, by whatever; the reason is why, if it is a failure. */
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  #status: Status;
  #builds = 0;
  #logs = 0;
  #envoy: RunningEnvoy | null = null;
  #meter: Promise<void> | null = null;
  /** What answers requests now. */
  #serving: Candidate | null = null;
  /** Reads the traps of what Envoy was given last, which it may be starting or have refused. */
  #traps = new TrapWatcher(new Map());
  /** Whether what serves has lost a VM: then the same module is worth a swap. */
  #trapped = false;

  constructor(
    options: SessionOptions,
    folder: string,
    located: { readonly path: string; readonly version: string },
    echoPort: number,
  ) {
    this.#options = options;
    this.#folder = folder;
    this.#binary = located.path;
    this.#signal = AbortSignal.any([options.signal, this.#over.signal]);
    const { source, upstream } = options;
    this.#upstream = upstream ?? { name: UPSTREAM, host: "127.0.0.1", port: echoPort };
    this.#slot = new Slot({ name: nameOf(source), path: join(folder, "filter.json") });
    this.#status = {
      filter: this.#slot.spec.name,
      source: shownPath(source.path),
      address: null,
      serving: null,
      envoyVersion: located.version,
      upstream: upstream === null ? "echo" : `${upstream.host}:${upstream.port}`,
      exchangesPerSecond: EXCHANGES_PER_SECOND,
    };
  }

  async run(): Promise<void> {
    this.#tellStatus({});
    try {
      for (let changed: readonly string[] = []; ;) {
        await this.#round(changed.map(shownPath));
        changed = await this.#watched.changed(this.#signal);
      }
    } catch (error) {
      if (this.#options.signal.aborted) return;
      if (this.#over.signal.aborted) throw this.#over.signal.reason;
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#over.abort();
    await this.#meter;
    await this.#envoy?.stop();
  }

  /** One build, and what becomes of it. */
  async #round(changed: readonly string[]): Promise<void> {
    const number = ++this.#builds;
    this.#options.tell({ type: "building", changed });
    this.#watched.clear();
    let candidate: Candidate | null = null;
    try {
      candidate = await makeCandidate({
        source: this.#options.source,
        name: this.#slot.spec.name,
        config: this.#options.config,
        folder: this.#folder,
        number,
        onRead: this.#watched.note,
      });
      if (this.#serving !== null && !this.#trapped && isSame(candidate, this.#serving)) {
        await rm(candidate.filter.module);
        this.#tellBuild("unchanged", changed, candidate);
        return;
      }
      const swapMs = await this.#give(candidate);
      if (this.#serving !== null) await rm(this.#serving.filter.module);
      this.#serving = candidate;
      this.#trapped = false;
      this.#tellStatus({ serving: number });
      this.#tellBuild("serving", changed, candidate, { swapMs });
    } catch (error) {
      if (!(error instanceof ToolError) || error.exitCode === ExitCode.Environment) throw error;
      this.#watchTraps(this.#serving);
      const outcome = candidate === null ? "failed" : "refused";
      this.#tellBuild(outcome, changed, candidate, { failure: failureOf(error) });
    }
  }

  /** Hands a module to Envoy, which is started by the first; answers how long that took. */
  async #give(candidate: Candidate): Promise<number> {
    const started = performance.now();
    this.#watchTraps(candidate);
    await this.#slot.write(candidate.filter, this.#envoy);
    const envoy = (this.#envoy ??= await this.#start(candidate));
    try {
      await this.#slot.taken(envoy, this.#signal);
    } catch (error) {
      if (!(error instanceof ToolError) || error.code !== "ERR_ENVOY_FAILED") throw error;
      // An Envoy that dies stops answering a moment before it is known to have ended.
      await Promise.race([envoy.exited, sleep(DYING_MS, undefined, { signal: this.#signal })]);
      throw new ToolError("ERR_ENVOY_FAILED", "Envoy hangs since it was given the module", {
        hint: "a loop without end in the filter's start or its onConfigure would do that",
        cause: error,
      });
    }
    return performance.now() - started;
  }

  async #start(candidate: Candidate): Promise<RunningEnvoy> {
    const { clusters, port, logLevel, concurrency } = this.#options;
    const envoy = await startEnvoy({
      binary: this.#binary,
      bootstrap: bootstrap({
        listeners: [
          {
            name: LISTENER,
            port,
            filters: [],
            discoveredFilters: [this.#slot.spec],
            scripts: { outer: OUTER_TAP, inner: INNER_TAP },
            upstream: { kind: "cluster", cluster: UPSTREAM },
          },
        ],
        clusters: [this.#upstream, ...clusters],
      }),
      concurrency,
      filterLogLevel: logLevel,
      discovered: [candidate.filter],
      scriptLogs: true,
      onLine: (line) => {
        this.#hear(line);
      },
      signal: this.#signal,
    });
    void envoy.exited.then((end) => {
      this.#over.abort(endedUnasked(envoy, end));
    });
    this.#tellStatus({ address: `http://127.0.0.1:${envoy.port(LISTENER)}` });
    this.#meter = this.#measure(envoy);
    return envoy;
  }

  #watchTraps(module: Candidate | null): void {
    this.#traps = new TrapWatcher(new Map([[this.#slot.spec.name, module?.sources ?? null]]));
  }

  #hear(line: EnvoyLine): void {
    this.#slot.hear(line);
    const exchange = this.#exchanges.read(line);
    if (exchange !== null) {
      this.#options.tell({ type: "exchange", exchange });
      return;
    }
    const entry = entryOf(line, this.#traps);
    if (entry === null) return;
    if (entry.from === "envoy") this.#trapped = true;
    const number = ++this.#logs;
    this.#options.tell({ type: "log", entry: { ...entry, number, at: Date.now() } });
  }

  /** Tells the statistics whenever they have changed. */
  async #measure(envoy: RunningEnvoy): Promise<void> {
    try {
      for (let last = ""; ;) {
        const metrics = await readMetrics(envoy, LISTENER);
        const text = JSON.stringify(metrics);
        if (text !== last) this.#options.tell({ type: "metrics", metrics });
        last = text;
        await sleep(METRICS_EVERY_MS, undefined, { signal: this.#signal });
      }
    } catch (error) {
      // An Envoy that does not answer any more has ended, or hangs; the first is told elsewhere.
      if (!(error instanceof ToolError)) this.#over.abort(error);
    }
  }

  #tellStatus(changes: Partial<Status>): void {
    this.#status = { ...this.#status, ...changes };
    this.#options.tell({ type: "status", status: this.#status });
  }

  #tellBuild(
    outcome: Outcome,
    changed: readonly string[],
    candidate: Candidate | null,
    more: Partial<Build> = {},
  ): void {
    const build: Build = {
      number: this.#builds,
      at: Date.now(),
      outcome,
      changed,
      buildMs: candidate?.buildMs ?? null,
      swapMs: null,
      bytes: candidate?.bytes ?? null,
      hash: candidate?.hash.slice(0, 12) ?? null,
      failure: null,
      ...more,
    };
    this.#options.tell({ type: "build", build });
  }
}

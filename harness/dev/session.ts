// `dev` itself: from changed files to a module that serves, again and again, around one Envoy.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ExitCode, ToolError } from "../../sdk/errors.ts";
import type { EnvoyLine } from "../envoy/lines.ts";
import { locateEnvoy } from "../envoy/locate.ts";
import type { RunningEnvoy } from "../envoy/process.ts";
import { TrapWatcher } from "../envoy/trap-watcher.ts";
import { guardedFolder } from "../guarded-folder.ts";
import type { FilterSource } from "../module.ts";
import { UPSTREAM } from "../traffic-options.ts";
import type { TrafficOptions } from "../traffic-options.ts";
import { startEcho } from "../traffic/echo.ts";
import { isSame, makeCandidate, nameOf, shownPath } from "./candidate.ts";
import type { Candidate } from "./candidate.ts";
import type { Build, DevEvent, LogEntry, Outcome, Status } from "./events.ts";
import { Exchanges } from "./exchanges.ts";
import { failureOf } from "./failure.ts";
import { entryOf } from "./log-entry.ts";
import { readMetrics } from "./metrics.ts";
import { Slot } from "./slot.ts";
import { LISTENER, Stage, USUAL_PATIENCE, type Patience } from "./stage.ts";
import { EXCHANGES_PER_SECOND } from "./taps.ts";
import { WatchedFiles } from "./watch.ts";

const METRICS_EVERY_MS = 1_000;

export interface SessionOptions extends TrafficOptions {
  readonly source: FilterSource;
  /** The value of --config; null for the folder's own configuration, if it has one. */
  readonly config: string | null;
  /** Default: USUAL_PATIENCE. */
  readonly patience?: Patience;
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
  readonly #watched = new WatchedFiles();
  readonly #exchanges = new Exchanges();
  readonly #slot: Slot;
  readonly #stage: Stage;
  readonly #patience: Patience;
  /** Aborted when the session is to end, by whatever; the reason is why, if it is a failure. */
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  #status: Status;
  #builds = 0;
  #logs = 0;
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
    this.#signal = AbortSignal.any([options.signal, this.#over.signal]);
    const { source, upstream, port, logLevel, concurrency } = options;
    this.#patience = options.patience ?? USUAL_PATIENCE;
    this.#slot = new Slot({ name: nameOf(source), path: join(folder, "filter.json") });
    this.#stage = new Stage({
      binary: located.path,
      slot: this.#slot,
      upstream: UPSTREAM,
      clusters: [
        upstream ?? { name: UPSTREAM, host: "127.0.0.1", port: echoPort },
        ...options.clusters,
      ],
      ...{ port, logLevel, concurrency },
      patience: this.#patience,
      onLine: (line) => {
        this.#hear(line);
      },
      onStart: (envoy) => {
        this.#tellStatus({ address: `http://127.0.0.1:${envoy.port(LISTENER)}` });
        this.#meter = this.#measure(envoy);
      },
      onLost: (error) => {
        this.#over.abort(error);
      },
      signal: this.#signal,
    });
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
        do {
          changed = await this.#watched.changed(this.#signal, () => this.#stage.isHung);
          if (this.#stage.isHung) await this.#mendHung();
        } while (changed.length === 0);
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
    await this.#stage.stop();
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
      const started = performance.now();
      await this.#give(candidate);
      const swapMs = performance.now() - started;
      if (this.#serving !== null) await rm(this.#serving.filter.module);
      this.#serving = candidate;
      this.#tellStatus({ serving: number });
      this.#tellBuild("serving", changed, candidate, { swapMs });
    } catch (error) {
      if (!(error instanceof ToolError) || error.exitCode === ExitCode.Environment) throw error;
      const hung = error.code === "ERR_FILTER_HUNG";
      const outcome = candidate === null ? "failed" : hung ? "hung" : "refused";
      if (hung) await this.#revive();
      else this.#watchTraps(this.#serving);
      this.#tellBuild(outcome, changed, candidate, { failure: failureOf(error) });
    }
  }

  async #give(candidate: Candidate): Promise<void> {
    this.#watchTraps(candidate);
    await this.#stage.give(candidate.filter);
    this.#trapped = false;
  }

  /** Starts an Envoy again with what served in the one that hung. */
  async #revive(): Promise<void> {
    if (this.#serving === null) return;
    try {
      await this.#give(this.#serving);
    } catch (error) {
      if (!(error instanceof ToolError) || error.exitCode === ExitCode.Environment) throw error;
      this.#serving = null;
      this.#tellStatus({ serving: null });
    }
  }

  /** What served has hung Envoy, in a callback for a request or in a tick. */
  async #mendHung(): Promise<void> {
    const { serving } = this.#status;
    await this.#revive();
    const seconds = this.#patience.callback / 1000;
    this.#tellLog({
      level: "critical",
      from: "envoy",
      text:
        `a callback of build ${serving ?? "?"} had not ended after ${seconds} s (a loop without end?), ` +
        "so Envoy was ended, with all its requests; " +
        (this.#serving === null ? "nothing serves now" : "another has started with the same build"),
      place: null,
    });
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
    this.#tellLog(entry);
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

  #tellLog(entry: Omit<LogEntry, "number" | "at">): void {
    const number = ++this.#logs;
    this.#options.tell({ type: "log", entry: { ...entry, number, at: Date.now() } });
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

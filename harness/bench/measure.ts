// One run: an Envoy with a listener for each filter and two without, and its three phases (warm-up,
// bursts, fixed rate). Every phase visits all listeners in a fresh random order, round by round, so
// that the machine's drift meets all of them alike.
import { setTimeout as sleep } from "node:timers/promises";
import { ToolError } from "../../sdk/errors.ts";
import { bootstrap, type WasmFilterSpec } from "../envoy/bootstrap.ts";
import { trapOf } from "../envoy/failure.ts";
import { formatLine, type EnvoyLine } from "../envoy/lines.ts";
import { endedUnasked, startEnvoy, type RunningEnvoy } from "../envoy/process.ts";
import type { AccessLog } from "./access-log.ts";
import { requestBytes, type BenchRequest } from "./connection.ts";
import { CpuMeter } from "./cpu-meter.ts";
import { Lane, type PhaseRounds } from "./lane.ts";
import { BASE, BURST, CONTROL, type Measurement } from "./measurement.ts";
import { Random } from "./random.ts";
import { MIN_ROUNDS } from "./statistics.ts";

/**
 * How long a phase lasts: what is over first, then to the end of the round. Infinity: no limit. A
 * phase that is limited by time takes up to three times as long to have rounds enough for intervals.
 */
export interface Length {
  readonly rounds: number;
  readonly seconds: number;
}

/** What to measure. */
export interface Plan {
  /** Their names are distinct, and neither `base` nor `control`. */
  readonly filters: readonly WasmFilterSpec[];
  readonly request: BenchRequest;
  readonly seed: number;
  readonly bursts: Length;
  readonly client: Length;
  /** Requests a second at the fixed rate; null chooses one that every listener can serve. */
  readonly clientRate: number | null;
}

/** Is told how far a run is: the phase, and which part of it is done (0 to 1). */
export type OnProgress = (phase: string, done: number) => void;

/** V8 compiles a hot function anew after some hundred calls; slow filters need not take minutes. */
const WARM_UP: Length = { rounds: 75, seconds: 3 };
const CLIENT_RATE = 2_000;
/** The part of the slowest listener's capacity that the fixed rate may ask for. */
const CLIENT_LOAD = 0.5;
/** Slow filters need more time for as many rounds as intervals need: up to so many times. */
const MOST_TIMES = 3;
/** How often a phase looks up, to tell how far it is and to see whether a filter has trapped. */
const LOOK_UP_MS = 250;

/**
 * Runs the plan. Fails with what startEnvoy fails with, with ERR_FILTER_TRAPPED naming the filter
 * when one traps or gives no answer, and with the signal's reason when it is aborted. Nothing is
 * left behind in any case.
 */
export async function measure(
  binary: string,
  plan: Plan,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Measurement> {
  const lanes = [
    new Lane(0, BASE, null),
    new Lane(1, CONTROL, null),
    ...plan.filters.map((filter, i) => new Lane(i + 2, filter.name, filter)),
  ];
  const trapLines: EnvoyLine[] = [];
  const onLine = (line: EnvoyLine): void => {
    if (trapOf(line) !== null) trapLines.push(line);
    const lane = lanes.find(({ name }) => name === line.wasm?.plugin);
    if (lane !== undefined) lane.logLines++;
  };
  const spec = bootstrap({ listeners: lanes.map((lane) => lane.listener()), clusters: [] });
  const envoy = await startEnvoy({ binary, bootstrap: spec, signal, onLine });
  const meter = await CpuMeter.ofWorker(envoy.pid);
  const run = new Run(envoy, plan, lanes, trapLines, signal, onProgress);
  try {
    return await run.measure(meter);
  } catch (error) {
    signal.throwIfAborted();
    throw (await run.causeOfFailure()) ?? error;
  } finally {
    for (const lane of lanes) lane.close();
    meter?.close();
    await envoy.stop();
  }
}

class Run {
  readonly #envoy: RunningEnvoy;
  readonly #plan: Plan;
  readonly #lanes: readonly Lane[];
  /** What Envoy has printed about traps. */
  readonly #trapLines: readonly EnvoyLine[];
  readonly #signal: AbortSignal;
  readonly #onProgress: OnProgress;
  readonly #random: Random;

  constructor(
    envoy: RunningEnvoy,
    plan: Plan,
    lanes: readonly Lane[],
    trapLines: readonly EnvoyLine[],
    signal: AbortSignal,
    onProgress: OnProgress,
  ) {
    this.#envoy = envoy;
    this.#plan = plan;
    this.#lanes = lanes;
    this.#trapLines = trapLines;
    this.#signal = signal;
    this.#onProgress = onProgress;
    this.#random = new Random(plan.seed);
  }

  async measure(meter: CpuMeter | null): Promise<Measurement> {
    const request = requestBytes(this.#plan.request);
    for (const lane of this.#lanes) await lane.connect(this.#envoy, request);
    const warmUp = await this.#phase("warm-up", WARM_UP, (lane) => lane.warmUp());
    const bursts = await this.#phase("bursts", this.#plan.bursts, (lane) => lane.burst(meter));
    const rate = this.#plan.clientRate ?? this.#fixedRate();
    const client = await this.#phase("fixed rate", this.#plan.client, (lane) => lane.paced(rate));

    const rounds: PhaseRounds = { warmUp, bursts, client };
    const logs = await this.#accessLogs();
    const [base, control, ...filters] = logs.map(({ lane, log }) => lane.samples(log, rounds));
    if (base === undefined || control === undefined) throw new Error("a run without base");
    return {
      rounds: bursts,
      clientRounds: client,
      clientRatePerSecond: rate,
      warmUpRequests: warmUp * BURST.requests,
      base,
      control,
      filters,
    };
  }

  /** Visits the lanes round by round; returns the number of rounds. */
  async #phase(
    name: string,
    length: Length,
    visit: (lane: Lane) => Promise<void>,
  ): Promise<number> {
    this.#onProgress(name, 0);
    const order = [...this.#lanes];
    const start = performance.now();
    let lookedUp = start;
    let rounds = 0;
    for (let done = 0; done < 1;) {
      this.#random.shuffle(order);
      for (const lane of order) {
        this.#signal.throwIfAborted();
        await visit(lane);
        if (performance.now() - lookedUp < LOOK_UP_MS) continue;
        if (this.#trapLines.length > 0) throw await this.#trapped();
        this.#onProgress(name, done);
        lookedUp = performance.now();
      }
      rounds++;
      done = partDone(length, rounds, (performance.now() - start) / 1000);
    }
    if (this.#trapLines.length > 0) throw await this.#trapped();
    this.#onProgress(name, 1);
    return rounds;
  }

  /** Rounded down to two digits: it is shown to people. */
  #fixedRate(): number {
    const capacity = Math.min(...this.#lanes.map((lane) => lane.capacity));
    const rate = Math.max(1, Math.min(CLIENT_RATE, capacity * CLIENT_LOAD));
    const digit = 10 ** Math.max(0, Math.floor(Math.log10(rate)) - 1);
    return Math.floor(rate / digit) * digit;
  }

  async #accessLogs(): Promise<{ readonly lane: Lane; readonly log: AccessLog }[]> {
    await this.#envoy.reopenLogs();
    return Promise.all(
      this.#lanes.map(async (lane) => ({ lane, log: await lane.accessLog(this.#envoy) })),
    );
  }

  /** The error for a trap that Envoy has reported: Envoy names the callback, not the filter. */
  async #trapped(): Promise<ToolError> {
    const logs = await this.#accessLogs();
    const lane = logs.find(({ log }) => log.traps > 0)?.lane;
    const names = this.#plan.filters.map(({ name }) => name).join(" or ");
    const line = this.#trapLines[0];
    const callback = line === undefined ? undefined : trapOf(line)?.callback;
    const logged = this.#envoy.wasmLogs.filter(({ plugin }) => plugin === lane?.name).slice(-5);
    return new ToolError(
      "ERR_FILTER_TRAPPED",
      `the filter ${lane?.name ?? names} trapped while it was measured` +
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

  /** Why the run has failed when that is not what the client saw first. */
  async causeOfFailure(): Promise<ToolError | null> {
    // What Envoy prints, and its end, arrive after the connection's.
    const end = await Promise.race([this.#envoy.exited, sleep(250, null)]);
    if (end !== null) return endedUnasked(this.#envoy, end);
    return this.#trapLines.length > 0 ? this.#trapped().catch(() => null) : null;
  }
}

/** Which part of a phase is done, 0 to 1. */
function partDone(length: Length, rounds: number, seconds: number): number {
  const byTime = Math.max(
    seconds / length.seconds / MOST_TIMES,
    Math.min(seconds / length.seconds, rounds / MIN_ROUNDS),
  );
  return Math.min(1, Math.max(rounds / length.rounds, byTime));
}

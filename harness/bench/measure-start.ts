// One start of Envoy with a listener for each filter and two without, and its phases. Every phase
// visits all listeners in a fresh random order, round by round, so that the machine's drift meets all
// of them alike.
import { setTimeout as sleep } from "node:timers/promises";
import type { ToolError } from "../../sdk/errors.ts";
import { bootstrap } from "../envoy/bootstrap.ts";
import { trapOf } from "../envoy/failure.ts";
import type { EnvoyLine } from "../envoy/lines.ts";
import { endedUnasked, startEnvoy, type RunningEnvoy } from "../envoy/process.ts";
import type { AccessLog } from "./access-log.ts";
import { CpuMeter } from "./cpu-meter.ts";
import { Lane, UPSTREAM_CLUSTER } from "./lane.ts";
import { BASE, CONTROL, WARM_BURST } from "./measurement.ts";
import type { PhaseRounds, StartMeasurement } from "./measurement.ts";
import {
  fixedRate,
  isWanted,
  lengthOfStart,
  type Length,
  type OnProgress,
  type Plan,
} from "./plan.ts";
import { Random } from "./random.ts";
import { visitRounds } from "./rounds.ts";
import { trapped } from "./trap.ts";
import { startUpstream } from "./upstream.ts";

/** V8 compiles a hot function anew after some hundred calls; slow filters need not take minutes. */
const WARM_UP: Length = { rounds: 75, seconds: 3 };
/** The way to the upstream is another; the filters are warm by then. */
const UPSTREAM_WARM_UP: Length = { rounds: 5, seconds: 1 };
/** How long each listener is loaded in a round of the phase without a limit. */
const SLICE_MS = 25;
/** Enough to keep a worker busy. */
const THROUGHPUT_CONNECTIONS = 16;

/** How many connections the phase without a limit uses. */
export function throughputConnections(connections: number): number {
  return Math.max(THROUGHPUT_CONNECTIONS, connections);
}

/**
 * Measures one start of the plan. Fails with what startEnvoy fails with, with ERR_FILTER_TRAPPED
 * naming the filter when one traps or gives no answer, and with the signal's reason when it is
 * aborted. Nothing is left behind in any case.
 * @param nth Which of the starts; each has another order.
 */
export async function measureStart(
  binary: string,
  plan: Plan,
  nth: number,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<StartMeasurement> {
  const random = new Random(plan.seed + 7919 * nth);
  const lanes = [null, null, ...plan.filters].map((filter, i) => {
    const name = filter?.name ?? (i === 0 ? BASE : CONTROL);
    return new Lane(i, name, filter, plan.traffic, plan.burst);
  });
  const trapLines: EnvoyLine[] = [];
  const onLine = (line: EnvoyLine): void => {
    if (trapOf(line) !== null) trapLines.push(line);
    if (line.wasm !== null) plan.onFilterLog?.(line.wasm);
    const lane = lanes.find(({ name }) => name === line.wasm?.plugin);
    if (lane !== undefined) lane.logLines++;
  };
  // Where the listeners' code and data lie follows from their order, and is another one each time.
  const placed = [...lanes];
  random.shuffle(placed);
  const upstream = await startUpstream(plan.traffic.responseBodyBytes);
  try {
    const spec = bootstrap({
      listeners: placed.map((lane) => lane.listener()),
      clusters: [{ name: UPSTREAM_CLUSTER, host: "127.0.0.1", port: upstream.port }],
    });
    const { workers: concurrency } = plan.traffic;
    const envoy = await startEnvoy({ binary, bootstrap: spec, concurrency, signal, onLine });
    const meter = await CpuMeter.ofWorkers(envoy.pid);
    const run = new Run(envoy, plan, lanes, trapLines, random, signal, onProgress);
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
  } finally {
    await upstream.stop();
  }
}

class Run {
  readonly #envoy: RunningEnvoy;
  readonly #plan: Plan;
  readonly #lanes: readonly Lane[];
  /** What Envoy has printed about traps. */
  readonly #trapLines: readonly EnvoyLine[];
  readonly #random: Random;
  readonly #signal: AbortSignal;
  readonly #onProgress: OnProgress;

  constructor(
    envoy: RunningEnvoy,
    plan: Plan,
    lanes: readonly Lane[],
    trapLines: readonly EnvoyLine[],
    random: Random,
    signal: AbortSignal,
    onProgress: OnProgress,
  ) {
    this.#envoy = envoy;
    this.#plan = plan;
    this.#lanes = lanes;
    this.#trapLines = trapLines;
    this.#random = random;
    this.#signal = signal;
    this.#onProgress = onProgress;
  }

  async measure(meter: CpuMeter | null): Promise<StartMeasurement> {
    const { lengths, starts, traffic, rates: asked } = this.#plan;
    const part = (length: Length): Length => lengthOfStart(length, starts);
    const most = isWanted(lengths.throughput) ? throughputConnections(traffic.connections) : 0;
    for (const lane of this.#lanes) await lane.connect(this.#envoy, most);

    const warmUp = await this.#phase("warm-up", WARM_UP, (lane) => lane.warmUp());
    const times: number[] = [];
    const bursts = await this.#phase(
      "bursts",
      part(lengths.bursts),
      (lane) => lane.burst(meter),
      () => times.push(performance.now()),
    );
    let sidesWarmUp = 0;
    let sides = 0;
    if (isWanted(lengths.sides)) {
      sidesWarmUp = await this.#phase("sides", UPSTREAM_WARM_UP, (lane) => lane.warmUpUpstream());
      sides = await this.#phase("sides", part(lengths.sides), (lane) => lane.sides());
    }
    const rates = !isWanted(lengths.client) ? [] : asked.length > 0 ? asked : [this.#fixedRate()];
    const each = part({ ...lengths.client, seconds: lengths.client.seconds / rates.length });
    const client: number[] = [];
    for (const [i, rate] of rates.entries()) {
      client.push(await this.#phase("fixed rate", each, (lane) => lane.paced(i, rate)));
    }
    const throughput = isWanted(lengths.throughput)
      ? await this.#phase("throughput", part(lengths.throughput), (lane) =>
          lane.saturate(SLICE_MS, meter),
        )
      : 0;

    const rounds: PhaseRounds = { bursts, sides, client, throughput };
    const warmUps = {
      bursts: warmUp * WARM_BURST.requests * traffic.connections,
      sides: sidesWarmUp * WARM_BURST.requests,
    };
    const logs = await this.#accessLogs();
    return {
      rounds,
      times,
      warmUpRequests: warmUps.bursts,
      rates,
      listeners: logs.map(({ lane, log }) => lane.samples(log, rounds, warmUps)),
    };
  }

  /** Visits the lanes round by round; returns the number of rounds. */
  #phase(
    name: string,
    length: Length,
    visit: (lane: Lane) => Promise<void>,
    onRound: () => void = () => undefined,
  ): Promise<number> {
    return visitRounds({
      items: this.#lanes,
      length,
      starts: this.#plan.starts,
      random: this.#random,
      signal: this.#signal,
      visit,
      onRound,
      lookUp: async (done) => {
        if (this.#trapLines.length > 0) throw await this.#trapped();
        this.#onProgress(name, done);
      },
    });
  }

  /** A rate that every lane can serve. */
  #fixedRate(): number {
    return fixedRate(Math.min(...this.#lanes.map((lane) => lane.capacity)));
  }

  async #accessLogs(): Promise<{ readonly lane: Lane; readonly log: AccessLog }[]> {
    await this.#envoy.reopenLogs();
    return Promise.all(
      this.#lanes.map(async (lane) => ({ lane, log: await lane.accessLog(this.#envoy) })),
    );
  }

  async #trapped(): Promise<ToolError> {
    const logs = await this.#accessLogs();
    const lane = logs.find(({ log }) => log.traps > 0)?.lane;
    const names = this.#plan.filters.map(({ name }) => name).join(" or ");
    return trapped(this.#envoy, lane?.name ?? names, this.#trapLines[0]);
  }

  /** Why the run has failed when that is not what the client saw first. */
  async causeOfFailure(): Promise<ToolError | null> {
    // What Envoy prints, and its end, arrive after the connection's.
    const end = await Promise.race([this.#envoy.exited, sleep(250, null)]);
    if (end !== null) return endedUnasked(this.#envoy, end);
    return this.#trapLines.length > 0 ? this.#trapped().catch(() => null) : null;
  }
}

// Two addresses that run already, compared with the same statistics as filters: bursts in random
// order over a connection to each and a second one to the baseline, the A/A control.
import { availableParallelism, cpus, release, type } from "node:os";
import { errorOf, ToolError } from "../../sdk/errors.ts";
import { packageVersion } from "../../sdk/package-root.ts";
import type { AddressOptions, Target } from "./address-options.ts";
import type { AddressReport } from "./address-report.ts";
import { analyse } from "./analysis.ts";
import { Connection } from "./connection.ts";
import { burstRounds, keptOf, mergeStarts, WARM_BURST } from "./measurement.ts";
import type { ListenerSamples, StartMeasurement } from "./measurement.ts";
import { fixedRate, isWanted, lengthOfStart, type Length, type OnProgress } from "./plan.ts";
import { Random } from "./random.ts";
import { visitRounds } from "./rounds.ts";
import { CONFIDENCE } from "./student.ts";

const WARM_UP_ROUNDS = 10;

/** A report, and what ended the run early. */
export interface AddressResult {
  readonly report: AddressReport;
  readonly endedBy: Error | null;
}

/**
 * Compares the addresses. Fails with ERR_UNREACHABLE, and with the reason of the signal, before the
 * first set of connections is done; what later ones had given is kept.
 */
export async function compareAddresses(
  options: AddressOptions,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<AddressResult> {
  const startedAt = new Date();
  const starts: StartMeasurement[] = [];
  let endedBy: Error | null = null;
  let rates = options.rates;
  while (starts.length < options.starts && endedBy === null) {
    const label = `connections ${starts.length + 1} of ${options.starts}`;
    try {
      const start = await connectAndMeasure(
        { ...options, rates },
        starts.length,
        signal,
        (phase, done) => {
          onProgress(`${label}, ${phase}`, done);
        },
      );
      ({ rates } = start);
      starts.push(start);
    } catch (error) {
      if (starts.length === 0) throw error;
      endedBy = errorOf(error);
    }
  }
  const report = assemble(options, starts, startedAt, endedBy, signal.aborted);
  return { report, endedBy };
}

/** A connection, and what was measured on it. */
class Lane {
  readonly name: string;
  readonly connection: Connection;
  readonly bursts: number[] = [];
  readonly client: number[][] = [];

  constructor(name: string, connection: Connection) {
    this.name = name;
    this.connection = connection;
  }

  async burst(): Promise<void> {
    const times = await this.connection.timedBurst(WARM_BURST.requests);
    for (const ms of times.subarray(WARM_BURST.dropped)) this.bursts.push(Math.round(ms * 1e6));
  }

  async paced(nth: number, rate: number): Promise<void> {
    const times = await this.connection.paced(WARM_BURST.requests, rate);
    const latencies = (this.client[nth] ??= []);
    for (const ms of times.subarray(WARM_BURST.dropped)) latencies.push(Math.round(ms * 1e6));
  }

  samples(): ListenerSamples {
    const total = Float64Array.from(this.bursts);
    const none = new Float64Array();
    return {
      name: this.name,
      total,
      // Only Envoy's own clock could tell these apart.
      headers: total.map(() => NaN),
      body: total.map(() => NaN),
      requestSide: none,
      responseSide: none,
      cpu: null,
      client: this.client.map((latencies) => Float64Array.from(latencies)),
      throughput: { requestsPerSecond: none, cpu: null, busy: null },
      statuses: this.connection.statuses,
      logLines: 0,
    };
  }
}

async function connectAndMeasure(
  options: AddressOptions,
  nth: number,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<StartMeasurement> {
  signal.throwIfAborted();
  const { baseline, candidate, seed, starts } = options;
  const random = new Random(seed + 7919 * nth);
  const lanes: Lane[] = [];
  const phase = (
    name: string,
    length: Length,
    visit: (lane: Lane) => Promise<void>,
    onRound?: () => void,
  ): Promise<number> =>
    visitRounds({
      items: lanes,
      length,
      starts,
      random,
      signal,
      visit,
      ...(onRound === undefined ? {} : { onRound }),
      lookUp: (done) => {
        onProgress(name, done);
      },
    });
  try {
    lanes.push(new Lane("baseline", await open(baseline)));
    lanes.push(new Lane("control", await open(baseline)));
    lanes.push(new Lane("candidate", await open(candidate)));
    const began = performance.now();
    await phase("warm-up", { rounds: WARM_UP_ROUNDS, seconds: 3 }, (lane) =>
      lane.connection.burst(WARM_BURST.requests),
    );
    const perBurst = (performance.now() - began) / WARM_UP_ROUNDS / lanes.length;
    const times: number[] = [];
    const bursts = await phase(
      "bursts",
      lengthOfStart(options.bursts, starts),
      (lane) => lane.burst(),
      () => times.push(performance.now()),
    );
    const chosen = [fixedRate((1000 * WARM_BURST.requests) / perBurst)];
    const rates = !isWanted(options.client)
      ? []
      : options.rates.length > 0
        ? options.rates
        : chosen;
    const client: number[] = [];
    for (const [i, rate] of rates.entries()) {
      const { rounds, seconds } = lengthOfStart(options.client, starts);
      const length = { rounds, seconds: seconds / rates.length };
      client.push(await phase("fixed rate", length, (lane) => lane.paced(i, rate)));
    }
    return {
      rounds: { bursts, sides: 0, client, throughput: 0 },
      times,
      warmUpRequests: WARM_UP_ROUNDS * WARM_BURST.requests,
      rates,
      listeners: lanes.map((lane) => lane.samples()),
    };
  } finally {
    for (const lane of lanes) lane.connection.close();
  }
}

function open({ url, address, request, wire }: Target): Promise<Connection> {
  const failed = (what: string): ToolError =>
    new ToolError("ERR_UNREACHABLE", `${url} ${what}`, {
      hint: "it must answer every request over a connection that it keeps open; --http2 speaks HTTP/2",
    });
  return Connection.open(failed, address, request, wire);
}

function assemble(
  options: AddressOptions,
  starts: readonly StartMeasurement[],
  startedAt: Date,
  endedBy: Error | null,
  interrupted: boolean,
): AddressReport {
  const measurement = mergeStarts(starts, WARM_BURST, 1);
  const analysis = analyse(measurement, "candidate", options.seed);
  const candidate = analysis.filters[0];
  if (candidate === undefined) throw new Error("a comparison without a candidate");
  const endedEarly =
    endedBy === null
      ? null
      : `only ${starts.length} of ${options.starts} sets of connections were measured: ` +
        (interrupted ? "it was interrupted" : endedBy.message);
  return {
    schema: 1,
    kind: "addresses",
    tool: { name: "as-proxy-wasm", version: packageVersion() },
    startedAt: startedAt.toISOString(),
    durationSeconds: (Date.now() - startedAt.getTime()) / 1000,
    endedEarly,
    environment: {
      nodeVersion: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      kernel: `${type()} ${release()}`,
      cpuModel: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
    },
    method: {
      seed: options.seed,
      flags: options.flags,
      starts: starts.length,
      rounds: burstRounds(measurement),
      blocks: analysis.blocks.kind,
      rates: measurement.rates,
      confidence: CONFIDENCE,
    },
    baselineUrl: options.baseline.url,
    candidateUrl: options.candidate.url,
    baseline: analysis.base,
    control: analysis.control,
    candidate,
    verdict: candidate.verdict,
    timeLine: analysis.timeLine,
    notes: [
      ...(endedEarly === null ? [] : [endedEarly]),
      ...[measurement.base, measurement.control, ...measurement.filters].flatMap(otherAnswers),
      "the client's own noise is in all of this: where Envoy can be started here, measure the filter",
    ],
  };
}

function otherAnswers({ name, statuses, total }: ListenerSamples): string[] {
  return [...statuses]
    .filter(([status]) => status !== 200)
    .map(
      ([status, answers]) =>
        `${name} answered ${status} to ${answers} of its ${(total.length / keptOf(WARM_BURST)) * WARM_BURST.requests} requests`,
    );
}

// From samples to what the report says: added time and its interval, ratios, and whether the
// numbers can tell at all. Pure: the same measurement and seed give the same answer.
import {
  edgesOf,
  listenerReport,
  quantileDifferences,
  sampled,
  type Phases,
  type Sampled,
  type Shared,
} from "./listener-report.ts";
import { throughputConnections } from "./measure-start.ts";
import type { Measurement } from "./measurement.ts";
import { Random } from "./random.ts";
import type { Difference, Estimate, TimeLine } from "./report-parts.ts";
import type { ComparedReport, FilterReport, ListenerReport, Meters } from "./report.ts";
import { Resampling, UNKNOWN, type Statistic } from "./resampling.ts";
import type { Blocks, BlockedSample } from "./statistics.ts";
import { farEnd, resolvable, verdictBetween, verdictOn } from "./verdict.ts";

/** A filter's part of the report that follows from the samples. */
export type FilterAnalysis = Omit<
  FilterReport,
  "module" | "memoryPerVmBytes" | "loadTimeNs" | "counts"
>;

/** The part of the report that follows from the samples. */
export interface Analysis {
  readonly blocks: Pick<Blocks, "kind" | "count">;
  readonly noiseFloor: Meters<number | null>;
  readonly base: ListenerReport;
  readonly control: ComparedReport;
  readonly filters: readonly FilterAnalysis[];
  readonly timeLine: TimeLine;
  /** Of each filter to each of the references that were asked for. */
  readonly ratios: readonly FilterRatio[];
}

/** What one filter adds, divided by what another one adds. */
export interface FilterRatio {
  readonly of: string;
  readonly to: string;
  readonly timeNs: Estimate;
  readonly cpuNs: Estimate;
}

/**
 * @param baseline The name of the filter that ratios are to.
 * @param references Filters that budgets name.
 */
export function analyse(
  measurement: Measurement,
  baseline: string,
  seed: number,
  references: readonly string[] = [],
): Analysis {
  const phases = phasesOf(measurement, seed);
  const listeners = [measurement.base, measurement.control, ...measurement.filters];
  const shared: Shared = {
    phases,
    rates: measurement.rates,
    connections: throughputConnections(measurement.connections),
    timeEdges: edgesOf(listeners.map(({ total }) => total)),
    clientEdges: measurement.rates.map((_, rate) =>
      edgesOf(listeners.map(({ client }) => client[rate] ?? new Float64Array())),
    ),
  };
  const base = sampled(measurement.base, phases);
  const compare = (samples: Measurement["base"]): Comparison => {
    const own = sampled(samples, phases);
    const statistics = differences(own, base, phases);
    return { own, statistics, estimates: mapMeters(statistics, estimatesWith(phases)) };
  };
  const control = compare(measurement.control);
  const noise = control.estimates;
  const controlQuantiles = quantileDifferences(control.own.total, base.total, phases.bursts, null);
  const controlReport: ComparedReport = {
    ...listenerReport(control.own, base, shared, null),
    added: mapMeters(noise, (estimate) => judged(estimate, estimate)),
    addedQuantiles: controlQuantiles,
  };
  const rateFloors = controlReport.rates.map(({ added }) => added);
  const filters = measurement.filters.map(compare);
  const reference = filters.find(({ own }) => own.samples.name === baseline);
  return {
    blocks: { kind: phases.bursts.blocks.kind, count: phases.bursts.blocks.count },
    noiseFloor: mapMeters(noise, farEnd),
    base: listenerReport(base, null, shared, null),
    control: controlReport,
    filters: filters.map((one) => {
      const added = mapMeters(one.estimates, (estimate, meter) => judged(estimate, noise[meter]));
      const { name } = one.own.samples;
      return {
        ...listenerReport(one.own, base, shared, rateFloors),
        added,
        addedQuantiles: quantileDifferences(
          one.own.total,
          base.total,
          phases.bursts,
          controlQuantiles,
        ),
        verdict: verdictOn(name, added.timeNs, farEnd(noise.timeNs)),
        ...(reference === undefined || reference === one
          ? { versusBaseline: null, baselineVerdict: null, timeRatio: null, cpuRatio: null }
          : against(one, reference, phases.bursts, noise.timeNs)),
      };
    }),
    timeLine: timeLineOf(measurement),
    ratios: references.flatMap((to) => {
      const under = filters.find(({ own }) => own.samples.name === to);
      if (under === undefined) return [];
      return filters.map((over) => ({
        of: over.own.samples.name,
        to,
        timeNs: ratioOf(phases.bursts, over, under, "timeNs"),
        cpuNs: ratioOf(phases.bursts, over, under, "cpuNs"),
      }));
    }),
  };
}

/** One listener against base: null where a meter did not measure, or not often enough. */
interface Comparison {
  readonly own: Sampled;
  readonly statistics: Meters<Statistic | null>;
  readonly estimates: Meters<Estimate>;
}

function phasesOf(measurement: Measurement, seed: number): Phases {
  const random = new Random(seed);
  const resampling = (rounds: readonly number[]): Resampling => new Resampling(rounds, random);
  return {
    bursts: resampling(measurement.rounds.map(({ bursts }) => bursts)),
    sides: resampling(measurement.rounds.map(({ sides }) => sides)),
    client: measurement.rates.map((_, rate) =>
      resampling(measurement.rounds.map(({ client }) => client[rate] ?? 0)),
    ),
    throughput: resampling(measurement.rounds.map(({ throughput }) => throughput)),
  };
}

function differences(own: Sampled, base: Sampled, phases: Phases): Meters<Statistic | null> {
  const { bursts, sides } = phases;
  const [mine, other] = [own.samples, base.samples];
  const client = phases.client[0];
  const [latency, baseLatency] = [mine.client[0], other.client[0]];
  return {
    timeNs: bursts.paired(mine.total, other.total),
    headersTimeNs: bursts.paired(mine.headers, other.headers),
    bodyTimeNs: bursts.paired(mine.body, other.body),
    requestTimeNs: sides.paired(mine.requestSide, other.requestSide),
    responseTimeNs: sides.paired(mine.responseSide, other.responseSide),
    timeP99Ns: quantileDifference(own.total, base.total, 0.99),
    cpuNs: mine.cpu === null || other.cpu === null ? null : bursts.paired(mine.cpu, other.cpu),
    clientNs:
      client === undefined || latency === undefined || baseLatency === undefined
        ? null
        : client.paired(latency, baseLatency),
    clientP99Ns: quantileDifference(own.client[0], base.client[0], 0.99),
  };
}

/** How much higher a quantile over single requests is. */
function quantileDifference(
  own: BlockedSample | undefined,
  other: BlockedSample | undefined,
  probability: number,
): Statistic | null {
  if (own?.supports(probability) !== true || other?.supports(probability) !== true) return null;
  return (weights) => own.quantile(probability, weights) - other.quantile(probability, weights);
}

function estimatesWith(phases: Phases) {
  return (statistic: Statistic | null, meter: keyof Meters<unknown>): Estimate => {
    const resampling = meter.startsWith("client")
      ? phases.client[0]
      : meter === "requestTimeNs" || meter === "responseTimeNs"
        ? phases.sides
        : phases.bursts;
    return resampling?.estimate(statistic) ?? UNKNOWN;
  };
}

/** One filter against the filter that ratios are to. */
function against(
  one: Comparison,
  reference: Comparison,
  bursts: Resampling,
  noise: Estimate,
): Pick<FilterAnalysis, "versusBaseline" | "baselineVerdict" | "timeRatio" | "cpuRatio"> {
  const [own, other] = [one.own.samples, reference.own.samples];
  const difference = judged(bursts.estimate(bursts.paired(own.total, other.total)), noise);
  return {
    versusBaseline: difference,
    baselineVerdict: verdictBetween(own.name, other.name, difference, farEnd(noise)),
    timeRatio: ratioOf(bursts, one, reference, "timeNs"),
    cpuRatio: ratioOf(bursts, one, reference, "cpuNs"),
  };
}

function ratioOf(
  bursts: Resampling,
  one: Comparison,
  reference: Comparison,
  meter: "timeNs" | "cpuNs",
): Estimate {
  const [over, under] = [one.statistics[meter], reference.statistics[meter]];
  // Of what may be nothing there is no multiple.
  if (over === null || under === null || !((reference.estimates[meter].low ?? 0) > 0)) {
    return UNKNOWN;
  }
  return bursts.estimate((weights) => over(weights) / under(weights));
}

/** Says whether an estimate tells more than that there is noise. */
function judged(estimate: Estimate, control: Estimate): Difference {
  return { ...estimate, resolvable: resolvable(estimate, control) };
}

function timeLineOf({ rounds, times }: Measurement): TimeLine {
  let first = 0;
  return {
    atSeconds: times.map((time) => Math.round(time - (times[0] ?? 0)) / 1000),
    starts: rounds.map(({ bursts }) => (first += bursts) - bursts),
  };
}

/** Maps the value of each meter. */
export function mapMeters<From, To>(
  meters: Meters<From>,
  map: (value: From, meter: keyof Meters<From>) => To,
): Meters<To> {
  return {
    timeNs: map(meters.timeNs, "timeNs"),
    headersTimeNs: map(meters.headersTimeNs, "headersTimeNs"),
    bodyTimeNs: map(meters.bodyTimeNs, "bodyTimeNs"),
    requestTimeNs: map(meters.requestTimeNs, "requestTimeNs"),
    responseTimeNs: map(meters.responseTimeNs, "responseTimeNs"),
    timeP99Ns: map(meters.timeP99Ns, "timeP99Ns"),
    cpuNs: map(meters.cpuNs, "cpuNs"),
    clientNs: map(meters.clientNs, "clientNs"),
    clientP99Ns: map(meters.clientP99Ns, "clientP99Ns"),
  };
}

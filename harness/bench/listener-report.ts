// What the report says of one listener by itself, and of its quantiles beside base's.
import { finiteOrNull, UNKNOWN, type Resampling } from "./resampling.ts";
import type { ListenerSamples } from "./measurement.ts";
import type {
  BurstSeries,
  Histogram,
  QuantileDifference,
  QuantileEstimate,
  RateReport,
  ThroughputReport,
} from "./report-parts.ts";
import type { ListenerReport } from "./report.ts";
import { median, quantileOf, type BlockedSample } from "./statistics.ts";
import { resolvable } from "./verdict.ts";

/** The quantiles that are reported where the sample supports them. */
const PROBABILITIES = [0.5, 0.9, 0.99, 0.999];

/** Enough to see two humps, few enough to read. */
const BUCKETS = 60;
/** Beyond these the first and the last bucket hold what there is. */
const HISTOGRAM_RANGE = [0.0005, 0.998] as const;

/** A listener's samples by phase, each ready to be reweighted. */
export interface Sampled {
  readonly samples: ListenerSamples;
  readonly total: BlockedSample;
  /** By rate. */
  readonly client: readonly BlockedSample[];
}

/** How the phases of a run are resampled. */
export interface Phases {
  readonly bursts: Resampling;
  readonly sides: Resampling;
  readonly client: readonly Resampling[];
  readonly throughput: Resampling;
}

/** What all listeners of a report share. */
export interface Shared {
  readonly phases: Phases;
  readonly rates: readonly number[];
  readonly connections: number;
  readonly timeEdges: readonly number[];
  /** By rate. */
  readonly clientEdges: readonly (readonly number[])[];
}

/** Sorts a listener's samples. */
export function sampled(samples: ListenerSamples, phases: Phases): Sampled {
  return {
    samples,
    total: phases.bursts.sample(samples.total),
    client: samples.client.map((latencies, rate) =>
      (phases.client[rate] ?? phases.bursts).sample(latencies),
    ),
  };
}

/** The edges of histograms that shall be compared: from all their values. */
export function edgesOf(samples: readonly Float64Array[]): readonly number[] {
  const all = Float64Array.from(samples.flatMap((values) => [...values])).sort();
  const [low, high] = HISTOGRAM_RANGE.map((probability) =>
    Math.max(1, Math.round(quantileOf(all, probability))),
  );
  if (all.length === 0 || low === undefined || high === undefined) return [];
  const ratio = (Math.max(high, low + 1) / low) ** (1 / BUCKETS);
  const edges = Array.from({ length: BUCKETS + 1 }, (_, i) => Math.round(low * ratio ** i));
  // Rounded edges may coincide where values are few and small.
  return edges.filter((edge, i) => i === 0 || edge > (edges[i - 1] ?? 0));
}

/** @param other base, with which throughput and rates are compared; null for base itself. */
export function listenerReport(
  own: Sampled,
  other: Sampled | null,
  shared: Shared,
  rateFloors: readonly (readonly QuantileDifference[])[] | null,
): ListenerReport {
  const { samples, total, client } = own;
  const plain = (sample: BlockedSample | undefined, probability: number): number | null =>
    sample?.supports(probability) === true ? finiteOrNull(sample.quantile(probability)) : null;
  return {
    name: samples.name,
    statuses: Object.fromEntries([...samples.statuses].sort(([a], [b]) => a - b)),
    timeP50Ns: plain(total, 0.5),
    timeP99Ns: plain(total, 0.99),
    cpuNs: samples.cpu === null ? null : finiteOrNull(median(samples.cpu)),
    clientP50Ns: plain(client[0], 0.5),
    clientP99Ns: plain(client[0], 0.99),
    quantiles: quantiles(total, shared.phases.bursts),
    histogram: histogram(samples.total, shared.timeEdges),
    series: series(samples, shared.phases.bursts.blocks.ofRound.length),
    rates: client.map((sample, i) =>
      rateReport(sample, other?.client[i] ?? null, i, samples, shared, rateFloors?.[i] ?? null),
    ),
    throughput: throughput(samples, other?.samples ?? null, shared),
  };
}

function rateReport(
  sample: BlockedSample,
  base: BlockedSample | null,
  rate: number,
  samples: ListenerSamples,
  shared: Shared,
  floors: readonly QuantileDifference[] | null,
): RateReport {
  const resampling = shared.phases.client[rate] ?? shared.phases.bursts;
  return {
    perSecond: shared.rates[rate] ?? NaN,
    requests: sample.size,
    quantiles: quantiles(sample, resampling),
    histogram: histogram(
      samples.client[rate] ?? new Float64Array(),
      shared.clientEdges[rate] ?? [],
    ),
    added: base === null ? [] : quantileDifferences(sample, base, resampling, floors),
  };
}

function quantiles(sample: BlockedSample, resampling: Resampling): readonly QuantileEstimate[] {
  return PROBABILITIES.filter((probability) => sample.supports(probability)).map((probability) => ({
    probability,
    ...resampling.estimate((weights) => sample.quantile(probability, weights)),
  }));
}

/** @param floors The control's differences, which say what is noise; null for the control itself. */
export function quantileDifferences(
  own: BlockedSample,
  base: BlockedSample,
  resampling: Resampling,
  floors: readonly QuantileDifference[] | null,
): readonly QuantileDifference[] {
  return PROBABILITIES.filter((p) => own.supports(p) && base.supports(p)).map((probability) => {
    const estimate = resampling.estimate(
      (weights) => own.quantile(probability, weights) - base.quantile(probability, weights),
    );
    const floor = floors?.find((one) => one.probability === probability) ?? estimate;
    return { probability, ...estimate, resolvable: resolvable(estimate, floor) };
  });
}

function histogram(values: Float64Array, edges: readonly number[]): Histogram {
  const counts = new Array<number>(Math.max(0, edges.length - 1)).fill(0);
  const sorted = Float64Array.from(values).sort();
  let bucket = 0;
  for (const value of sorted) {
    while (bucket < counts.length - 1 && value >= (edges[bucket + 1] ?? Infinity)) bucket++;
    if (counts.length > 0) counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return { edges, counts };
}

function series(samples: ListenerSamples, rounds: number): BurstSeries {
  const perRound = samples.total.length / rounds;
  const bursts = Array.from({ length: rounds }, (_, round) =>
    samples.total.subarray(round * perRound, (round + 1) * perRound),
  );
  return {
    timeNs: bursts.map((burst) => median(burst)),
    timeMaxNs: bursts.map((burst) => Math.max(...burst)),
    cpuNs: samples.cpu === null ? null : Array.from(samples.cpu, Math.round),
  };
}

function throughput(
  { throughput: own }: ListenerSamples,
  base: ListenerSamples | null,
  { phases, connections }: Shared,
): ThroughputReport | null {
  const resampling = phases.throughput;
  if (own.requestsPerSecond.length === 0) return null;
  const ratio =
    base === null
      ? null
      : resampling.paired(
          own.requestsPerSecond,
          base.throughput.requestsPerSecond,
          (mine, other) => mine / other,
        );
  return {
    connections,
    requestsPerSecond: resampling.estimate(resampling.middle(own.requestsPerSecond)),
    ratio: base === null ? null : resampling.estimate(ratio),
    cpuNs: own.cpu === null ? null : resampling.estimate(resampling.middle(own.cpu)),
    workerBusy:
      own.busy === null
        ? null
        : (resampling.estimate(resampling.middle(own.busy)).value ?? UNKNOWN.value),
  };
}

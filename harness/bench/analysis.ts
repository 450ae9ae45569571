// From samples to what the report says: added time and its interval, ratios, and whether the
// numbers can tell at all. Pure: the same measurement and seed give the same answer.
import { KEPT, type ListenerSamples, type Measurement } from "./measurement.ts";
import { Random } from "./random.ts";
import type {
  ComparedReport,
  Difference,
  Estimate,
  FilterReport,
  ListenerReport,
  Meters,
} from "./report.ts";
import {
  blockCount,
  BlockedSample,
  bootstrapInterval,
  median,
  resampleBlocks,
  type BlockWeights,
} from "./statistics.ts";

export const CONFIDENCE = 0.95;
export const RESAMPLES = 1000;

/** A filter's part of the report that follows from the samples. */
export type FilterAnalysis = Omit<FilterReport, "module" | "memoryPerVmBytes">;

/** The part of the report that follows from the samples. */
export interface Analysis {
  readonly noiseFloor: Meters<number | null>;
  readonly base: ListenerReport;
  readonly control: ComparedReport;
  readonly filters: readonly FilterAnalysis[];
}

/** A number that follows from some blocks of rounds, each counted so many times. */
type Statistic = (weights?: BlockWeights) => number;

/** @param baseline The name of the filter that ratios are to. */
export function analyse(measurement: Measurement, baseline: string, seed: number): Analysis {
  const random = new Random(seed);
  const bursts = new Resampling(measurement.rounds, random);
  const client = new Resampling(measurement.clientRounds, random);
  const compare = (samples: ListenerSamples): Comparison => {
    const statistics = differences(samples, measurement.base, bursts, client);
    const estimates: Meters<Estimate> = {
      timeNs: bursts.estimate(statistics.timeNs),
      headersTimeNs: bursts.estimate(statistics.headersTimeNs),
      bodyTimeNs: bursts.estimate(statistics.bodyTimeNs),
      timeP99Ns: bursts.estimate(statistics.timeP99Ns),
      cpuNs: bursts.estimate(statistics.cpuNs),
      clientNs: client.estimate(statistics.clientNs),
      clientP99Ns: client.estimate(statistics.clientP99Ns),
    };
    return { samples, statistics, estimates };
  };

  const control = compare(measurement.control);
  const noiseFloor = mapMeters(control.estimates, farEnd);
  const report = (one: Comparison): ComparedReport => ({
    ...listenerReport(one.samples),
    added: mapMeters(one.estimates, (estimate, meter) => judge(estimate, noiseFloor[meter])),
  });
  const filters = measurement.filters.map(compare);
  const reference = filters.find(({ samples }) => samples.name === baseline);
  const ratio = (one: Comparison, meter: "timeNs" | "cpuNs"): Estimate | null =>
    reference === undefined || one === reference ? null : ratioOf(bursts, one, reference, meter);
  return {
    noiseFloor,
    base: listenerReport(measurement.base),
    control: report(control),
    filters: filters.map((one) => ({
      ...report(one),
      timeRatio: ratio(one, "timeNs"),
      cpuRatio: ratio(one, "cpuNs"),
    })),
  };
}

/** One listener against base: null where a meter did not measure, or not often enough. */
interface Comparison {
  readonly samples: ListenerSamples;
  readonly statistics: Meters<Statistic | null>;
  readonly estimates: Meters<Estimate>;
}

function differences(
  samples: ListenerSamples,
  base: ListenerSamples,
  bursts: Resampling,
  client: Resampling,
): Meters<Statistic | null> {
  return {
    timeNs: bursts.pairedMedian(samples.total, base.total, KEPT),
    headersTimeNs: bursts.pairedMedian(samples.headers, base.headers, KEPT),
    bodyTimeNs: bursts.pairedMedian(samples.body, base.body, KEPT),
    timeP99Ns: bursts.quantileDifference(samples.total, base.total, 0.99),
    cpuNs:
      samples.cpu === null || base.cpu === null
        ? null
        : bursts.pairedMedian(samples.cpu, base.cpu, 1),
    clientNs: client.pairedMedian(samples.client, base.client, KEPT),
    clientP99Ns: client.quantileDifference(samples.client, base.client, 0.99),
  };
}

const UNKNOWN: Estimate = { value: null, low: null, high: null };

/** The blocks of a phase's rounds, drawn once for all that is estimated from them. */
class Resampling {
  readonly #blocks: number;
  readonly #resamples: readonly BlockWeights[];

  constructor(rounds: number, random: Random) {
    this.#blocks = blockCount(rounds);
    this.#resamples = resampleBlocks(this.#blocks, RESAMPLES, random);
  }

  /** The median over the rounds of how much higher the medians of the bursts are. */
  pairedMedian(samples: Float64Array, base: Float64Array, perRound: number): Statistic | null {
    const others = roundMedians(base, perRound);
    const paired = roundMedians(samples, perRound).map(
      (own, round) => own - (others[round] ?? NaN),
    );
    if (paired.length === 0 || paired.some(Number.isNaN)) return null;
    const sample = new BlockedSample(paired, 1, this.#blocks);
    return (weights) => sample.quantile(0.5, weights);
  }

  /** How much higher a quantile over single requests is. */
  quantileDifference(
    samples: Float64Array,
    base: Float64Array,
    probability: number,
  ): Statistic | null {
    const [own, other] = [samples, base].map(
      (values) => new BlockedSample(values, KEPT, this.#blocks),
    );
    if (own?.supports(probability) !== true || other?.supports(probability) !== true) return null;
    return (weights) => own.quantile(probability, weights) - other.quantile(probability, weights);
  }

  estimate(statistic: Statistic | null): Estimate {
    if (statistic === null) return UNKNOWN;
    const interval = bootstrapInterval(this.#resamples, CONFIDENCE, statistic);
    return {
      value: finiteOrNull(statistic()),
      low: interval?.low ?? null,
      high: interval?.high ?? null,
    };
  }
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
function judge(estimate: Estimate, floor: number | null): Difference {
  const { value, low, high } = estimate;
  const known = value !== null && low !== null && high !== null && floor !== null;
  const resolvable = known && (low > 0 || high < 0) && Math.abs(value) > floor;
  return { ...estimate, resolvable };
}

function farEnd({ low, high }: Estimate): number | null {
  return low === null || high === null ? null : Math.max(Math.abs(low), Math.abs(high));
}

function listenerReport(samples: ListenerSamples): ListenerReport {
  const quantile = (values: Float64Array, probability: number): number | null => {
    const sample = new BlockedSample(values, 1, 1);
    return sample.supports(probability) ? finiteOrNull(sample.quantile(probability)) : null;
  };
  return {
    name: samples.name,
    statuses: Object.fromEntries([...samples.statuses].sort(([a], [b]) => a - b)),
    timeP50Ns: quantile(samples.total, 0.5),
    timeP99Ns: quantile(samples.total, 0.99),
    cpuNs: samples.cpu === null ? null : finiteOrNull(median(samples.cpu)),
    clientP50Ns: quantile(samples.client, 0.5),
    clientP99Ns: quantile(samples.client, 0.99),
  };
}

function mapMeters<From, To>(
  meters: Meters<From>,
  map: (value: From, meter: keyof Meters<From>) => To,
): Meters<To> {
  return {
    timeNs: map(meters.timeNs, "timeNs"),
    headersTimeNs: map(meters.headersTimeNs, "headersTimeNs"),
    bodyTimeNs: map(meters.bodyTimeNs, "bodyTimeNs"),
    timeP99Ns: map(meters.timeP99Ns, "timeP99Ns"),
    cpuNs: map(meters.cpuNs, "cpuNs"),
    clientNs: map(meters.clientNs, "clientNs"),
    clientP99Ns: map(meters.clientP99Ns, "clientP99Ns"),
  };
}

/** The median of each round's values. */
function roundMedians(values: Float64Array, perRound: number): Float64Array {
  return Float64Array.from({ length: values.length / perRound }, (_, round) =>
    median(values.subarray(round * perRound, (round + 1) * perRound)),
  );
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

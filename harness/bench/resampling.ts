// One phase of a run, cut into blocks that are drawn once for all that is estimated from them.
import type { Random } from "./random.ts";
import type { Estimate } from "./report-parts.ts";
import {
  BlockedSample,
  blocksOf,
  bootstrapInterval,
  median,
  resampleBlocks,
  supportsIntervals,
  type Blocks,
  type BlockWeights,
} from "./statistics.ts";

/** How often blocks are drawn for an interval. */
export const RESAMPLES = 1000;

/** A number that follows from some blocks of rounds, each counted so many times. */
export type Statistic = (weights?: BlockWeights) => number;

/** What cannot be told. */
export const UNKNOWN: Estimate = { value: null, low: null, high: null };

/** Estimates what follows from the rounds of a phase. */
export class Resampling {
  readonly blocks: Blocks;
  readonly #rounds: readonly number[];
  readonly #resamples: readonly BlockWeights[];

  /** @param rounds How many rounds each start has. */
  constructor(rounds: readonly number[], random: Random) {
    this.blocks = blocksOf(rounds);
    this.#rounds = rounds;
    this.#resamples = supportsIntervals(this.blocks)
      ? resampleBlocks(this.blocks.count, RESAMPLES, random)
      : [];
  }

  /**
   * How the median of a burst compares with that of base's burst in the same round: the median over
   * the rounds of a start, and the mean over the starts. Null when a burst has no time.
   */
  paired(
    samples: Float64Array,
    base: Float64Array,
    compare: (own: number, base: number) => number = (own, other) => own - other,
  ): Statistic | null {
    const others = this.#roundMedians(base);
    return this.#middle(
      this.#roundMedians(samples).map((own, round) => compare(own, others[round] ?? NaN)),
    );
  }

  /** The same of one listener by itself. */
  middle(samples: Float64Array): Statistic | null {
    return this.#middle(this.#roundMedians(samples));
  }

  /** All values, in blocks. */
  sample(values: Float64Array): BlockedSample {
    return new BlockedSample(values, this.#perRound(values), this.blocks);
  }

  /** The value of a statistic with its interval, where there is one. */
  estimate(statistic: Statistic | null): Estimate {
    if (statistic === null) return UNKNOWN;
    const value = finiteOrNull(statistic());
    const interval = bootstrapInterval(this.#resamples, this.blocks.count, statistic);
    return { value, low: interval?.low ?? null, high: interval?.high ?? null };
  }

  #middle(values: Float64Array): Statistic | null {
    if (values.length === 0 || values.some(Number.isNaN)) return null;
    if (this.blocks.kind === "stretches") {
      const sample = new BlockedSample(values, 1, this.blocks);
      return (weights) => sample.quantile(0.5, weights);
    }
    let from = 0;
    const middles = this.#rounds.map((rounds) => median(values.subarray(from, (from += rounds))));
    return (weights) => weightedMean(middles, weights);
  }

  /** The median of each round's values. */
  #roundMedians(values: Float64Array): Float64Array {
    const perRound = this.#perRound(values);
    if (perRound === 1) return values;
    return Float64Array.from({ length: values.length / perRound }, (_, round) =>
      median(values.subarray(round * perRound, (round + 1) * perRound)),
    );
  }

  #perRound(values: Float64Array): number {
    return values.length / this.blocks.ofRound.length;
  }
}

function weightedMean(values: readonly number[], weights?: BlockWeights): number {
  let sum = 0;
  let weight = 0;
  values.forEach((value, i) => {
    const times = weights === undefined ? 1 : (weights[i] ?? 0);
    sum += times * value;
    weight += times;
  });
  return sum / weight;
}

/** The value, or null where there is none. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

// Quantiles and their block-bootstrap intervals. Measurements that follow one another are alike (the
// machine's speed drifts), and those of one process are alike (where its start put code and data in
// memory): so what is resampled is not the single value but the block, a whole start of Envoy. One
// set of resamples serves every statistic of a run: differences and ratios of listeners stay paired,
// because each resample weighs the same blocks in all of them.
import { Random } from "./random.ts";
import { studentQuantile } from "./student.ts";

/** An interval that holds the true value with the confidence that was asked for. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** From so many starts on the blocks are the starts. */
export const MIN_STARTS = 6;

/** Below this number of stretches a bootstrap says nothing. */
export const MIN_STRETCHES = 10;

/** Longer stretches hold more of what makes neighbours alike; with 50, intervals held the truth too seldom. */
const MOST_STRETCHES = 20;

/** A quantile is reported only when at least this many values lie beyond it. */
export const MIN_TAIL_VALUES = 20;

/** How often each block counts: one entry a block. */
export type BlockWeights = Uint16Array;

/** How rounds are cut into blocks. */
export interface Blocks {
  readonly kind: "starts" | "stretches";
  readonly count: number;
  /** Of each round the block that it is in. */
  readonly ofRound: Uint16Array;
}

/**
 * Cuts rounds into blocks: a block is a start where there are enough of them, else a stretch of
 * consecutive rounds. Then an interval cannot know how starts differ.
 * @param rounds How many rounds each start has.
 */
export function blocksOf(rounds: readonly number[]): Blocks {
  const total = rounds.reduce((sum, one) => sum + one, 0);
  if (rounds.length >= MIN_STARTS) {
    const starts = rounds.flatMap((count, start) => Array.from({ length: count }, () => start));
    return { kind: "starts", count: rounds.length, ofRound: Uint16Array.from(starts) };
  }
  const count = Math.min(MOST_STRETCHES, Math.floor(total / 2));
  const ofRound = Uint16Array.from({ length: total }, (_, round) =>
    Math.floor((round * count) / total),
  );
  return { kind: "stretches", count, ofRound };
}

/** Whether there are enough blocks for an interval. */
export function supportsIntervals(blocks: Blocks): boolean {
  return blocks.count >= (blocks.kind === "starts" ? MIN_STARTS : MIN_STRETCHES);
}

/** Values sorted once, each knowing its block, so that a reweighted quantile is one walk. */
export class BlockedSample {
  readonly #sorted: Float64Array;
  readonly #blockOf: Uint16Array;
  readonly #blockSizes: Uint32Array;

  /**
   * @param values In the order in which they were measured.
   * @param perRound How many values each round gave.
   */
  constructor(values: ArrayLike<number>, perRound: number, blocks: Blocks) {
    const count = values.length;
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    this.#sorted = new Float64Array(count);
    this.#blockOf = new Uint16Array(count);
    this.#blockSizes = new Uint32Array(blocks.count);
    order.forEach((from, to) => {
      const block = blocks.ofRound[Math.floor(from / perRound)] ?? 0;
      this.#sorted[to] = values[from] ?? 0;
      this.#blockOf[to] = block;
      this.#blockSizes[block] = (this.#blockSizes[block] ?? 0) + 1;
    });
  }

  get size(): number {
    return this.#sorted.length;
  }

  /** Whether enough values lie beyond the quantile on both of its sides. */
  supports(probability: number): boolean {
    return this.size * Math.min(probability, 1 - probability) >= MIN_TAIL_VALUES;
  }

  /**
   * The smallest value that at least this share of the weighted values does not exceed (nearest
   * rank). NaN when nothing has weight. Without weights each block counts once.
   */
  quantile(probability: number, weights?: BlockWeights): number {
    const sorted = this.#sorted;
    const blockOf = this.#blockOf;
    let total = this.size;
    if (weights !== undefined) {
      total = 0;
      for (let b = 0; b < weights.length; b++) {
        total += (weights[b] ?? 0) * (this.#blockSizes[b] ?? 0);
      }
    }
    if (total === 0) return NaN;
    const rank = Math.max(1, Math.ceil(probability * total));
    if (weights === undefined) return sorted[rank - 1] ?? NaN;
    if (probability <= 0.5) {
      let below = 0;
      for (let i = 0; i < sorted.length; i++) {
        below += weights[blockOf[i] ?? 0] ?? 0;
        if (below >= rank) return sorted[i] ?? NaN;
      }
    } else {
      let above = 0;
      for (let i = sorted.length - 1; i >= 0; i--) {
        above += weights[blockOf[i] ?? 0] ?? 0;
        if (above > total - rank) return sorted[i] ?? NaN;
      }
    }
    return NaN;
  }
}

/** The middle value; of an even number of values, the lower of the two in the middle. NaN of none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? NaN;
}

/** A quantile of values that are sorted, by nearest rank. NaN of none. */
export function quantileOf(sorted: ArrayLike<number>, probability: number): number {
  return sorted[Math.max(1, Math.ceil(probability * sorted.length)) - 1] ?? NaN;
}

/** The fewest rounds that give enough stretches. */
export const MIN_ROUNDS = 2 * MIN_STRETCHES;

/** Draws blocks with replacement, as often as there are blocks; one weight vector a resample. */
export function resampleBlocks(
  blocks: number,
  resamples: number,
  random: Random,
): readonly BlockWeights[] {
  return Array.from({ length: resamples }, () => {
    const weights = new Uint16Array(blocks);
    for (let draw = 0; draw < blocks; draw++) {
      const block = random.below(blocks);
      weights[block] = (weights[block] ?? 0) + 1;
    }
    return weights;
  });
}

/**
 * The interval of a statistic: its value give or take the spread of the resamples, widened as
 * Student's t does for a spread that was itself estimated from so few blocks. Null when the statistic
 * is not finite in one of them. (Percentiles of the resamples are too narrow with ten blocks: they
 * held the truth 92 to 94 times in a hundred, this 94 to 96; see scripts/validate-statistics.mjs.)
 * @param blocks How many blocks each resample draws.
 */
export function bootstrapInterval(
  resamples: readonly BlockWeights[],
  blocks: number,
  statistic: (weights?: BlockWeights) => number,
): Interval | null {
  const value = statistic();
  const values = Float64Array.from(resamples, (weights) => statistic(weights));
  if (values.length < 2 || !values.every(Number.isFinite) || !Number.isFinite(value)) return null;
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  // Drawing with replacement from n blocks varies by n - 1 parts of n of what n new blocks would.
  const variance = (squares / (values.length - 1)) * (blocks / (blocks - 1));
  const half = studentQuantile(blocks - 1) * Math.sqrt(variance);
  return { low: value - half, high: value + half };
}

// Quantiles and their block-bootstrap intervals. Measurements that follow one another are alike (the
// machine's speed drifts), so what is resampled is not the single value but the block: a stretch of
// consecutive rounds. One set of resamples serves every statistic of a run: differences and ratios
// of listeners stay paired, because each resample weighs the same blocks in all of them.
import { Random } from "./random.ts";

/** An interval that holds the true value with the confidence that was asked for. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Below this number of blocks a bootstrap says nothing. */
export const MIN_BLOCKS = 10;

/** A quantile is reported only when at least this many values lie beyond it. */
export const MIN_TAIL_VALUES = 20;

/** How often each block counts: one entry a block. */
export type BlockWeights = Uint16Array;

/** Values sorted once, each knowing its block, so that a reweighted quantile is one walk. */
export class BlockedSample {
  readonly #sorted: Float64Array;
  readonly #blockOf: Uint16Array;
  readonly #blockSizes: Uint32Array;

  /**
   * @param values In the order in which they were measured.
   * @param perRound How many values each round gave.
   * @param blocks Each block is a stretch of consecutive rounds, of equal length but for rounding.
   */
  constructor(values: ArrayLike<number>, perRound: number, blocks: number) {
    const count = values.length;
    const rounds = count / perRound;
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
    this.#sorted = new Float64Array(count);
    this.#blockOf = new Uint16Array(count);
    this.#blockSizes = new Uint32Array(blocks);
    order.forEach((from, to) => {
      const block = Math.floor((Math.floor(from / perRound) * blocks) / rounds);
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

/** The fewest rounds that give enough blocks. */
export const MIN_ROUNDS = 2 * MIN_BLOCKS;

/** Into how many blocks a number of rounds is cut: enough to resample, long enough to hold drift. */
export function blockCount(rounds: number): number {
  return Math.min(75, Math.floor(rounds / 2));
}

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
 * The percentile interval of a statistic over the resamples; null when there are too few blocks, or
 * when the statistic is not finite in too many resamples to place both ends.
 * @param confidence For example 0.95.
 */
export function bootstrapInterval(
  resamples: readonly BlockWeights[],
  confidence: number,
  statistic: (weights: BlockWeights) => number,
): Interval | null {
  const blocks = resamples[0]?.length ?? 0;
  if (blocks < MIN_BLOCKS) return null;
  const values = Float64Array.from(resamples, statistic);
  if (!values.every(Number.isFinite)) return null;
  values.sort();
  const tail = (1 - confidence) / 2;
  const low = values[Math.floor(tail * values.length)];
  const high = values[values.length - 1 - Math.floor(tail * values.length)];
  return low === undefined || high === undefined ? null : { low, high };
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "./random.ts";
import {
  blockCount,
  BlockedSample,
  bootstrapInterval,
  median,
  MIN_BLOCKS,
  resampleBlocks,
} from "./statistics.ts";

test("the median of known values", () => {
  assert.equal(median([3]), 3);
  assert.equal(median([5, 1, 3]), 3);
  assert.equal(median([4, 1, 3, 2]), 2);
  assert.equal(median([-1, -10, -2]), -2);
  assert.ok(Number.isNaN(median([])));
});

test("quantiles by nearest rank", () => {
  const hundred = new BlockedSample(
    Array.from({ length: 100 }, (_, i) => 100 - i),
    1,
    1,
  );
  assert.equal(hundred.quantile(0.5), 50);
  assert.equal(hundred.quantile(0.99), 99);
  assert.equal(hundred.quantile(0.01), 1);
  assert.equal(hundred.quantile(0), 1);
  assert.equal(hundred.quantile(1), 100);
});

test("a block's weight counts its values so many times", () => {
  // Three rounds of two values, a block each.
  const sample = new BlockedSample([1, 2, 10, 20, 100, 200], 2, 3);
  const weigh = (...weights: number[]): Uint16Array => Uint16Array.from(weights);
  for (const probability of [0, 0.25, 0.5, 0.75, 0.9, 1]) {
    const same = sample.quantile(probability, weigh(1, 1, 1));
    assert.equal(same, sample.quantile(probability), `at ${probability}`);
  }
  assert.equal(sample.quantile(0.5, weigh(0, 3, 0)), 10);
  assert.equal(sample.quantile(0.51, weigh(0, 3, 0)), 20);
  // As if it were 1 1 2 2 100 200.
  assert.equal(sample.quantile(0.5, weigh(2, 0, 1)), 2);
  assert.equal(sample.quantile(0.7, weigh(2, 0, 1)), 100);
  assert.ok(Number.isNaN(sample.quantile(0.5, weigh(0, 0, 0))));
});

test("a quantile needs enough values beyond it", () => {
  const of = (size: number): BlockedSample => new BlockedSample(new Float64Array(size), 1, 1);
  assert.equal(of(1_999).supports(0.99), false);
  assert.equal(of(2_000).supports(0.99), true);
  assert.equal(of(39).supports(0.5), false);
  assert.equal(of(40).supports(0.5), true);
});

test("rounds are cut into blocks of two rounds or more, and into 75 at most", () => {
  assert.equal(blockCount(0), 0);
  assert.equal(blockCount(1), 0);
  assert.equal(blockCount(41), 20);
  assert.equal(blockCount(10_000), 75);
});

test("each resample draws as many blocks as there are", () => {
  const resamples = resampleBlocks(12, 50, new Random(3));
  assert.equal(resamples.length, 50);
  for (const weights of resamples)
    assert.equal(
      weights.reduce((sum, one) => sum + one, 0),
      12,
    );
});

test("there is no interval with too few blocks, or of what is not finite", () => {
  const few = resampleBlocks(MIN_BLOCKS - 1, 100, new Random(1));
  assert.equal(
    bootstrapInterval(few, 0.95, () => 1),
    null,
  );
  assert.equal(
    bootstrapInterval([], 0.95, () => 1),
    null,
  );
  const enough = resampleBlocks(MIN_BLOCKS, 100, new Random(1));
  assert.deepEqual(
    bootstrapInterval(enough, 0.95, () => 1),
    { low: 1, high: 1 },
  );
  assert.equal(
    bootstrapInterval(enough, 0.95, () => NaN),
    null,
  );
});

test("the interval's ends cut off equal tails", () => {
  const resamples = resampleBlocks(20, 1000, new Random(1));
  let next = 0;
  const interval = bootstrapInterval(resamples, 0.95, () => next++);
  assert.deepEqual(interval, { low: 25, high: 974 });
});

/** Normal by the central limit: the sum of twelve uniform draws has variance 1. */
function normal(random: Random): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random.next();
  return sum;
}

test("95 % intervals hold the true median about 95 times in 100, drift or not", () => {
  for (const drift of [0, 0.8]) {
    const random = new Random(42);
    const trials = 300;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      // Each value keeps a part of the one before it, as a busy machine does; the true median is 5.
      let state = normal(random);
      const values = Array.from({ length: 900 }, () => {
        state = drift * state + Math.sqrt(1 - drift * drift) * normal(random);
        return 5 + state;
      });
      const blocks = blockCount(values.length);
      const sample = new BlockedSample(values, 1, blocks);
      const resamples = resampleBlocks(blocks, 300, random);
      const interval = bootstrapInterval(resamples, 0.95, (w) => sample.quantile(0.5, w));
      assert.ok(interval !== null && interval.low <= sample.quantile(0.5));
      if (interval.low <= 5 && 5 <= interval.high) held++;
    }
    const share = held / trials;
    assert.ok(share >= 0.88 && share <= 0.99, `${share} with drift ${drift}`);
  }
});

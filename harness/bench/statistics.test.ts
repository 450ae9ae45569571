import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "./random.ts";
import {
  BlockedSample,
  blocksOf,
  bootstrapInterval,
  median,
  MIN_STARTS,
  resampleBlocks,
  supportsIntervals,
  type Blocks,
} from "./statistics.ts";
import { studentQuantile } from "./student.ts";

/** Each round is a block. */
function blocks(count: number): Blocks {
  return { kind: "starts", count, ofRound: Uint16Array.from({ length: count }, (_, i) => i) };
}

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
    100,
    blocks(1),
  );
  assert.equal(hundred.quantile(0.5), 50);
  assert.equal(hundred.quantile(0.99), 99);
  assert.equal(hundred.quantile(0.01), 1);
  assert.equal(hundred.quantile(0), 1);
  assert.equal(hundred.quantile(1), 100);
});

test("a block's weight counts its values so many times", () => {
  // Three rounds of two values, a block each.
  const sample = new BlockedSample([1, 2, 10, 20, 100, 200], 2, blocks(3));
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
  const of = (size: number): BlockedSample =>
    new BlockedSample(new Float64Array(size), size, blocks(1));
  assert.equal(of(1_999).supports(0.99), false);
  assert.equal(of(2_000).supports(0.99), true);
  assert.equal(of(39).supports(0.5), false);
  assert.equal(of(40).supports(0.5), true);
});

test("with enough starts a block is a start, else a stretch of two rounds or more", () => {
  const starts = blocksOf([2, 1, 1, 1, 1, 3]);
  assert.deepEqual([starts.kind, starts.count], ["starts", 6]);
  assert.deepEqual([...starts.ofRound], [0, 0, 1, 2, 3, 4, 5, 5, 5]);
  assert.equal(supportsIntervals(starts), true);
  const stretches = blocksOf([20, 21]);
  assert.deepEqual([stretches.kind, stretches.count], ["stretches", 20]);
  assert.equal(stretches.ofRound.length, 41);
  assert.deepEqual([...new Set(stretches.ofRound)].length, 20);
  assert.equal(supportsIntervals(stretches), true);
  assert.equal(blocksOf([10_000]).count, 20);
  assert.equal(supportsIntervals(blocksOf([19])), false);
  assert.equal(blocksOf([]).count, 0);
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

test("there is no interval of what is not finite, or without resamples", () => {
  const resamples = resampleBlocks(MIN_STARTS, 100, new Random(1));
  const of = (value: number): unknown => bootstrapInterval(resamples, MIN_STARTS, () => value);
  assert.deepEqual(of(1), { low: 1, high: 1 });
  assert.equal(of(NaN), null);
  assert.equal(
    bootstrapInterval([], MIN_STARTS, () => 1),
    null,
  );
});

test("Student's quantiles are those of the tables", () => {
  for (const [freedom, table] of [
    [5, 2.5706],
    [9, 2.2622],
    [30, 2.0423],
    [1000, 1.9623],
  ] as const) {
    assert.ok(Math.abs(studentQuantile(freedom) / table - 1) < 0.001, `${freedom}`);
  }
});

test("of a mean the interval is Student's", () => {
  const values = [3, 5, 4, 8, 6, 4, 5, 7];
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const half = studentQuantile(7) * Math.sqrt(squares / 7 / values.length);
  const interval = bootstrapInterval(resampleBlocks(8, 20_000, new Random(4)), 8, (weights) =>
    values.reduce((sum, one, i) => sum + (one * (weights?.[i] ?? 1)) / values.length, 0),
  );
  assert.ok(Math.abs((interval?.high ?? NaN) - mean - half) < 0.03 * half);
  assert.ok(Math.abs(mean - (interval?.low ?? NaN) - half) < 0.03 * half);
});

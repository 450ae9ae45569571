import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "./random.ts";

test("the same seed gives the same sequence, another seed another", () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 5 }, () => random.next());
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
});

test("integers are spread evenly over their range and stay in it", () => {
  const random = new Random(1);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const value = random.below(10);
    counts[value] = (counts[value] ?? NaN) + 1;
  }
  assert.equal(counts.length, 10);
  for (const count of counts) assert.ok(count > 850 && count < 1150, `${count} of about 1000`);
});

test("a shuffle keeps the items and reaches every order about equally often", () => {
  const random = new Random(2);
  const orders = new Map<string, number>();
  for (let i = 0; i < 6_000; i++) {
    const items = ["a", "b", "c"];
    random.shuffle(items);
    const order = items.join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.deepEqual([...orders.keys()].sort(), ["abc", "acb", "bac", "bca", "cab", "cba"]);
  for (const count of orders.values()) assert.ok(count > 850 && count < 1150);
});

// The short form of fuzzing that runs with the tests.
import { test } from "node:test";
import type { Fuzz } from "./fuzz.ts";

/** Registers a test for each of a helper's fuzzings: so many inputs, always the same ones. */
export function testFuzzes(fuzzes: readonly Fuzz[], count: number, seed: number): void {
  for (const fuzz of fuzzes) {
    test(`${fuzz.name}: ${count} random inputs come to what they must`, async () => {
      await fuzz.run({ count, seed });
    });
  }
}

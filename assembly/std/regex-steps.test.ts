// That the time is linear, shown without a clock: counted is what the module does, every function,
// block and loop that it enters.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { instrumentSteps, StepCounter } from "../testing/execution-trace.ts";
import { RegexClient } from "../testing/regex-client.ts";

const LARGE = 256 * 1024;
const SMALL = LARGE / 16;

const counter = new StepCounter();
let regex: RegexClient;
before(async () => {
  regex = await RegexClient.load(instrumentSteps, counter.imports);
});

/** What to search in `size` characters, and whether the pattern is there. */
interface Case {
  readonly pattern: string;
  readonly text: (size: number) => string;
  readonly found: boolean;
  /** Steps for each character at most. */
  readonly most: number;
}

const letters = (size: number): string => "a".repeat(size);

const cases: readonly Case[] = [
  { pattern: "(a+)+$", text: (size) => `${letters(size)}b`, found: false, most: 50 },
  { pattern: "(a|a)*b", text: letters, found: false, most: 100 },
  { pattern: "(a*)*b", text: letters, found: false, most: 100 },
  { pattern: "(?:.*=.*)*;", text: (size) => "a=".repeat(size / 2), found: false, most: 200 },
  { pattern: "needle", text: (size) => "hay ".repeat(size / 4), found: false, most: 5 },
  { pattern: "^needle", text: letters, found: false, most: 1 },
];

describe("16 times the text takes 16 times the steps, and a pattern's share of them at most", () => {
  for (const { pattern, text, found, most } of cases) {
    test(pattern, () => {
      assert.equal(regex.compile(pattern), undefined);
      const steps = (size: number): number => {
        const input = text(size);
        return counter.count(() => {
          assert.equal(regex.test(input), found);
        });
      };
      const small = steps(SMALL);
      const large = steps(LARGE);
      assert.ok(large < small * 16.01 + 1000, `${small} steps, then ${large}`);
      assert.ok(large < LARGE * most, `${large / LARGE} steps for each character`);
      regex.reset();
    });
  }
});

test("a match and its groups too", () => {
  assert.equal(regex.compile("^((a?)*|b)*(c)$"), undefined);
  const steps = (size: number): number =>
    counter.count(() => {
      assert.deepEqual(regex.find(`${letters(size)}c`)?.places[3], [size, size + 1]);
    });
  const small = steps(SMALL / 4);
  const large = steps(LARGE / 4);
  assert.ok(large < small * 16.01, `${small} steps, then ${large}`);
});

test("repetitions in repetitions take as many steps as the program is long", () => {
  const size = 2000;
  for (const pattern of ["^(?:a{0,25}){0,25}$", "^(?:(?:a?){0,15}){0,15}$"]) {
    assert.equal(regex.compile(pattern), undefined);
    const steps = counter.count(() => {
      assert.equal(regex.test(`${letters(size)}b`), false);
    });
    assert.ok(steps < size * 2000 * 10, `${steps / size} steps for each character`);
    assert.ok(regex.test(letters(225)));
  }
});

// Fuzzing of durations, beside exact arithmetic.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { parseWithBigInt } from "../testing/duration-oracle.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import type { Random } from "../testing/random.ts";
import { faultOf, type ResultExports } from "../testing/results.ts";

interface DurationExports extends ResultExports {
  parse(text: number): bigint;
}

const UNITS = ["ns", "us", "ms", "s", "m", "h", "µs", "μs"] as const;
const DAMAGE = ["", " ", ".", "-", "+", "s", "S", "0", "9", "d", "e3", "\u0000", "µ", "٣"] as const;

/** One number with its unit, now and then of many digits or near the largest. */
function randomPart(random: Random): string {
  const digits = (most: number): string =>
    Array.from({ length: 1 + random.below(most) }, () => String(random.below(10))).join("");
  if (random.once(20)) return `922337203685477580${random.below(10)}ns`;
  if (random.once(20)) return `2562047h47m16.85477580${random.below(10)}s`;
  const whole = digits(random.once(8) ? 22 : 4);
  // Fives and zeros at the end: what minutes and hours can be parted by.
  const end = random.pick(["", "", "5", "25", "000", "0000000005", "00000000025"]);
  const fraction = random.once(2) ? `.${digits(random.once(4) ? 12 : 3)}${end}` : "";
  return whole + fraction + random.pick(UNITS);
}

const durations = defineFuzz<string>({
  name: "duration",
  input(random) {
    const parts = Array.from({ length: 1 + random.below(3) }, () => randomPart(random));
    const text = (random.once(6) ? "-" : "") + parts.join("");
    if (random.once(20)) return random.pick(["0", "-0", "", "-", "00", "0.0", "0.s", ".5s"]);
    if (!random.once(4)) return text;
    const at = random.below(text.length + 1);
    return text.slice(0, at) + random.pick(DAMAGE) + text.slice(at + random.below(2));
  },
  async load() {
    const driver = new Driver<DurationExports>(
      await compileDriver("assembly/std/duration.driver.ts"),
    );
    return {
      compare(text) {
        const value = driver.exports.parse(driver.writeText(text));
        const fault = faultOf(driver, value === 0n);
        const expected = parseWithBigInt(text);
        if (typeof expected === "bigint") {
          assert.equal(fault, undefined);
          assert.equal(value, expected);
          return "a duration";
        }
        assert.match(fault?.error ?? "", MESSAGES[expected]);
        assert.ok((fault?.offset ?? -1) <= text.length);
        return expected;
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { "a duration": 0.3, malformed: 0.1, "too fine": 0.05, "too long": 0.05 },
});

const MESSAGES = {
  // A part in front of the fault may be too fine or too long.
  malformed: /^duration: (a digit expected|a unit expected|finer than|longer than)/,
  "too fine": /^duration: finer than a nanosecond$/,
  "too long": /^duration: longer than 64 bits of nanoseconds$/,
} as const;

export const fuzzes: readonly Fuzz[] = [durations];

// Fuzzing of the comparison of secrets beside Node's.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import type { Random } from "../testing/random.ts";

interface EqualExports {
  equal(secret: number, candidate: number): number;
  equalBytes(secret: number, candidate: number): number;
}

/** Few bytes of few kinds, so that two are equal often. */
function randomBytes(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.below(4) }, () => random.below(2) * 255));
}

const equal = defineFuzz<{ readonly secret: Buffer; readonly candidate: Buffer }>({
  name: "equal",
  input: (random) => ({ secret: randomBytes(random), candidate: randomBytes(random) }),
  async load() {
    const driver = new Driver<EqualExports>(await compileDriver("assembly/std/equal.driver.ts"));
    return {
      compare({ secret, candidate }) {
        const expected = secret.equals(candidate);
        const [a, b] = [driver.writeBytes(secret), driver.writeBytes(candidate)];
        assert.equal(driver.exports.equalBytes(a, b) !== 0, expected);
        const [x, y] = [secret.toString("latin1"), candidate.toString("latin1")];
        const [s, c] = [driver.writeText(x), driver.writeText(y)];
        assert.equal(driver.exports.equal(s, c) !== 0, expected);
        return expected ? "equal" : "different";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { equal: 0.1, different: 0.1 },
});

export const fuzzes: readonly Fuzz[] = [equal];

// The tests that every hash function has to pass, beside the published examples of its own.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "./asc-driver.ts";
import { Random } from "./random.ts";

interface HashExports {
  oneShot(size: number, bytes: number): number;
  oneShotText(size: number, text: number): number;
  start(size: number): void;
  update(size: number, bytes: number, from: number, to: number): void;
  updateText(size: number, text: number): void;
  digest(size: number): number;
  monteCarlo(size: number, seed: number): number;
}

/** A published example: the message and the digest in hexadecimal. */
export interface HashExample {
  readonly name: string;
  readonly message: string | Uint8Array;
  readonly digest: string;
}

export interface HashSuite {
  /** Node's name of the function. */
  readonly algorithm: "sha256" | "sha384" | "sha512";
  /** Published examples. */
  readonly examples: readonly HashExample[];
  /** NIST's Monte Carlo test of the function: the seed, and its results 0 and 99. */
  readonly monteCarlo: { readonly seed: string; readonly first: string; readonly last: string };
}

/** Registers the tests of one hash function. */
export function describeHash(suite: HashSuite): void {
  describe(suite.algorithm, () => {
    const size = Number(suite.algorithm.slice(3)) / 8;
    let driver: Driver<HashExports>;
    before(async () => {
      driver = new Driver(await compileDriver("assembly/std/sha2.driver.ts"));
    });
    beforeEach(() => {
      driver.collect();
    });

    const hex = (pointer: number): string =>
      Buffer.from(driver.readBytes(pointer) ?? []).toString("hex");
    const ours = (bytes: Uint8Array): string =>
      hex(driver.exports.oneShot(size, driver.writeBytes(bytes)));
    const node = (bytes: Uint8Array): string =>
      createHash(suite.algorithm).update(bytes).digest("hex");

    for (const { name, message, digest } of suite.examples) {
      test(`has the published digest of ${name}`, () => {
        const bytes = Buffer.from(message);
        assert.equal(ours(bytes), digest);
        assert.equal(node(bytes), digest);
      });
    }

    test("passes the Monte Carlo test of NIST's validation system (CAVP)", () => {
      let seed: Uint8Array = Buffer.from(suite.monteCarlo.seed, "hex");
      const digests: string[] = [];
      for (let i = 0; i < 100; i++) {
        const result = driver.readBytes(driver.exports.monteCarlo(size, driver.writeBytes(seed)));
        seed = result ?? new Uint8Array(0);
        digests.push(Buffer.from(seed).toString("hex"));
        driver.collect();
      }
      assert.equal(digests[0], suite.monteCarlo.first);
      assert.equal(digests[99], suite.monteCarlo.last);
    });

    test("agrees with Node on every length up to five blocks", () => {
      const random = new Random(180);
      const bytes = randomBytes(random, 5 * 128 + 1);
      for (let length = 0; length <= bytes.length; length++) {
        assert.equal(ours(bytes.subarray(0, length)), node(bytes.subarray(0, length)), `${length}`);
      }
    });

    test("agrees with Node on messages in random parts, at every digest on the way", () => {
      const random = new Random(4);
      for (let i = 0; i < 300; i++) {
        const whole = randomBytes(random, random.below(2000));
        driver.collect();
        const pointer = driver.writeBytes(whole);
        driver.exports.start(size);
        let at = 0;
        do {
          const to = Math.min(whole.length, at + random.below(random.pick([3, 70, 300])));
          driver.exports.update(size, pointer, at, to);
          at = to;
          if (random.once(4))
            assert.equal(hex(driver.exports.digest(size)), node(whole.subarray(0, at)));
        } while (at < whole.length);
        assert.equal(hex(driver.exports.digest(size)), node(whole));
      }
    });

    test("takes texts as UTF-8, in one part or several, lone surrogates as U+FFFD", () => {
      const random = new Random(8);
      const pieces = ["a", "é", "€", "\u{1f600}", "\ud83d", "\ude00", "\u0000"] as const;
      const texts = Array.from({ length: 40 }, () =>
        Array.from({ length: random.below(3000) }, () => random.pick(pieces)).join(""),
      );
      // Pairs that lie across the places where a long text is cut.
      for (let front = 1020; front < 1028; front++) texts.push(`${"x".repeat(front)}\u{1f600}`);
      for (let front = 0; front < 3; front++) {
        texts.push("x".repeat(front) + "\u{1f600}".repeat(2000));
        texts.push("x".repeat(front) + "\ud83d".repeat(2500));
        texts.push("x".repeat(front) + "\ude00".repeat(2500));
      }
      for (const text of texts) {
        driver.collect();
        const expected = node(Buffer.from(text));
        assert.equal(hex(driver.exports.oneShotText(size, driver.writeText(text))), expected);
        driver.exports.start(size);
        driver.exports.update(size, driver.writeBytes(Buffer.from("front")), 0, 5);
        driver.exports.updateText(size, driver.writeText(text));
        driver.exports.updateText(size, driver.writeText(""));
        driver.exports.updateText(size, driver.writeText("back"));
        assert.equal(
          hex(driver.exports.digest(size)),
          node(Buffer.concat([Buffer.from("front"), Buffer.from(text), Buffer.from("back")])),
        );
      }
    });

    test("takes 16 MB of bytes and of text, and keeps nothing of them", () => {
      const bytes = Buffer.alloc(16 * 1024 * 1024, "0123456789abcdefg");
      assert.equal(ours(bytes), node(bytes));
      driver.collect();
      const text = "\u{1f600}".repeat(bytes.length / 4);
      const pointer = driver.writeText(text);
      const memorySize = driver.memorySize;
      assert.equal(hex(driver.exports.oneShotText(size, pointer)), node(Buffer.from(text)));
      assert.equal(driver.memorySize, memorySize);
    });
  });
}

function randomBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

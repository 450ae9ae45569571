import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { ExecutionTrace, instrument } from "../testing/execution-trace.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { fuzzes } from "./equal.fuzz.ts";

interface EqualExports {
  equal(secret: number, candidate: number): number;
  equalBytes(secret: number, candidate: number): number;
  setSecrets(texts: number): void;
  includes(candidate: number): number;
}

let binary: Uint8Array<ArrayBuffer>;
let driver: Driver<EqualExports>;
before(async () => {
  binary = await compileDriver("assembly/std/equal.driver.ts");
  driver = new Driver(binary);
});
beforeEach(() => {
  driver.collect();
});

const equal = (secret: string, candidate: string): boolean =>
  driver.exports.equal(driver.writeText(secret), driver.writeText(candidate)) !== 0;

const equalBytes = (secret: Uint8Array, candidate: Uint8Array): boolean =>
  driver.exports.equalBytes(driver.writeBytes(secret), driver.writeBytes(candidate)) !== 0;

describe("constantTimeEqual", () => {
  test("tells equal texts from others", () => {
    // prettier-ignore
    const texts = ["", "a", "b", "aa", "ab", "aaa", "A", "\u0000", "\u0000\u0000", "a\u0000", "é", "e\u0301",
      "\u0161", "a\u0100", "\u{1f600}", "\ud83d", "\ude00", "x".repeat(1000), "x".repeat(999) + "y"];
    for (const a of texts) {
      for (const b of texts) assert.equal(equal(a, b), a === b, JSON.stringify([a, b]));
    }
  });

  test("sees a difference in any bit of any unit", () => {
    const text = "sixteen units ...";
    for (let i = 0; i < text.length; i++) {
      for (let bit = 0; bit < 16; bit++) {
        const other =
          text.slice(0, i) +
          String.fromCharCode(text.charCodeAt(i) ^ (1 << bit)) +
          text.slice(i + 1);
        assert.equal(equal(text, other), false);
      }
    }
  });

  test("takes a text of 16 MB", () => {
    const text = "x".repeat(16 * 1024 * 1024);
    assert.equal(equal(text, text), true);
    assert.equal(equal("x", text), false);
    assert.equal(equal(text, "x"), false);
  });
});

test("constantTimeEqualBytes takes no bytes", () => {
  assert.equal(equalBytes(new Uint8Array(0), new Uint8Array(0)), true);
  assert.equal(equalBytes(new Uint8Array(0), new Uint8Array(1)), false);
});

testFuzzes(fuzzes, 2000, 16);

test("constantTimeIncludes finds each of several secrets, and nothing else", () => {
  const secrets = ["alpha", "beta", "", "a", "alpha"];
  driver.exports.setSecrets(driver.writeText(secrets.join("\n")));
  const includes = (candidate: string): boolean =>
    driver.exports.includes(driver.writeText(candidate)) !== 0;
  for (const secret of secrets) assert.equal(includes(secret), true, secret);
  for (const other of ["alph", "alphaa", "Alpha", "b", "\u0000"])
    assert.equal(includes(other), false, other);
});

describe("the work done", () => {
  let trace: ExecutionTrace;
  let traced: Driver<EqualExports>;
  beforeEach(() => {
    trace = new ExecutionTrace();
    traced = new Driver(instrument(binary), trace.imports);
  });

  const secret = "0123456789abcdef";
  const candidates = [secret, "x123456789abcdef", "0123456789abcdex", "xxxxxxxxxxxxxxxx"];

  test("is the same wherever two texts of one length differ", () => {
    const steps = candidates.map((candidate) => {
      const [a, b] = [traced.writeText(secret), traced.writeText(candidate)];
      const { blocks, loads } = trace.record(() => void traced.exports.equal(a, b));
      // Addresses count from the text that they are in.
      return { blocks, loads: loads.map((at) => (at >= b - 20 ? at - b : at - a)) };
    });
    assert.ok(
      steps[0] &&
        steps[0].blocks.length >= secret.length &&
        steps[0].loads.length >= 2 * secret.length,
    );
    for (const other of steps) assert.deepEqual(other, steps[0]);
  });

  test("takes the same way whatever the secret is, and however long", () => {
    const secrets = ["", "0", "0123456789abcde", secret, `${secret}0`, "y".repeat(300)];
    const ways = secrets.map((text) => {
      const [a, b] = [traced.writeText(text), traced.writeText(secret)];
      const { blocks, loads } = trace.record(() => void traced.exports.equal(a, b));
      return { blocks, loads: loads.length };
    });
    for (const other of ways) assert.deepEqual(other, ways[0]);
  });

  test("is the same for bytes, whatever they are", () => {
    const ways = [secret, ...candidates, "", "0", "y".repeat(300)].map((text) => {
      const a = traced.writeBytes(Buffer.from(text));
      const b = traced.writeBytes(Buffer.from(secret));
      // The first call makes room in memory, the second one shows.
      traced.exports.equalBytes(a, b);
      const { blocks, loads } = trace.record(() => void traced.exports.equalBytes(a, b));
      return { blocks, loads: loads.length };
    });
    for (const other of ways) assert.deepEqual(other, ways[0]);
  });

  test("is the same whichever of several secrets was sent, or none", () => {
    traced.exports.setSecrets(
      traced.writeText([...candidates, "short", "much longer than the others"].join("\n")),
    );
    const sent = [...candidates, "yyyyyyyyyyyyyyyy"];
    const ways = sent.map((candidate) => {
      const pointer = traced.writeText(candidate);
      const { blocks, loads } = trace.record(() => void traced.exports.includes(pointer));
      return { blocks, loads: loads.length };
    });
    for (const other of ways) assert.deepEqual(other, ways[0]);
  });
});

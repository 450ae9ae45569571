import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { fuzzes, nodeFault } from "./utf8-validate.fuzz.ts";

interface Utf8Exports {
  valid(bytes: number): number;
  fault(bytes: number): number;
  faultWithin(bytes: number, start: number, end: number): number;
}

let driver: Driver<Utf8Exports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/utf8-validate.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

/** The offset of the first fault, or -1; `isUtf8` must agree. */
function fault(bytes: Uint8Array): number {
  const data = driver.writeBytes(bytes);
  const offset = driver.exports.fault(data);
  assert.equal(driver.exports.valid(data) !== 0, offset === -1);
  return offset;
}

describe("the examples of RFC 3629, section 7, and the forms that it forbids", () => {
  const cases: readonly [string, string, number][] = [
    ["A<NOT IDENTICAL TO><ALPHA>.", "41e289a2ce912e", -1],
    ["hangugeo", "ed959ceab5adec96b4", -1],
    ["nihongo", "e697a5e69cace8aa9e", -1],
    ["a byte order mark and U+233B4", "efbbbff0a38eb4", -1],
    ["nothing", "", -1],
    ["NUL", "00", -1],
    ["the last of one byte", "7f", -1],
    ["the first of two", "c280", -1],
    ["the last of two", "dfbf", -1],
    ["the first of three", "e0a080", -1],
    ["the last before the surrogates", "ed9fbf", -1],
    ["the first after the surrogates", "ee8080", -1],
    ["the last of three", "efbfbf", -1],
    ["the first of four", "f0908080", -1],
    ["U+10FFFF", "f48fbfbf", -1],
    ["C0 80 for NUL (section 10)", "61c080", 1],
    ["2F C0 AE 2E 2F (section 10)", "2fc0ae2e2f", 1],
    ["C1 BF", "c1bf", 0],
    ["an overlong form of three", "e09fbf", 0],
    ["an overlong form of four", "f08fbfbf", 0],
    ["the first surrogate", "eda080", 0],
    ["the last surrogate", "edbfbf", 0],
    ["a pair of surrogates (CESU-8)", "61eda081edb080", 1],
    ["U+110000", "f4908080", 0],
    ["F5", "6161f5808080", 2],
    ["five bytes", "f888808080", 0],
    ["FE", "fe", 0],
    ["FF", "ff", 0],
    ["a continuation alone", "6180", 1],
    ["one continuation too many", "c3a9a9", 2],
    ["cut after one of two", "61c3", 1],
    ["cut after one of three", "61e2", 1],
    ["cut after two of three", "61e282", 1],
    ["cut after three of four", "f09f98", 0],
    ["a character in place of a continuation", "e28241", 0],
    ["after eight ASCII bytes", "6161616161616161ff", 8],
    ["within the second eight", "61616161616161616161c3", 10],
  ];
  for (const [name, hex, offset] of cases) {
    test(name, () => {
      const bytes = Buffer.from(hex, "hex");
      assert.equal(fault(bytes), offset);
      assert.equal(nodeFault(bytes), offset);
    });
  }
});

describe("the same as Node", () => {
  test("for all sequences of two bytes, followed by each kind of third", () => {
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        for (const third of [0x41, 0x80, 0xbf, 0xff]) {
          const bytes = Uint8Array.of(first, second, third);
          assert.equal(fault(bytes), nodeFault(bytes));
        }
      }
      driver.collect();
    }
  });
});

testFuzzes(fuzzes, 3000, 3629);

test("a range is cut to what there is", () => {
  const data = driver.writeBytes(Buffer.from("aé€b"));
  const within = (start: number, end: number): number =>
    driver.exports.faultWithin(data, start, end);
  assert.equal(within(0, 7), -1);
  assert.equal(within(1, 3), -1);
  assert.equal(within(1, 2), 1, "the range cuts é off");
  assert.equal(within(2, 7), 2, "a continuation byte begins the range");
  assert.equal(within(0, 5), 3);
  for (const [start, end] of [
    [-5, 100],
    [-2147483648, 2147483647],
    [7, 7],
    [8, 9],
    [5, 3],
    [2147483647, -2147483648],
  ] as const)
    assert.equal(within(start, end), -1);
});

test("16 MB are read to the fault at their end", () => {
  const bytes = Buffer.alloc(16 * 1024 * 1024, "all is fine, ça va \u{1f600} ");
  const whole = bytes.subarray(0, bytes.lastIndexOf(" "));
  assert.equal(fault(whole), -1);
  assert.equal(fault(Buffer.concat([whole, Uint8Array.of(0x80)])), whole.length);
  assert.equal(fault(Buffer.alloc(16 * 1024 * 1024, 0x80)), 0);
});

import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { faultOf, type Fault, type ResultExports } from "../testing/results.ts";
import { fuzzes } from "./http-date.fuzz.ts";

interface DateExports extends ResultExports {
  parse(text: number): bigint;
  parseAt(text: number, now: bigint): bigint;
  format(seconds: bigint): number;
}

const FIRST = -62167219200;
const LAST = 253402300799;

let driver: Driver<DateExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/http-date.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

function parse(text: string, now?: number): number | Fault {
  const { exports } = driver;
  const pointer = driver.writeText(text);
  const seconds =
    now === undefined ? exports.parse(pointer) : exports.parseAt(pointer, BigInt(now));
  return faultOf(driver, seconds === 0n) ?? Number(seconds);
}

const format = (seconds: bigint): string | null => driver.readText(driver.exports.format(seconds));

const year = (number: number): number => Date.UTC(number, 6, 1) / 1000;

test("the three examples of RFC 9110, section 5.6.7, are one second", () => {
  assert.equal(parse("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
  assert.equal(parse("Sunday, 06-Nov-94 08:49:37 GMT"), 784111777);
  assert.equal(parse("Sun Nov  6 08:49:37 1994"), 784111777);
  assert.equal(format(784111777n), "Sun, 06 Nov 1994 08:49:37 GMT");
});

test("the ends of what four digits can say", () => {
  assert.equal(format(BigInt(FIRST)), "Sat, 01 Jan 0000 00:00:00 GMT");
  assert.equal(format(BigInt(LAST)), "Fri, 31 Dec 9999 23:59:59 GMT");
  assert.equal(parse("Sat, 01 Jan 0000 00:00:00 GMT"), FIRST);
  assert.equal(parse("Fri, 31 Dec 9999 23:59:59 GMT"), LAST);
  assert.equal(parse("Fri, 31 Dec 9999 23:59:60 GMT"), LAST + 1);
  assert.equal(format(-1n), "Wed, 31 Dec 1969 23:59:59 GMT");
  for (const seconds of [BigInt(FIRST) - 1n, BigInt(LAST) + 1n, 2n ** 63n - 1n, -(2n ** 63n)])
    assert.equal(format(seconds), null);
});

describe("two digits of a year", () => {
  const parseYear = (digits: string, now?: number): number =>
    new Date(Number(parse(`Friday, 01-Jan-${digits} 00:00:00 GMT`, now)) * 1000).getUTCFullYear();

  test("are one from 1970 to 2069 when it is not known what year it is", () => {
    for (const [digits, expected] of [
      ["69", 2069],
      ["70", 1970],
      ["99", 1999],
      ["00", 2000],
    ] as const)
      assert.equal(parseYear(digits), expected);
  });

  test("are not more than 50 years ahead when it is", () => {
    for (const [now, digits, expected] of [
      [2026, "76", 2076],
      [2026, "77", 1977],
      [2026, "26", 2026],
      [2026, "00", 2000],
      [1999, "00", 2000],
      [1999, "49", 2049],
      [1999, "50", 1950],
      [2099, "01", 2101],
    ] as const)
      assert.equal(parseYear(digits, year(now)), expected);
  });

  test("may have any now", () => {
    for (const now of [FIRST, LAST, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 1, -1])
      assert.equal(typeof parse("Friday, 01-Jan-00 00:00:00 GMT", now), "number");
  });
});

describe("anything else is an error with its place", () => {
  const noDate = "date: not an HTTP date";
  const noDay = "date: no such day in that month";
  const cases: readonly [string, string, number][] = [
    ["", noDate, 0],
    ["0", noDate, 0],
    ["784111777", noDate, 0],
    ["Sun", noDate, 0],
    ["Sun,", noDate, 4],
    ["Sunda", noDate, 0],
    ["Sundae, 06-Nov-94 08:49:37 GMT", noDate, 0],
    ["sun, 06 Nov 1994 08:49:37 GMT", noDate, 0],
    ["Sin, 06 Nov 1994 08:49:37 GMT", noDate, 0],
    ["Sun, 6 Nov 1994 08:49:37 GMT", noDate, 6],
    ["Sun, 06-Nov-1994 08:49:37 GMT", noDate, 7],
    ["Sunday, 06 Nov 1994 08:49:37 GMT", noDate, 10],
    ["Sun, 06 Nov 1994 08:49:37 gmt", noDate, 26],
    ["Sun, 06 Nov 1994 08:49:37 UTC", noDate, 26],
    ["Sun, 06 Nov 1994 08:49:37", noDate, 25],
    ["Sun, 06 Nov 1994 08:49:37 GMT ", noDate, 29],
    [" Sun, 06 Nov 1994 08:49:37 GMT", noDate, 0],
    ["Sun, 06 Nov 94 08:49:37 GMT", noDate, 14],
    ["Sun Nov 6 08:49:37 1994", noDate, 9],
    ["Sun Nov   6 08:49:37 1994", noDate, 9],
    ["Sun, 06 nov 1994 08:49:37 GMT", "date: no such month", 8],
    ["Sun, 00 Nov 1994 08:49:37 GMT", noDay, 5],
    ["Sun, 31 Nov 1994 08:49:37 GMT", noDay, 5],
    ["Tue, 29 Feb 2023 00:00:00 GMT", noDay, 5],
    ["Thu, 29 Feb 1900 00:00:00 GMT", noDay, 5],
    ["Monday, 29-Feb-21 00:00:00 GMT", noDay, 8],
    ["Sun Nov  0 08:49:37 1994", noDay, 8],
    ["Sun, 06 Nov 1994 24:00:00 GMT", "date: hour beyond 23", 17],
    ["Sun, 06 Nov 1994 23:60:00 GMT", "date: minute beyond 59", 20],
    ["Sun, 06 Nov 1994 23:59:61 GMT", "date: second beyond 60", 23],
    ["Sun, 06 Nov 199\u0664 08:49:37 GMT", noDate, 15],
    ["Sun, \ud800\udc00 Nov 1994 08:49:37 GMT", noDate, 5],
  ];
  for (const [text, error, offset] of cases) {
    test(`${JSON.stringify(text)}: ${error}`, () => {
      assert.deepEqual(parse(text), { error, offset });
    });
  }

  test("a date that is cut off anywhere, or goes on for 16 MB", () => {
    for (const text of [
      "Sun, 06 Nov 1994 08:49:37 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT",
      "Sun Nov  6 08:49:37 1994",
    ]) {
      for (let length = 0; length < text.length; length++)
        assert.equal(typeof parse(text.slice(0, length)), "object");
    }
    assert.equal(typeof parse("Sun, ".padEnd(16 * 1024 * 1024, "06 Nov 1994 ")), "object");
  });
});

describe("the same as Node", () => {
  test("for every day of 400 years", () => {
    for (let day = year(1600) / 86400; day < year(2000) / 86400; day++) {
      const seconds = Math.floor(day) * 86400 + (Math.abs(Math.floor(day) * 7919) % 86400);
      const text = new Date(seconds * 1000).toUTCString();
      assert.equal(format(BigInt(seconds)), text);
      assert.equal(parse(text), seconds);
      if (Math.floor(day) % 10_000 === 0) driver.collect();
    }
  });
});

testFuzzes(fuzzes, 3000, 9110);

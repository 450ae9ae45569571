import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { JsonClient } from "../testing/json-client.ts";
import { faultOf, type Fault, type ResultExports } from "../testing/results.ts";
import { fuzzes } from "./duration.fuzz.ts";

interface DurationExports extends ResultExports {
  parse(text: number): bigint;
}

let driver: Driver<DurationExports>;
let json: JsonClient;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/duration.driver.ts"));
  json = await JsonClient.load();
});
beforeEach(() => {
  driver.collect();
  json.reset();
});

function parse(text: string): bigint | Fault {
  const value = driver.exports.parse(driver.writeText(text));
  return faultOf(driver, value === 0n) ?? value;
}

describe("a duration", () => {
  const cases: readonly [string, bigint][] = [
    ["250ms", 250_000_000n],
    ["1.5s", 1_500_000_000n],
    ["2m", 120_000_000_000n],
    ["0.250s", 250_000_000n],
    ["0s", 0n],
    ["0", 0n],
    ["-0", 0n],
    ["1h30m", 5_400_000_000_000n],
    ["30m1h", 5_400_000_000_000n],
    ["1h15m30.918273645s", 4_530_918_273_645n],
    ["-1.5s", -1_500_000_000n],
    ["3us", 3_000n],
    ["3\u00b5s", 3_000n],
    ["3\u03bcs", 3_000n],
    ["7ns", 7n],
    ["1.000000001s", 1_000_000_001n],
    ["1.0000000010000000000000000000s", 1_000_000_001n],
    ["0.00000000005m", 3n],
    ["0.0000000000025h", 9n],
    ["000000000000000000000000001s", 1_000_000_000n],
    // protobuf's largest Duration is 315,576,000,000 s; 64 bits of nanoseconds end before.
    ["9223372036.854775807s", 2n ** 63n - 1n],
    ["-9223372036.854775808s", -(2n ** 63n)],
    ["2562047h47m16.854775807s", 2n ** 63n - 1n],
  ];
  for (const [text, nanoseconds] of cases) {
    test(text, () => {
      assert.equal(parse(text), nanoseconds);
    });
  }
});

describe("no duration, with the place of the fault", () => {
  const digit = "duration: a digit expected";
  const unit = "duration: a unit expected: ns, us, ms, s, m or h";
  const fine = "duration: finer than a nanosecond";
  const long = "duration: longer than 64 bits of nanoseconds";
  const cases: readonly [string, string, number][] = [
    ["", digit, 0],
    ["-", digit, 1],
    ["+1s", digit, 0],
    [" 1s", digit, 0],
    ["1s ", digit, 2],
    ["1 s", unit, 1],
    [".5s", digit, 0],
    ["1.s", digit, 2],
    ["1.5.s", unit, 3],
    ["1e3s", unit, 1],
    ["250", unit, 3],
    ["00", unit, 2],
    ["1d", unit, 1],
    ["1S", unit, 1],
    ["1sec", digit, 2],
    ["1m-2s", digit, 2],
    ["\u0661s", digit, 0],
    ["1.5ns", fine, 0],
    ["1m0.1ns", fine, 2],
    ["0.0000000001s", fine, 0],
    ["0.00000000001m", fine, 0],
    [`0.${"0".repeat(100_000)}1s`, fine, 0],
    ["9223372036.854775808s", long, 0],
    ["2562047h47m16.854775808s", long, 11],
    ["-9223372036.854775809s", long, 1],
    ["9223372036s9223372036s1s", long, 11],
    [`${"9".repeat(100_000)}h`, long, 0],
  ];
  for (const [text, error, offset] of cases) {
    test(text.length < 40 ? JSON.stringify(text) : `${text.length} characters`, () => {
      assert.deepEqual(parse(text), { error, offset });
    });
  }
});

describe("in a configuration", () => {
  test("milliseconds and nanoseconds, or what stands in for them", () => {
    const config = json.parse('{"timeout":"1.5s","pause":"20us","zero":"0"}');
    assert.equal(config.duration("timeout", 9n), 1500n);
    assert.equal(config.duration("zero", 9n), 0n);
    assert.equal(config.duration("absent", 9n), 9n);
    assert.equal(config.nanoseconds("pause", 9n), 20_000n);
    assert.equal(config.nanoseconds("absent", -1n), -1n);
    assert.equal(config.required("timeout").asDuration(), 1500n);
    assert.equal(config.required("timeout").asNanoseconds(1n, 2n ** 62n), 1_500_000_000n);
    assert.equal(config.duration("timeout", 9n, 1500n, 1500n), 1500n);
    assert.equal(config.error, null);
  });

  const faults: readonly [string, string][] = [
    ["250", '$.t: expected a duration such as "250ms", found a number'],
    ["null", '$.t: expected a duration such as "250ms", found null'],
    ['"250"', "$.t: duration: a unit expected: ns, us, ms, s, m or h at character 4"],
    ['"1.5us"', "$.t: duration: finer than 1 ms"],
    ['"-1s"', "$.t: expected a duration from 0 ms on, found -1000 ms"],
  ];
  for (const [value, error] of faults) {
    test(`${value} is an error with its path`, () => {
      const config = json.parse(`{"t":${value}}`);
      assert.equal(config.duration("t", 9n), 0n);
      assert.equal(config.error, error);
    });
  }

  test("one out of bounds is an error that names them", () => {
    const config = json.parse('{"t":"2m"}');
    assert.equal(config.duration("t", 9n, 1n, 60_000n), 0n);
    assert.equal(config.error, "$.t: expected a duration from 1 ms to 60000 ms, found 120000 ms");
  });
});

testFuzzes(fuzzes, 3000, 250);

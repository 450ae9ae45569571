import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { bytesResult, textResult, type Fault, type ResultExports } from "../testing/results.ts";
import { fuzzes } from "./json-writer.fuzz.ts";

interface WriterExports extends ResultExports {
  reset(): void;
  resetWith(maxDepth: number, maxSize: number): void;
  writeObject(): void;
  writeArray(): void;
  writeEnd(): void;
  writeKey(name: number): void;
  writeString(value: number): void;
  writeNumber(value: number): void;
  writeInteger(value: bigint): void;
  writeUnsigned(value: bigint): void;
  writeBool(value: number): void;
  writeNull(): void;
  writeRaw(text: number): void;
  error(): number;
  finish(): number;
  finishBytes(): number;
}

const LARGE = 16 * 1024 * 1024;

let driver: Driver<WriterExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/json-writer.driver.ts"));
});
beforeEach(() => {
  driver.exports.reset();
  driver.collect();
});

/** One call: `{`, `[`, `end`, `key:name`, a value, or a text that is written as it is. */
type Call = "{" | "[" | "end" | { key: string } | { raw: string } | { value: Scalar };
type Scalar = string | number | bigint | boolean | null;

const key = (name: string): Call => ({ key: name });
const value = (scalar: Scalar): Call => ({ value: scalar });
const raw = (text: string): Call => ({ raw: text });

function call(one: Call): void {
  const { exports } = driver;
  if (one === "{") exports.writeObject();
  else if (one === "[") exports.writeArray();
  else if (one === "end") exports.writeEnd();
  else if ("key" in one) exports.writeKey(driver.writeText(one.key));
  else if ("raw" in one) exports.writeRaw(driver.writeText(one.raw));
  else if (typeof one.value === "string") exports.writeString(driver.writeText(one.value));
  else if (typeof one.value === "number") exports.writeNumber(one.value);
  else if (typeof one.value === "bigint") exports.writeInteger(one.value);
  else if (typeof one.value === "boolean") exports.writeBool(Number(one.value));
  else exports.writeNull();
}

/** What both forms of the text are, which must agree; or what is wrong. */
function write(...calls: readonly Call[]): string | Fault {
  for (const one of calls) call(one);
  const text = textResult(driver, driver.exports.finish());
  const bytes = bytesResult(driver, driver.exports.finishBytes());
  if (typeof text === "string") assert.deepEqual(bytes, Buffer.from(text));
  else assert.deepEqual(bytes, text);
  return text;
}

describe("writes as JSON.stringify does", () => {
  test("nested objects and arrays, empty ones too", () => {
    const text = write(
      "{",
      key("a"),
      "[",
      value(1),
      "{",
      "end",
      "[",
      "end",
      value("x"),
      "end",
      key(""),
      "{",
      key("b"),
      value(null),
      key("c"),
      value(true),
      "end",
      key("d"),
      value(false),
      "end",
    );
    assert.equal(text, JSON.stringify({ a: [1, {}, [], "x"], "": { b: null, c: true }, d: false }));
  });

  test("scalars alone", () => {
    for (const scalar of ["text", "", "[", "{", ":", 1, true, false, null]) {
      driver.exports.reset();
      assert.equal(write(value(scalar)), JSON.stringify(scalar));
    }
  });

  test("strings whose ends look like brackets, colons and commas", () => {
    assert.equal(
      write("[", value("["), value("{"), value(":"), value(","), "end"),
      '["[","{",":",","]',
    );
  });

  test("every code unit, alone and between others", () => {
    for (let from = 0; from < 0x1_0000; from += 64) {
      driver.exports.reset();
      driver.collect();
      const texts = Array.from({ length: 64 }, (_, i) => `<${String.fromCharCode(from + i)}>`);
      assert.equal(write("[", ...texts.map(value), "end"), JSON.stringify(texts));
    }
  });

  test("numbers at every edge of their forms", () => {
    const numbers = [
      0,
      -0,
      1,
      -1,
      9007199254740991,
      9007199254740992,
      9007199254740994,
      123456789012345680000,
      1e20,
      1e21,
      -1e21,
      1.5e21,
      1e21 - 2 ** 17,
      1.2e22,
      0.1,
      0.2,
      0.1 + 0.2,
      1 / 3,
      1e-6,
      1e-7,
      1.5e-7,
      0.000001234,
      0.0000001234,
      5e-324,
      2.2250738585072014e-308,
      2.225073858507201e-308,
      1.7976931348623157e308,
      4.35,
      100,
      123456.789,
      5e-7,
      9.5367431640625e-7,
      2 ** 53 + 2,
      2 ** 63,
      2 ** 64,
      2 ** 70,
      2 ** -1022,
      1e23,
      9.109e-31,
      2 ** 51 + 0.5,
    ];
    assert.equal(write("[", ...numbers.map(value), "end"), JSON.stringify(numbers));
  });

  test("no number: null", () => {
    const odd = [NaN, Infinity, -Infinity];
    assert.equal(write("[", ...odd.map(value), "end"), "[null,null,null]");
  });

  test("whole numbers of 64 bits with all their digits", () => {
    const { exports } = driver;
    const whole = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 9007199254740993n];
    assert.deepEqual(write("[", ...whole.map(value)), unended(1, 63));
    exports.writeUnsigned(2n ** 64n - 1n);
    assert.equal(write("end"), `[${[...whole, 2n ** 64n - 1n].join(",")}]`);
  });
});

const unended = (depth: number, offset: number): Fault => ({
  error: `json: ${depth} not ended`,
  offset,
});

describe("raw", () => {
  test("keeps a JSON text as it is, spaces and all", () => {
    const text = ' { "a" : [1.50, "\\u0041é"] } ';
    assert.equal(write("[", raw(text), raw("0"), "end"), `[${text},0]`);
  });

  test("escapes what UTF-8 has no bytes for", () => {
    assert.equal(write(raw('"\ud800 \ud83d\ude00 \udc00"')), '"\\ud800 \ud83d\ude00 \\udc00"');
  });

  test("refuses what is no JSON, with its place", () => {
    assert.deepEqual(write("[", raw('{"a":1,}')), {
      error: "json: raw $: line 1, column 8: expected a key in double quotes",
      offset: 1,
    });
    driver.exports.reset();
    assert.deepEqual(write(raw("1,2")), {
      error: "json: raw $: line 1, column 2: expected the end of the text",
      offset: 0,
    });
  });

  test("counts in the depth", () => {
    driver.exports.resetWith(3, 1000);
    assert.equal(write("[", raw("[[]]"), "end"), "[[[]]]");
    driver.exports.resetWith(3, 1000);
    assert.deepEqual(write("[", raw("[[[]]]")), {
      error: "json: raw $[0]: line 1, column 3: nested deeper than 2",
      offset: 1,
    });
  });
});

describe("a call that makes no sense is an error, whatever follows", () => {
  const cases: readonly [string, readonly Call[], string, number][] = [
    ["nothing at all", [], "json: no value", 0],
    ["an end alone", ["end"], "json: nothing to end", 0],
    ["an end too many", ["[", "end", "end"], "json: nothing to end", 2],
    ["a second value", [value(1), value(2)], "json: a second value", 1],
    ["a second container", ["[", "end", "{", "end"], "json: a second value", 2],
    ["a key alone", [key("a")], "json: a key outside of an object", 0],
    ["a key in an array", ["[", key("a"), "end"], "json: a key outside of an object", 1],
    ["a key after all", ["{", "end", key("a")], "json: a key outside of an object", 2],
    ["two keys", ["{", key("a"), key("b")], "json: a key without a value", 5],
    ["a key at the end", ["{", key("a"), "end"], "json: a key without a value", 5],
    ["a value without a key", ["{", value(1), "end"], "json: a value without a key", 1],
    ["an array without a key", ["{", "[", "end"], "json: a value without a key", 1],
    [
      "a second value of a key",
      ["{", key("a"), value(1), value(2)],
      "json: a value without a key",
      6,
    ],
  ];
  for (const [name, calls, error, offset] of cases) {
    test(name, () => {
      assert.deepEqual(write(...calls), { error, offset });
      // Nothing mends it, nothing is written, nothing traps.
      const after: readonly Call[] = [
        "end",
        "{",
        key("k"),
        value("v"),
        raw("1"),
        "[",
        "end",
        "end",
      ];
      if (offset > 0) assert.deepEqual(write(...after), { error, offset });
    });
  }

  test("something left open", () => {
    assert.deepEqual(write("{", key("a"), "[", "{"), unended(3, 7));
  });
});

describe("limits", () => {
  test("64 levels unless told otherwise", () => {
    assert.equal(
      write(...Array<Call>(64).fill("["), ...Array<Call>(64).fill("end")),
      "[".repeat(64) + "]".repeat(64),
    );
    driver.exports.reset();
    assert.deepEqual(write(...Array<Call>(100_000).fill("[")), {
      error: "json: nested deeper than 64",
      offset: 64,
    });
  });

  test("the size of the text, to the byte", () => {
    const text = "é".repeat(10);
    driver.exports.resetWith(1, 24);
    assert.equal(write("[", value(text), "end"), `["${text}"]`);
    driver.exports.resetWith(1, 23);
    assert.deepEqual(write("[", value(text), "end"), {
      error: "json: text larger than the limit",
      offset: 23,
    });
    driver.exports.resetWith(1, 3);
    assert.deepEqual(write(value(true)), { error: "json: text larger than the limit", offset: 0 });
    driver.exports.resetWith(0, -5);
    assert.deepEqual(write(value(1)), { error: "json: text larger than the limit", offset: 0 });
  });

  test("a string of 16 MB is written, and one beyond the limit takes no more memory than that", () => {
    const text = "\u0001é".repeat(LARGE / 4);
    assert.equal(write(value(text)), JSON.stringify(text));
    driver.exports.resetWith(1, 1000);
    const size = driver.memorySize;
    assert.deepEqual(write(value(text)), {
      error: "json: text larger than the limit",
      offset: 1,
    });
    assert.ok(driver.memorySize <= size + LARGE * 3);
  });
});

testFuzzes(fuzzes, 3000, 8259);

import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { bytesResult, textResult, type Fault, type ResultExports } from "../testing/results.ts";
import { fuzzes } from "./percent.fuzz.ts";

interface PercentExports extends ResultExports {
  encode(text: number): number;
  encodeBytes(bytes: number): number;
  encodeSegment(text: number): number;
  encodeForm(text: number): number;
  decode(text: number, plus: number): number;
  decodeBytes(text: number, plus: number): number;
  decodeLoose(text: number, plus: number): number;
}

const MALFORMED = "percent: two hexadecimal digits must follow %";
const NOT_UTF8 = "percent: not UTF-8";

let driver: Driver<PercentExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/percent.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

function encode(text: string, form: "encode" | "encodeSegment" | "encodeForm" = "encode"): string {
  return driver.readText(driver.exports[form](driver.writeText(text))) ?? "";
}

function encodeBytes(bytes: Uint8Array): string {
  return driver.readText(driver.exports.encodeBytes(driver.writeBytes(bytes))) ?? "";
}

function decode(text: string, plus = false): string | Fault {
  return textResult(driver, driver.exports.decode(driver.writeText(text), Number(plus)));
}

function decodeBytes(text: string, plus = false): Buffer | Fault {
  return bytesResult(driver, driver.exports.decodeBytes(driver.writeText(text), Number(plus)));
}

function decodeLoose(text: string, plus = false): string {
  return driver.readText(driver.exports.decodeLoose(driver.writeText(text), Number(plus))) ?? "";
}

const escapes = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });

describe("the examples of RFC 3986", () => {
  test("section 2.1: %20 is a space, and both cases of a digit are the same", () => {
    assert.equal(decode("%20"), " ");
    assert.equal(decode("%3a%3A"), "::");
    assert.equal(encode(":"), "%3A", "upper case is written");
  });

  test("section 2.3: unreserved characters are the same with and without escapes", () => {
    const unreserved = "ABCXYZabcxyz0189-._~";
    assert.equal(encode(unreserved), unreserved);
    assert.equal(decode("%41%5A%61%7A%30%39%2D%2E%5F%7E"), "AZaz09-._~");
  });

  test("section 2.2: reserved characters are escaped, in a segment all that are no pchar", () => {
    assert.equal(encode(":/?#[]@"), "%3A%2F%3F%23%5B%5D%40");
    assert.equal(encode("!$&'()*+,;="), "%21%24%26%27%28%29%2A%2B%2C%3B%3D");
    assert.equal(encode(":/?#[]@!$&'()*+,;=", "encodeSegment"), ":%2F%3F%23%5B%5D@!$&'()*+,;=");
  });

  test("section 2.4: what is decoded is not decoded again", () => {
    assert.equal(decode("%2541"), "%41");
    assert.equal(encode("%41"), "%2541");
  });

  test("section 2.5: A, À and KATAKANA LETTER A", () => {
    assert.equal(encode("A\u00c0\u30a2"), "A%C3%80%E3%82%A2");
    assert.equal(decode("A%C3%80%E3%82%A2"), "A\u00c0\u30a2");
  });
});

describe("a fault is named with its place", () => {
  const cases: readonly [string, string, number][] = [
    ["%", MALFORMED, 0],
    ["a%", MALFORMED, 1],
    ["a%4", MALFORMED, 1],
    ["%4g", MALFORMED, 0],
    ["%g4", MALFORMED, 0],
    ["%fg", MALFORMED, 0],
    ["%%41", MALFORMED, 0],
    ["%41%", MALFORMED, 3],
    ["é%zz", MALFORMED, 1],
    ["%4\u0131", MALFORMED, 0],
    ["%\uff14\uff11", MALFORMED, 0],
    ["%C0%AF", NOT_UTF8, 0],
    ["%C1%81", NOT_UTF8, 0],
    ["a%80", NOT_UTF8, 1],
    ["é\u{1f600}%41%C3", NOT_UTF8, 6],
    ["%C3x", NOT_UTF8, 0],
    ["%C3\u0080", NOT_UTF8, 0],
    ["%ED%A0%80", NOT_UTF8, 0],
    ["%F4%90%80%80", NOT_UTF8, 0],
    ["ok%E2%82", NOT_UTF8, 2],
    ["\ud800%FF", NOT_UTF8, 1],
    ["\u0800%FF", NOT_UTF8, 1],
  ];
  for (const [text, error, offset] of cases) {
    test(`${JSON.stringify(text)}: ${error}`, () => {
      assert.deepEqual(decode(text), { error, offset });
      if (error === MALFORMED) assert.deepEqual(decodeBytes(text), { error, offset });
      else assert.ok(Buffer.isBuffer(decodeBytes(text)));
    });
  }
});

test("bytes are encoded and decoded whatever they are", () => {
  const all = Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte));
  const text = encodeBytes(all);
  assert.deepEqual(decodeBytes(text), all);
  assert.deepEqual(decodeBytes(text.replace(/%../g, (escape) => escape.toLowerCase())), all);
  assert.match(text, /^%00%01.*%2F0123456789%3A.*%FF$/);
  assert.deepEqual(decodeBytes("é%00+", true), Buffer.from("é\0 "));
});

test("+ stands for a space only where it is asked for", () => {
  assert.equal(decode("a+b%2B"), "a+b+");
  assert.equal(decode("a+b%2B", true), "a b+");
  assert.equal(decodeLoose("a+b%2B%"), "a+b+%");
  assert.equal(decodeLoose("a+b%2B%", true), "a b+%");
});

describe("the same as Node", () => {
  test("each code unit is encoded as by encodeURIComponent and URLSearchParams", () => {
    for (let unit = 0; unit < 0x1_0000; unit++) {
      const text = Buffer.from(String.fromCharCode(unit)).toString();
      const lone = String.fromCharCode(unit);
      assert.equal(encode(lone), escapes(text));
      if (unit < 0x180 || unit % 64 === 0) {
        assert.equal(
          encode(lone, "encodeForm"),
          new URLSearchParams([["", lone]]).toString().slice(1),
        );
        assert.equal(
          encode(lone, "encodeSegment"),
          /^[!$&'()*+,;=:@]$/.test(text) ? text : escapes(text),
        );
      }
      if (unit % 4096 === 0) driver.collect();
    }
  });

  test("lone surrogates become U+FFFD where decodeURIComponent keeps them", () => {
    assert.equal(decode("\ud800"), "\ufffd");
    assert.equal(decode("%41\udc00"), "A\ufffd");
    assert.equal(decodeLoose("\ud800"), "\ufffd");
  });
});

testFuzzes(fuzzes, 3000, 3986);

describe("16 MB", () => {
  const size = 16 * 1024 * 1024;

  test("of plain text, of escapes, and of an escape cut off", () => {
    const plain = "x".repeat(size);
    assert.equal(encode(plain), plain);
    driver.collect();
    const escaped = "%C3%A9".repeat(size / 6);
    const error = NOT_UTF8;
    assert.deepEqual(decode(`${escaped}%C3`), { error, offset: escaped.length });
    assert.deepEqual(decode(`${escaped}%4`), { error: MALFORMED, offset: escaped.length });
    assert.equal(decodeLoose("%".repeat(size)).length, size);
  });
});

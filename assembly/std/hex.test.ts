import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { HexClient } from "../testing/encoding-client.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import type { Fault } from "../testing/results.ts";
import { fuzzes } from "./hex.fuzz.ts";

const NOT_A_DIGIT = "hex: not a hexadecimal digit";
const ODD = "hex: odd number of digits";

const LARGE = 16 * 1024 * 1024;

let client: HexClient;
before(async () => {
  client = await HexClient.load();
});
beforeEach(() => {
  client.driver.collect();
});

const encode = (bytes: Uint8Array, upperCase: boolean): string => client.encode(bytes, upperCase);
const decode = (text: string): Buffer | Fault => client.decode(text);

test("the base16 vectors of RFC 4648, section 10", () => {
  const vectors = [
    ["", ""],
    ["f", "66"],
    ["fo", "666F"],
    ["foo", "666F6F"],
    ["foob", "666F6F62"],
    ["fooba", "666F6F6261"],
    ["foobar", "666F6F626172"],
  ] as const;
  for (const [text, digits] of vectors) {
    assert.equal(encode(Buffer.from(text), true), digits);
    assert.equal(encode(Buffer.from(text), false), digits.toLowerCase());
    assert.deepEqual(decode(digits), Buffer.from(text));
    assert.deepEqual(decode(digits.toLowerCase()), Buffer.from(text));
  }
});

describe("a fault is named with its place", () => {
  const cases: readonly [string, string, number][] = [
    ["0", ODD, 1],
    ["abc", ODD, 3],
    ["0g", NOT_A_DIGIT, 1],
    ["G0", NOT_A_DIGIT, 0],
    ["00 00", NOT_A_DIGIT, 2],
    ["0x00", NOT_A_DIGIT, 1],
    ["00\u0000", NOT_A_DIGIT, 2],
    ["0\u0130", NOT_A_DIGIT, 1],
    ["0\uff10", NOT_A_DIGIT, 1],
    ["00\ud800", NOT_A_DIGIT, 2],
  ];
  for (const [text, error, offset] of cases) {
    test(`${JSON.stringify(text)}: ${error}`, () => {
      assert.deepEqual(decode(text), { error, offset });
    });
  }
});

describe("the same as Node", () => {
  test("for each code unit in each place", () => {
    for (let unit = 0; unit < 0x1_0000; unit++) {
      const character = String.fromCharCode(unit);
      const good = /^[\da-f]$/i.test(character);
      for (const [place, text] of [character + "0", "0" + character].entries()) {
        const expected = good ? Buffer.from(text, "hex") : { error: NOT_A_DIGIT, offset: place };
        assert.deepEqual(decode(text), expected);
      }
      if (unit % 4096 === 0) client.driver.collect();
    }
  });
});

testFuzzes(fuzzes, 3000, 16);

test("16 MB are encoded and decoded", () => {
  const bytes = Buffer.alloc(LARGE / 2, "0123456789\u00ff");
  const text = encode(bytes, false);
  assert.equal(text, bytes.toString("hex"));
  const result = decode(text);
  assert.ok(Buffer.isBuffer(result) && result.equals(bytes));
  assert.deepEqual(decode(`${text}_`), { error: NOT_A_DIGIT, offset: text.length });
});

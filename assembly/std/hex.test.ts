import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { Random } from "../testing/random.ts";
import { bytesResult, type Fault, type ResultExports } from "../testing/results.ts";

interface HexExports extends ResultExports {
  encode(bytes: number, upperCase: number): number;
  encodeBytes(bytes: number, upperCase: number): number;
  decode(text: number): number;
  decodeBytes(digits: number): number;
}

const NOT_A_DIGIT = "hex: not a hexadecimal digit";
const ODD = "hex: odd number of digits";

const LARGE = 16 * 1024 * 1024;

let driver: Driver<HexExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/hex.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

/** Both forms of encoding, which must agree. */
function encode(bytes: Uint8Array, upperCase: boolean): string {
  const { exports } = driver;
  const data = driver.writeBytes(bytes);
  const text = driver.readText(exports.encode(data, Number(upperCase))) ?? "";
  const digits = driver.readBytes(exports.encodeBytes(data, Number(upperCase))) ?? [];
  assert.equal(Buffer.from(digits).toString("latin1"), text);
  return text;
}

/** Both forms of decoding, which must agree. */
function decode(text: string): Buffer | Fault {
  const result = bytesResult(driver, driver.exports.decode(driver.writeText(text)));
  const latin1 = Buffer.from(text, "latin1");
  if (latin1.toString("latin1") === text) {
    const digits = driver.exports.decodeBytes(driver.writeBytes(latin1));
    assert.deepEqual(bytesResult(driver, digits), result);
  }
  return result;
}

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
      if (unit % 4096 === 0) driver.collect();
    }
  });

  test("for random bytes, 5,000 times", () => {
    const random = new Random(16);
    for (let i = 0; i < 5000; i++) {
      const bytes = Buffer.from(
        Uint8Array.from({ length: random.below(20) }, () => random.below(256)),
      );
      const upperCase = random.once(2);
      const text = encode(bytes, upperCase);
      const expected = bytes.toString("hex");
      assert.equal(text, upperCase ? expected.toUpperCase() : expected);
      assert.deepEqual(decode(text), bytes);
      const cut = text.slice(0, random.below(text.length + 1));
      const half = { error: ODD, offset: cut.length };
      assert.deepEqual(decode(cut), cut.length % 2 ? half : Buffer.from(cut, "hex"));
      if (i % 1000 === 0) driver.collect();
    }
  });
});

test("16 MB are encoded and decoded", () => {
  const bytes = Buffer.alloc(LARGE / 2, "0123456789\u00ff");
  const text = encode(bytes, false);
  assert.equal(text, bytes.toString("hex"));
  const result = decode(text);
  assert.ok(Buffer.isBuffer(result) && result.equals(bytes));
  assert.deepEqual(decode(`${text}_`), { error: NOT_A_DIGIT, offset: text.length });
});

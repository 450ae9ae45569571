import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import {
  ALPHABETS,
  type Alphabet,
  Base64Client,
  nodeDecode,
  type Padding,
} from "../testing/encoding-client.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { bytesResult, textResult, type Fault } from "../testing/results.ts";
import { fuzzes } from "./base64.fuzz.ts";

const LARGE = 16 * 1024 * 1024;

let client: Base64Client;
before(async () => {
  client = await Base64Client.load();
});
beforeEach(() => {
  client.driver.collect();
});

const encode = (bytes: Uint8Array, alphabet: Alphabet, padding: boolean): string =>
  client.encode(bytes, alphabet, padding);
const decode = (text: string, alphabet: Alphabet, padding: Padding): Buffer | Fault =>
  client.decode(text, alphabet, padding);

test("the vectors of RFC 4648, section 10, and its section 9 examples", () => {
  const vectors = [
    [Buffer.from(""), ""],
    [Buffer.from("f"), "Zg=="],
    [Buffer.from("fo"), "Zm8="],
    [Buffer.from("foo"), "Zm9v"],
    [Buffer.from("foob"), "Zm9vYg=="],
    [Buffer.from("fooba"), "Zm9vYmE="],
    [Buffer.from("foobar"), "Zm9vYmFy"],
    [Buffer.from("14fb9c03d97e", "hex"), "FPucA9l+"],
    [Buffer.from("14fb9c03d9", "hex"), "FPucA9k="],
    [Buffer.from("14fb9c03", "hex"), "FPucAw=="],
  ] as const;
  for (const [bytes, text] of vectors) {
    assert.equal(encode(bytes, "base64", true), text);
    assert.deepEqual(decode(text, "base64", "required"), bytes);
  }
});

test("the base64url examples of RFC 7515, appendices A.1.1 and C", () => {
  const header = '{"typ":"JWT",\r\n "alg":"HS256"}';
  const text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9";
  assert.equal(encode(Buffer.from(header), "base64url", false), text);
  const { driver } = client;
  const { exports } = driver;
  assert.equal(driver.readText(exports.encodeText(driver.writeText(header), 1, 0)), text);
  assert.equal(textResult(driver, exports.decodeText(driver.writeText(text), 1, 1)), header);
  const octets = Buffer.from([3, 236, 255, 224, 193]);
  assert.equal(encode(octets, "base64url", false), "A-z_4ME");
  assert.deepEqual(decode("A-z_4ME", "base64url", "forbidden"), octets);
});

test("what encoding writes by default, decoding takes by default", () => {
  const { driver } = client;
  const { exports } = driver;
  const bytes = Buffer.from([251, 255, 254, 0]);
  for (const [url, text] of ["+//+AA==", "-__-AA"].entries()) {
    assert.equal(driver.readText(exports.encodeDefault(driver.writeBytes(bytes), url)), text);
    assert.deepEqual(
      bytesResult(driver, exports.decodeDefault(driver.writeText(text), url)),
      bytes,
    );
  }
});

describe("each fault is named with its place", () => {
  const unknown = "base64: character is not in the alphabet";
  const early = "base64: padding before the end";
  const missing = "base64: padding is missing";
  const unwanted = "base64: padding is not allowed";
  const excess = "base64: too much padding";
  const single = "base64: one character left over at the end";
  const bits = "base64: bits after the last byte are not zero";
  const cases: readonly [string, Alphabet, Padding, string, number][] = [
    ["Zm9v?mFy", "base64", "required", unknown, 4],
    ["Zm9vYmF-", "base64", "required", unknown, 7],
    ["Zm9vYmF_", "base64", "required", unknown, 7],
    ["Zm9vYmF+", "base64url", "forbidden", unknown, 7],
    ["Zm9vYmF/", "base64url", "forbidden", unknown, 7],
    ["Zm9v\nYmFy", "base64", "required", unknown, 4],
    [" Zm9v", "base64", "required", unknown, 0],
    ["Zm9v ", "base64", "required", unknown, 4],
    ["Zm8\u0000", "base64", "required", unknown, 3],
    ["Zm8\u00e9", "base64", "required", unknown, 3],
    ["Zm9v\u0141m9v", "base64", "required", unknown, 4],
    ["\ud800m9v", "base64", "required", unknown, 0],
    ["Zm\udc008", "base64", "optional", unknown, 2],
    ["Zg=a", "base64", "required", early, 2],
    ["Zg==Zg==", "base64", "required", early, 2],
    ["=", "base64", "optional", excess, 0],
    ["====", "base64", "required", early, 0],
    ["Zg===", "base64", "required", early, 2],
    ["Z===", "base64", "required", early, 1],
    ["Zm9v=", "base64", "required", excess, 4],
    ["Zm9v==", "base64", "optional", excess, 4],
    ["Zm8==", "base64", "required", excess, 4],
    ["Zg", "base64", "required", missing, 2],
    ["Zg=", "base64", "required", missing, 3],
    ["Zg=", "base64url", "optional", missing, 3],
    ["Zm8", "base64", "required", missing, 3],
    ["Zg==", "base64url", "forbidden", unwanted, 2],
    ["Zm8=", "base64", "forbidden", unwanted, 3],
    ["Z", "base64", "optional", single, 0],
    ["Zm9vY", "base64url", "forbidden", single, 4],
    ["Z==", "base64", "required", single, 0],
    ["Zh==", "base64", "required", bits, 1],
    ["Zm9=", "base64", "required", bits, 2],
    ["Zm9vZh", "base64url", "forbidden", bits, 5],
  ];
  for (const [text, alphabet, padding, error, offset] of cases) {
    test(`${JSON.stringify(text)}, ${alphabet}, padding ${padding}: ${error}`, () => {
      assert.deepEqual(decode(text, alphabet, padding), { error, offset });
    });
  }

  test("text that is no UTF-8, at the character where it begins", () => {
    const decodeText = (bytes: number[]): string | Fault => {
      const text = Buffer.from(bytes).toString("base64");
      const { driver } = client;
      return textResult(driver, driver.exports.decodeText(driver.writeText(text), 0, 0));
    };
    assert.equal(decodeText([0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80]), "é\u{1f600}");
    const error = "base64: not UTF-8";
    assert.deepEqual(decodeText([0xff]), { error, offset: 0 });
    assert.deepEqual(decodeText([0x61, 0xc0, 0xaf]), { error, offset: 1 });
    assert.deepEqual(decodeText([0x61, 0x61, 0xc3]), { error, offset: 2 });
    assert.deepEqual(decodeText([0x61, 0x61, 0x61, 0xed, 0xa0, 0x80]), { error, offset: 4 });
  });
});

describe("the same as Node", () => {
  test("for every code unit up to 300, and some beyond, in each place", () => {
    for (const alphabet of ALPHABETS) {
      for (let place = 0; place < 6; place++) {
        for (let unit = 0; unit < 0x1_0000; unit++) {
          if (unit > 300) unit += 96;
          const text = `${"A".repeat(place)}${String.fromCharCode(unit)}${"A".repeat(5 - place)}`;
          const result = decode(text, alphabet, "optional");
          const expected = nodeDecode(text, alphabet, "optional");
          if (expected) assert.deepEqual(result, expected);
          else assert.ok("error" in result, JSON.stringify(text));
        }
        client.driver.collect();
      }
    }
  });

  test("for text, lone surrogates as U+FFFD", () => {
    for (const text of ["", "é", "\u{1f600}", "\ud83d", "a\ude00b", "\u0000", "user:pässword"]) {
      const { driver } = client;
      const { exports } = driver;
      const encoded = driver.readText(exports.encodeText(driver.writeText(text), 0, 1)) ?? "";
      assert.equal(encoded, Buffer.from(text).toString("base64"));
      assert.equal(
        textResult(driver, exports.decodeText(driver.writeText(encoded), 0, 0)),
        Buffer.from(text).toString(),
      );
    }
  });
});

test("16 MB are encoded and decoded, and refused for a fault at the very end", () => {
  const bytes = Buffer.alloc(LARGE, "0123456789");
  const text = encode(bytes, "base64", true);
  assert.equal(text, bytes.toString("base64"));
  const result = decode(text, "base64", "required");
  assert.ok(Buffer.isBuffer(result) && result.equals(bytes));
  assert.ok("error" in decode(text.slice(0, -1), "base64", "required"));
  assert.ok("error" in decode("=".repeat(LARGE), "base64", "required"));
  // Texts, bytes and what was made of them, several at a time.
  assert.ok(client.driver.memorySize < 512 * 1024 * 1024, `${client.driver.memorySize}`);
});

testFuzzes(fuzzes, 3000, 4648);

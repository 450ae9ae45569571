import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { Random } from "../testing/random.ts";
import { bytesResult, textResult, type Fault, type ResultExports } from "../testing/results.ts";

interface Base64Exports extends ResultExports {
  encode(bytes: number, url: number, padding: number): number;
  encodeText(text: number, url: number, padding: number): number;
  encodeBytes(bytes: number, url: number, padding: number): number;
  encodeDefault(bytes: number, url: number): number;
  decode(text: number, url: number, padding: number): number;
  decodeText(text: number, url: number, padding: number): number;
  decodeBytes(characters: number, url: number, padding: number): number;
  decodeDefault(text: number, url: number): number;
}

const PADDING = { required: 0, forbidden: 1, optional: 2 } as const;
type Padding = keyof typeof PADDING;
const ALPHABETS = ["base64", "base64url"] as const;
type Alphabet = (typeof ALPHABETS)[number];

const LARGE = 16 * 1024 * 1024;

let driver: Driver<Base64Exports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/base64.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

/** All forms of encoding, which must agree. */
function encode(bytes: Uint8Array, alphabet: Alphabet, padding: boolean): string {
  const url = Number(alphabet === "base64url");
  const data = driver.writeBytes(bytes);
  const text = driver.readText(driver.exports.encode(data, url, Number(padding)));
  const characters = driver.readBytes(driver.exports.encodeBytes(data, url, Number(padding)));
  assert.equal(Buffer.from(characters ?? []).toString("latin1"), text);
  return text ?? "";
}

/** All forms of decoding, which must agree. */
function decode(text: string, alphabet: Alphabet, padding: Padding): Buffer | Fault {
  const url = Number(alphabet === "base64url");
  const { exports } = driver;
  const result = bytesResult(driver, exports.decode(driver.writeText(text), url, PADDING[padding]));
  const latin1 = Buffer.from(text, "latin1");
  if (latin1.toString("latin1") === text) {
    const characters = driver.writeBytes(latin1);
    assert.deepEqual(
      bytesResult(driver, exports.decodeBytes(characters, url, PADDING[padding])),
      result,
    );
  }
  return result;
}

/** Node's encoding. */
function nodeEncode(bytes: Uint8Array, alphabet: Alphabet, padding: boolean): string {
  const text = Buffer.from(bytes).toString("base64").replace(/=+$/, "");
  const filled = padding ? text + "=".repeat(-text.length & 3) : text;
  return alphabet === "base64" ? filled : filled.replaceAll("+", "-").replaceAll("/", "_");
}

/** What must come of a text: Node takes anything, so only what it would write itself is right. */
function nodeDecode(text: string, alphabet: Alphabet, padding: Padding): Buffer | undefined {
  const bytes = Buffer.from(text, alphabet);
  const forms = { required: [true], forbidden: [false], optional: [true, false] }[padding];
  return forms.some((form) => nodeEncode(bytes, alphabet, form) === text) ? bytes : undefined;
}

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
  const { exports } = driver;
  assert.equal(driver.readText(exports.encodeText(driver.writeText(header), 1, 0)), text);
  assert.equal(textResult(driver, exports.decodeText(driver.writeText(text), 1, 1)), header);
  const octets = Buffer.from([3, 236, 255, 224, 193]);
  assert.equal(encode(octets, "base64url", false), "A-z_4ME");
  assert.deepEqual(decode("A-z_4ME", "base64url", "forbidden"), octets);
});

test("what encoding writes by default, decoding takes by default", () => {
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
        driver.collect();
      }
    }
  });

  test("for random bytes, whole and damaged, 10,000 times", () => {
    const random = new Random(4648);
    let refused = 0;
    for (let i = 0; i < 10_000; i++) {
      const alphabet = random.pick(ALPHABETS);
      const padding = random.pick<Padding>(["required", "forbidden", "optional"]);
      const bytes = Uint8Array.from({ length: random.below(20) }, () => random.below(256));
      const padded = random.once(2);
      let text = encode(bytes, alphabet, padded);
      assert.equal(text, nodeEncode(bytes, alphabet, padded));
      if (!random.once(3)) {
        const from = random.below(text.length + 1);
        const piece = random.pick(["", "=", "A", "B", "/", "-", " ", "é", "\u0141", "\ud83d"]);
        text = text.slice(0, from) + piece + text.slice(from + random.below(3));
      }
      const result = decode(text, alphabet, padding);
      const expected = nodeDecode(text, alphabet, padding);
      if (expected) {
        assert.deepEqual(result, expected, text);
      } else {
        assert.ok("error" in result, text);
        // Up to the fault, all is in order.
        assert.match(text.slice(0, result.offset), /^[-\w+/]*={0,2}$/);
        assert.ok(result.offset <= text.length);
        refused++;
      }
      if (i % 1000 === 0) driver.collect();
    }
    assert.ok(refused > 2500 && refused < 7500, `${refused} refused`);
  });

  test("for text, lone surrogates as U+FFFD", () => {
    for (const text of ["", "é", "\u{1f600}", "\ud83d", "a\ude00b", "\u0000", "user:pässword"]) {
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
  assert.ok(driver.memorySize < 512 * 1024 * 1024, `${driver.memorySize}`);
});

// Node's TextDecoder and TextEncoder are the judges: the Encoding Standard is what they implement.
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { Random } from "../testing/random.ts";
import { STRESS_TEXTS } from "../testing/utf8-texts.ts";

interface TextExports {
  decode(data: number, size: number): number;
  decodeEach(data: number, size: number, step: number, target: number): number;
  encode(text: number, target: number): number;
  encodeFirst(text: number, length: number, target: number): number;
  maxSize(length: number): number;
  grow(): void;
}

const PAGE = 65_536;

let binary: Uint8Array<ArrayBuffer>;
let driver: Driver<TextExports>;
before(async () => {
  binary = await compileDriver("assembly/runtime/text.driver.ts");
  driver = new Driver(binary);
});
beforeEach(() => {
  driver.collect();
});

const standard = new TextDecoder("utf-8", { ignoreBOM: true });

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** What the SDK decodes the bytes to. */
function decode(bytes: Uint8Array): string {
  return driver.readText(driver.exports.decode(driver.writeBytes(bytes), bytes.length)) ?? "";
}

/** That the SDK and the standard agree. Long texts are not printed. */
function decodesAsTheStandard(bytes: Uint8Array): void {
  const [found, expected] = [decode(bytes), standard.decode(bytes)];
  if (found === expected) return;
  if (bytes.length < 100) assert.equal(found, expected, hex(bytes));
  let at = 0;
  while (found[at] === expected[at]) at++;
  const near = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 10), at + 10));
  assert.fail(`unit ${at} of ${expected.length}: ${near(found)} is not ${near(expected)}`);
}

/** That all sequences, of one length, are decoded as the standard has it, also with nothing behind. */
function decodesEachAsTheStandard(sequences: Uint8Array, step: number): void {
  const separated = new Uint8Array((sequences.length / step) * (step + 1)).fill(0x7c);
  for (let from = 0, to = 0; from < sequences.length; from += step, to += step + 1)
    separated.set(sequences.subarray(from, from + step), to);
  decodesAsTheStandard(separated);
  // A sequence that ends too soon means the same before "|" and at the end.
  const { exports } = driver;
  const target = driver.writeBytes(new Uint8Array(2 * separated.length));
  const size = exports.decodeEach(driver.writeBytes(sequences), sequences.length, step, target);
  const units = Buffer.from(exports.memory.buffer, target, size);
  assert.ok(units.toString("utf16le") === standard.decode(separated), "each for itself");
}

/** All sequences that have one of the given bytes in each place. */
function product(...places: readonly (readonly number[])[]): Uint8Array {
  let sequences: number[][] = [[]];
  for (const bytes of places)
    sequences = sequences.flatMap((front) => bytes.map((byte) => [...front, byte]));
  return Uint8Array.from(sequences.flat());
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("decoding", () => {
  test("gives what is known of overlong forms, surrogates and stray bytes", () => {
    const known: readonly (readonly [bytes: readonly number[], text: string])[] = [
      [[], ""],
      [[0xc0, 0xaf], "\ufffd\ufffd"],
      [[0x80, 0x81], "\ufffd\ufffd"],
      [[0xe0, 0x80, 0xaf], "\ufffd\ufffd\ufffd"],
      [[0xe2, 0x82], "\ufffd"],
      [[0xe2, 0x82, 0x41], "\ufffdA"],
      [[0xf0, 0x9f, 0x98], "\ufffd"],
      [[0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
      [[0xf4, 0x90, 0x80, 0x80], "\ufffd\ufffd\ufffd\ufffd"],
      [[0xf0, 0x9f, 0x98, 0x80], "\u{1f600}"],
    ];
    for (const [bytes, text] of known) assert.equal(decode(Uint8Array.from(bytes)), text);
  });

  test("keeps a byte order mark and a NUL, wherever they are", () => {
    for (const text of ["\ufeff", "\ufeff\ufeffa", "a\ufeff", "\0", "a\0b", "\0\ufeff\0"])
      assert.equal(decode(Buffer.from(text)), text);
  });

  test("is right for every sequence of one and of two bytes", () => {
    decodesEachAsTheStandard(product(range(0, 255)), 1);
    decodesEachAsTheStandard(product(range(0, 255), range(0, 255)), 2);
  });

  test("is right for every sequence of three bytes that begins with E0 to EF", () => {
    for (const lead of range(0xe0, 0xef)) {
      decodesEachAsTheStandard(product([lead], range(0, 255), range(0, 255)), 3);
      driver.collect();
    }
  });

  test("is right where sequences of four and of five bytes go wrong", () => {
    // prettier-ignore
    const edges = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xf0, 0xf4, 0xff];
    const leads = [...range(0xf0, 0xf8), 0xfc, 0xfe, 0xff, 0xed, 0x80];
    decodesEachAsTheStandard(product(leads, edges, edges, edges), 4);
    const few = [0x41, 0x80, 0x90, 0xbf, 0xe1, 0xf1];
    decodesEachAsTheStandard(product(few, few, few, few, few), 5);
  });

  test("gives every code point back", () => {
    const points = range(0, 0x10ffff).filter((point) => point < 0xd800 || point > 0xdfff);
    for (let at = 0; at < points.length; at += 100_000) {
      const text = points
        .slice(at, at + 100_000)
        .map((point) => String.fromCodePoint(point))
        .join("");
      assert.ok(decode(Buffer.from(text)) === text, `from ${points[at] ?? 0}`);
      driver.collect();
    }
  });

  test("is right for texts that are cut anywhere", () => {
    const text = Buffer.from("a\u00e9\u20ac\u{1f600}\ufeff\u{10ffff}\u0800\u07ffz");
    for (let from = 0; from <= text.length; from++) {
      for (let to = from; to <= text.length; to++) decodesAsTheStandard(text.subarray(from, to));
    }
  });

  for (const [what, bytes] of STRESS_TEXTS) {
    test(`is right for ${what}`, () => {
      decodesAsTheStandard(bytes);
      for (let end = 0; end < bytes.length; end++) decodesAsTheStandard(bytes.subarray(0, end));
    });
  }

  test("is right for megabytes of random bytes", () => {
    const random = new Random(8);
    // prettier-ignore
    const likely = [0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf3, 0xf4] as const;
    for (const byte of [() => random.below(256), () => random.pick(likely)]) {
      for (let round = 0; round < 20; round++) {
        decodesAsTheStandard(Uint8Array.from({ length: 50_000 + round }, byte));
        driver.collect();
      }
      decodesEachAsTheStandard(Uint8Array.from({ length: 140_000 }, byte), 7);
    }
  });

  test("reads nothing behind its input", () => {
    // In a memory of its own, which ends where the input ends: a read beyond it traps.
    const own = new Driver<TextExports>(binary);
    own.writeBytes(new Uint8Array(4 * PAGE));
    own.collect(); // leaves room for the strings
    const { exports } = own;
    exports.grow();
    const end = own.memorySize;
    const bytes = new Uint8Array(exports.memory.buffer);
    const leads = [0x41, 0x80, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xf0, 0xf1, 0xf4, 0xff];
    for (const length of [1, 2, 3, 4]) {
      const places = [leads, [0x80, 0x90, 0xa0], [0x80, 0xbf], [0x80]].slice(0, length);
      const sequences = product(...places);
      for (let at = 0; at < sequences.length; at += length) {
        const sequence = sequences.subarray(at, at + length);
        const expected = standard.decode(sequence);
        bytes.set(sequence, end - length);
        assert.equal(own.readText(exports.decode(end - length, length)), expected, hex(sequence));
        // Now what could complete the sequence lies behind it.
        bytes.fill(0x80, end - 8);
        bytes.set(sequence, end - 8);
        assert.equal(own.readText(exports.decode(end - 8, length)), expected, hex(sequence));
        own.collect();
      }
    }
    assert.equal(own.readText(exports.decode(end, 0)), "");
    assert.equal(own.memorySize, end, "the memory has not grown");
  });
});

/** Where the SDK is made to write to, filled so that what it writes shows. */
function encoded(text: string, length = text.length): Uint8Array {
  const { exports } = driver;
  const room = exports.maxSize(length);
  const margin = 16;
  const pointer = driver.writeText(text);
  const area = driver.writeBytes(new Uint8Array(room + 2 * margin).fill(0xa5));
  const target = area + margin;
  const size =
    length === text.length
      ? exports.encode(pointer, target)
      : exports.encodeFirst(pointer, length, target);
  assert.ok(size <= room, `${size} bytes of ${length} units`);
  const after = driver.readBytes(area) ?? new Uint8Array();
  const untouched = [after.subarray(0, margin), after.subarray(margin + size)];
  assert.ok(
    untouched.every((part) => part.every((byte) => byte === 0xa5)),
    `it wrote beyond the ${size} bytes that it returned`,
  );
  return after.subarray(margin, margin + size);
}

describe("encoding", () => {
  const encoder = new TextEncoder();

  function encodesAsTheStandard(text: string): void {
    const [found, expected] = [encoded(text), encoder.encode(text)];
    assert.ok(Buffer.compare(found, expected) === 0, JSON.stringify(text.slice(0, 50)));
  }

  // The first and the last unit of each kind.
  const UNITS = [
    0x0000, 0x0041, 0x007f, 0x0080, 0x07ff, 0x0800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000,
    0xfeff, 0xffff,
  ];

  test("is right for every unit alone, and for every code point", () => {
    encodesAsTheStandard("");
    for (let at = 0; at <= 0xffff; at += 0x1000) {
      const units = range(at, at + 0xfff);
      encodesAsTheStandard(units.map((unit) => `${String.fromCharCode(unit)}|`).join(""));
    }
    for (let at = 0x10000; at <= 0x10ffff; at += 0x10000) {
      encodesAsTheStandard(
        range(at, at + 0xffff)
          .map((point) => String.fromCodePoint(point))
          .join(""),
      );
      driver.collect();
    }
  });

  test("makes U+FFFD of a lone surrogate, in every place", () => {
    assert.equal(hex(encoded("\ud800")), "efbfbd");
    assert.equal(hex(encoded("\ude00\ud83d")), "efbfbdefbfbd");
    for (const first of UNITS) {
      for (const second of UNITS) {
        encodesAsTheStandard(String.fromCharCode(first, second));
        for (const third of UNITS) {
          encodesAsTheStandard(String.fromCharCode(first, second, third));
          encodesAsTheStandard(String.fromCharCode(0x61, first, second, third, 0x7a));
        }
      }
      driver.collect();
    }
  });

  test("of the first units of a text is that of the text cut there", () => {
    const text = "a\u00e9\u20ac\u{1f600}\ud800\u{10ffff}\udc00\ud83d";
    for (let length = 0; length <= text.length; length++)
      assert.equal(hex(encoded(text, length)), hex(encoder.encode(text.slice(0, length))));
  });

  test("is right for random texts, and decoding gives them back", () => {
    const random = new Random(9);
    for (let round = 0; round < 20; round++) {
      const units = Array.from({ length: 20_000 }, () =>
        random.once(2) ? (UNITS[random.below(UNITS.length)] ?? 0) : random.below(0x10000),
      );
      let text = "";
      for (const unit of units) text += String.fromCharCode(unit);
      encodesAsTheStandard(text);
      assert.ok(decode(encoded(text)) === Buffer.from(text).toString("utf8"), `round ${round}`);
      driver.collect();
    }
  });

  test("never takes more than three bytes for a unit", () => {
    for (const unit of ["\uffff", "\ud800", "\udc00"]) {
      const text = unit.repeat(1000);
      assert.equal(encoded(text).length, driver.exports.maxSize(1000));
    }
  });
});

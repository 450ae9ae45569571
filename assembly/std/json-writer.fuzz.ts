// Fuzzing of the JSON writer: JSON.stringify and String are what it must agree with.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import { randomJson } from "../testing/json-texts.ts";
import type { Random } from "../testing/random.ts";

interface WriterExports {
  numbers(doubles: number): number;
  member(text: number): number;
  rewrite(text: number): number;
}

/** How many doubles are one input: the way to the driver and back costs more than they do. */
const DOUBLES = 8;

const load = async (): Promise<Driver<WriterExports>> =>
  new Driver(await compileDriver("assembly/std/json-writer.driver.ts"));

/** Doubles of all kinds: any bits, few digits, whole numbers, powers of two and ten and beside. */
function randomDouble(random: Random, bits: DataView): number {
  bits.setUint32(0, random.below(2 ** 32));
  bits.setUint32(4, random.below(2 ** 32));
  const sign = random.once(2) ? -1 : 1;
  switch (random.below(8)) {
    case 0:
      return (sign * random.below(2 ** 32)) / 10 ** random.below(12);
    case 1:
      return sign * Number(bits.getBigUint64(0) >> BigInt(random.below(64)));
    case 2:
      return sign * 2 ** (random.below(2099) - 1074);
    case 3:
      return sign * (2 ** (random.below(100) - 50) + random.below(3) * 2 ** -51);
    case 4:
      return sign * Number(`${1 + random.below(999)}e${random.below(640) - 325}`);
    case 5:
      // The smallest doubles.
      bits.setUint32(0, random.below(0x0020_0000));
      return sign * bits.getFloat64(0);
    default:
      return bits.getFloat64(0);
  }
}

const jsonNumbers = defineFuzz<readonly number[]>({
  name: "json-writer-numbers",
  input(random) {
    const bits = new DataView(new ArrayBuffer(8));
    return Array.from({ length: DOUBLES }, () => randomDouble(random, bits));
  },
  async load() {
    const driver = await load();
    return {
      compare(doubles) {
        const bytes = new Uint8Array(Float64Array.from(doubles).buffer);
        const ours = driver.readText(driver.exports.numbers(driver.writeBytes(bytes)));
        const expected = doubles.map((double) => JSON.stringify(double)).join(" ");
        if (ours !== expected) assert.equal(ours, expected);
        return "equal";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
});

const PIECES = [
  "plain text",
  '"',
  "\\",
  "\b\f\n\r\t",
  "\u0000",
  "\u001f",
  "\u007f",
  "\u0080",
  "é",
  "\u07ff",
  "\u0800",
  "\u2028",
  "\ud7ff",
  "\ud800",
  "\udbff",
  "\udc00",
  "\udfff",
  "\ue000",
  "\uffff",
  "\u{10000}",
  "\u{1f600}",
  "\u{10ffff}",
] as const;

const jsonStrings = defineFuzz<string>({
  name: "json-writer-strings",
  input(random) {
    const text = (length: number): string =>
      Array.from({ length }, () =>
        random.once(4) ? String.fromCharCode(random.below(0x1_0000)) : random.pick(PIECES),
      ).join("");
    // Some around the size of the pieces in which a text is written.
    return random.once(40)
      ? "x".repeat(505 + random.below(8)) + text(random.below(16))
      : text(random.below(12));
  },
  async load() {
    const driver = await load();
    return {
      compare(text) {
        const ours = driver.readText(driver.exports.member(driver.writeText(text)));
        const expected = JSON.stringify({ [text]: text });
        if (ours !== expected) assert.equal(ours, expected);
        return Buffer.from(text).toString() === text ? "well-formed" : "lone surrogates";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { "well-formed": 0.1, "lone surrogates": 0.1 },
});

const jsonDocuments = defineFuzz<string>({
  name: "json-writer",
  input: (random) => randomJson(random),
  async load() {
    const driver = await load();
    return {
      compare(text) {
        const ours = driver.readText(driver.exports.rewrite(driver.writeText(text))) ?? "";
        // A writer keeps keys in their order and those that come twice: compared as values.
        const node = JSON.stringify(readBack(text));
        assert.equal(JSON.stringify(readBack(ours)), node);
        // Written as JSON.stringify writes: once written, always the same.
        assert.equal(driver.readText(driver.exports.rewrite(driver.writeText(ours))), ours);
        return ours.startsWith("{") || ours.startsWith("[") ? "container" : "scalar";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { container: 0.2, scalar: 0.2 },
});

/** The value of a text; numbers beyond all doubles are 0, as the driver reads them. */
function readBack(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? 0 : value,
  ) as unknown;
}

export const fuzzes: readonly Fuzz[] = [jsonDocuments, jsonStrings, jsonNumbers];

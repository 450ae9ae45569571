// Fuzzing of the protobuf writer and reader beside an oracle with big integers.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import { dumpWithOracle, tag, varint, WIRE } from "../testing/protobuf-oracle.ts";
import type { Random } from "../testing/random.ts";

interface ProtobufExports {
  dump(bytes: number, maxDepth: number): number;
  error(): number;
  errorOffset(): number;
  begin(maxSize: number): void;
  end(field: number): void;
  finish(): number;
  reset(): void;
  writeBytes(field: number, value: number): void;
  writeString(field: number, value: number): void;
  writeNumber(kind: number, field: number, bits: bigint): void;
}

/** A number's bits: small ones, large ones, and those at the edges. */
function randomBits(random: Random): bigint {
  const edge = 2n ** BigInt(random.below(65)) - BigInt(random.below(2));
  const wide = BigInt(random.below(2 ** 32)) * 2n ** 32n + BigInt(random.below(2 ** 32));
  return BigInt.asUintN(64, random.pick([BigInt(random.below(300)), edge, wide, -edge]));
}

const WIRES: Readonly<Record<number, number>> = { 8: 5, 9: 5, 10: 5, 11: 1, 12: 1, 13: 1 };

/** A number without the payload of a NaN, which WebAssembly need not keep. */
const isPlain = (kind: number, bits: bigint): boolean =>
  (kind !== 10 || (bits & 0x7f80_0000n) !== 0x7f80_0000n) &&
  (kind !== 13 || (bits & 0x7ff0_0000_0000_0000n) !== 0x7ff0_0000_0000_0000n);

/** One call of a writer. */
type Step =
  | { readonly call: "begin" }
  | { readonly call: "end"; readonly field: number }
  | { readonly call: "bytes" | "string"; readonly field: number; readonly text: string }
  | {
      readonly call: "number";
      readonly kind: number;
      readonly field: number;
      readonly bits: bigint;
    };

/** Adds the calls that write random fields, and answers the bytes that must come of it. */
function randomFields(random: Random, steps: Step[], depth = 0): number[] {
  const bytes: number[] = [];
  for (let left = random.below(5); left > 0; left--) {
    const kind = 1 + random.below(16);
    const field = kind + 32 * (random.once(3) ? random.below(2 ** 24 - 1) : random.below(3));
    if (kind === 15) {
      steps.push({ call: "begin" });
      const inner = depth < 5 ? randomFields(random, steps, depth + 1) : [];
      steps.push({ call: "end", field });
      bytes.push(...tag(field, WIRE.delimited), ...varint(BigInt(inner.length)), ...inner);
    } else if (kind === 14 || kind === 16) {
      const text = "aé\u{1f600}".repeat(random.below(random.once(10) ? 100 : 3));
      const content = Buffer.from(text);
      steps.push({ call: kind === 14 ? "bytes" : "string", field, text });
      bytes.push(...tag(field, WIRE.delimited), ...varint(BigInt(content.length)), ...content);
    } else {
      const bits = randomBits(random);
      if (!isPlain(kind, bits)) continue;
      steps.push({ call: "number", kind, field, bits });
      bytes.push(...tag(field, WIRES[kind] ?? 0), ...numberBytes(kind, bits));
    }
  }
  return bytes;
}

/** A number of that type on the wire. */
function numberBytes(kind: number, bits: bigint): Iterable<number> {
  const [signed32, signed64] = [BigInt.asIntN(32, bits), BigInt.asIntN(64, bits)];
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(bits);
  if (WIRES[kind] !== undefined) return buffer.subarray(0, WIRES[kind] === 5 ? 4 : 8);
  if (kind === 1) return varint(signed32);
  if (kind === 3) return varint(BigInt.asUintN(32, bits));
  if (kind === 5) return varint(signed32 < 0n ? -2n * signed32 - 1n : 2n * signed32);
  if (kind === 6) return varint(signed64 < 0n ? -2n * signed64 - 1n : 2n * signed64);
  return varint(kind === 7 ? BigInt(bits !== 0n) : bits);
}

/** The bytes with a few changed, inserted or cut off. */
function damage(random: Random, bytes: readonly number[]): number[] {
  const at = random.below(bytes.length + 1);
  const byte = random.pick([0, 1, 0x7f, 0x80, 0xff, 0x0b, 0x0c, 0x7a, random.below(256)]);
  if (random.once(5)) return bytes.slice(0, at);
  return [...bytes.slice(0, at), byte, ...bytes.slice(at + random.below(2))];
}

interface Input {
  readonly steps: readonly Step[];
  /** What the steps must write. */
  readonly written: readonly number[];
  /** What is read: that, whole or damaged. */
  readonly bytes: readonly number[];
  readonly maxDepth: number;
}

const protobuf = defineFuzz<Input>({
  name: "protobuf",
  input(random) {
    const steps: Step[] = [];
    const written = randomFields(random, steps);
    let bytes: number[] = [...written];
    if (random.once(4)) bytes.push(...varint(randomBits(random), random.below(10)));
    while (random.once(2)) bytes = damage(random, bytes);
    return { steps, written, bytes, maxDepth: random.pick([100, 2]) };
  },
  async load() {
    const driver = new Driver<ProtobufExports>(
      await compileDriver("assembly/std/protobuf.driver.ts"),
    );
    const { exports } = driver;
    const write = (step: Step): void => {
      if (step.call === "begin") exports.begin(-1);
      else if (step.call === "end") exports.end(step.field);
      else if (step.call === "number") exports.writeNumber(step.kind, step.field, step.bits);
      else if (step.call === "string") exports.writeString(step.field, driver.writeText(step.text));
      else exports.writeBytes(step.field, driver.writeBytes(Buffer.from(step.text)));
    };
    return {
      compare({ steps, written, bytes, maxDepth }) {
        exports.reset();
        exports.begin(-1);
        for (const step of steps) write(step);
        assert.deepEqual([...(driver.readBytes(exports.finish()) ?? [])], written);

        const input = Uint8Array.from(bytes);
        const text = driver.readText(exports.dump(driver.writeBytes(input), maxDepth)) ?? "";
        const oracle = dumpWithOracle(input, maxDepth);
        assert.equal(driver.readText(exports.error()), oracle.error);
        assert.equal(exports.errorOffset(), oracle.offset);
        // What comes after an error is 0 or empty, and worth nothing.
        if (oracle.error === null) assert.equal(text, oracle.text);
        else assert.ok(text.startsWith(oracle.text));
        return oracle.error === null ? "read" : "refused";
      },
      collect: () => {
        exports.reset();
        driver.collect();
      },
    };
  },
  shares: { read: 0.25, refused: 0.25 },
});

export const fuzzes: readonly Fuzz[] = [protobuf];

// The wire format of Protocol Buffers once more, slow and with big integers, to compare with.

export const WIRE = { varint: 0, fixed64: 1, delimited: 2, begin: 3, end: 4, fixed32: 5 } as const;

/** The bytes of a varint; `padding` more than it needs. */
export function varint(value: bigint, padding = 0): number[] {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); rest > 0n || bytes.length === 0; rest >>= 7n)
    bytes.push(Number(rest & 127n));
  for (let i = 0; i < padding && bytes.length < 10; i++) bytes.push(0);
  return bytes.map((byte, i) => (i < bytes.length - 1 ? byte | 128 : byte));
}

/** The bytes of a tag. */
export function tag(field: number, wireType: number): number[] {
  return varint(BigInt(field) * 8n + BigInt(wireType));
}

/** What the driver makes of a message: its dump, and the error and its offset. */
export interface Dump {
  readonly text: string;
  readonly error: string | null;
  readonly offset: number;
}

/** The values of each type, by the driver's number, from the bits on the wire. */
const NUMBERS: Readonly<Record<number, { wire: number; text: (bits: bigint) => string }>> = {
  1: { wire: WIRE.varint, text: (bits) => String(BigInt.asIntN(32, bits)) },
  2: { wire: WIRE.varint, text: (bits) => String(BigInt.asIntN(64, bits)) },
  3: { wire: WIRE.varint, text: (bits) => String(BigInt.asUintN(32, bits)) },
  4: { wire: WIRE.varint, text: String },
  5: { wire: WIRE.varint, text: (bits) => String(zigzag(BigInt.asUintN(32, bits))) },
  6: { wire: WIRE.varint, text: (bits) => String(zigzag(bits)) },
  7: { wire: WIRE.varint, text: (bits) => String(bits !== 0n) },
  8: { wire: WIRE.fixed32, text: String },
  9: { wire: WIRE.fixed32, text: (bits) => String(BigInt.asIntN(32, bits)) },
  10: { wire: WIRE.fixed32, text: String },
  11: { wire: WIRE.fixed64, text: String },
  12: { wire: WIRE.fixed64, text: (bits) => String(BigInt.asIntN(64, bits)) },
  13: { wire: WIRE.fixed64, text: String },
};

function zigzag(bits: bigint): bigint {
  return bits % 2n === 0n ? bits / 2n : -(bits + 1n) / 2n;
}

class Fault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`protobuf: ${message}`);
    this.offset = offset;
  }
}

/** Reads a message as the driver does. */
export function dumpWithOracle(bytes: Uint8Array, maxDepth: number): Dump {
  const oracle = new Oracle(bytes, maxDepth);
  try {
    oracle.message(0, bytes.length, 0);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { text: oracle.lines.join("\n"), error: error.message, offset: error.offset };
  }
  return { text: oracle.lines.join("\n"), error: null, offset: -1 };
}

class Oracle {
  readonly lines: string[] = [];
  readonly #bytes: Uint8Array;
  readonly #maxDepth: number;
  #at = 0;

  constructor(bytes: Uint8Array, maxDepth: number) {
    this.#bytes = bytes;
    this.#maxDepth = maxDepth;
  }

  message(start: number, end: number, depth: number): void {
    this.#at = start;
    while (this.#at < end) {
      const [field, wire, tagStart] = this.#tag(end);
      if (wire === WIRE.end) throw new Fault("end of a group that has not begun", tagStart);
      if (wire === WIRE.begin) this.#skipGroup(field, tagStart, end, depth + 1);
      else this.#field(field, wire, end, depth);
    }
  }

  #field(field: number, wire: number, end: number, depth: number): void {
    const [bits, start] = this.#value(wire, end);
    const next = this.#at;
    const kind = field & 31;
    const number = NUMBERS[kind];
    const expect = (expected: number): void => {
      if (wire !== expected) throw new Fault("value is of another type", start);
    };
    const content = this.#bytes.subarray(start, next);
    if (number) {
      expect(number.wire);
      this.lines.push(`${field} ${number.text(bits)}`);
    } else if (kind === 14) {
      expect(WIRE.delimited);
      this.lines.push(`${field} ${content.join(",")}`);
    } else if (kind === 15) {
      this.lines.push(`${field} {`);
      expect(WIRE.delimited);
      if (depth + 1 > this.#maxDepth) throw new Fault("nested too deep", start);
      this.message(start, next, depth + 1);
      this.lines.push("}");
    } else if (kind === 16) {
      expect(WIRE.delimited);
      this.lines.push(`${field} ${this.#text(start, content)}`);
    } else if (kind === 17 || kind === 18) {
      const item = kind === 17 ? WIRE.varint : WIRE.fixed32;
      if (wire !== item) expect(WIRE.delimited);
      if (depth + 1 > this.#maxDepth) throw new Fault("nested too deep", start);
      this.#at = start;
      let text = "";
      while (this.#at < next) text += `${this.#value(item, next)[0]},`;
      this.lines.push(`${field} ${field}:${text}`);
    } else if (kind === 19) {
      throw new Fault("value is of another type", start);
    }
    this.#at = next;
  }

  #text(start: number, content: Uint8Array): string {
    for (let length = content.length; ; length--) {
      try {
        const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
        const text = decoder.decode(content.subarray(0, length));
        if (length === content.length) return text;
        throw new Fault("string is not UTF-8", start + length);
      } catch (error) {
        if (error instanceof Fault) throw error;
      }
    }
  }

  #skipGroup(field: number, start: number, end: number, depth: number): void {
    if (depth > this.#maxDepth) throw new Fault("nested too deep", start);
    for (;;) {
      if (this.#at >= end) throw new Fault("cut off", start);
      const [inner, wire, tagStart] = this.#tag(end);
      if (wire === WIRE.begin) this.#skipGroup(inner, tagStart, end, depth + 1);
      else if (wire !== WIRE.end) this.#value(wire, end);
      else if (inner === field) return;
      else throw new Fault("end of a group that has not begun", tagStart);
    }
  }

  #tag(end: number): [field: number, wire: number, start: number] {
    const start = this.#at;
    const value = this.#varint(end);
    if (value >= 2n ** 32n || value < 8n) throw new Fault("no field number", start);
    if (value % 8n > 5n) throw new Fault("no wire type", start);
    return [Number(value / 8n), Number(value % 8n), start];
  }

  #value(wire: number, end: number): [bits: bigint, start: number] {
    const start = this.#at;
    if (wire === WIRE.varint) return [this.#varint(end), start];
    if (wire === WIRE.delimited) {
      const size = this.#varint(end);
      if (size > BigInt(end - this.#at)) throw new Fault("cut off", start);
      const content = this.#at;
      this.#at += Number(size);
      return [size, content];
    }
    const size = wire === WIRE.fixed64 ? 8 : 4;
    if (end - start < size) throw new Fault("cut off", start);
    this.#at += size;
    const hex = Buffer.from(this.#bytes.subarray(start, this.#at)).reverse().toString("hex");
    return [BigInt(`0x${hex}`), start];
  }

  #varint(end: number): bigint {
    const start = this.#at;
    let value = 0n;
    for (let i = 0n; ; i++) {
      if (this.#at >= end) throw new Fault("cut off", start);
      const byte = this.#bytes[this.#at++] ?? 0;
      value += BigInt(byte & 127) << (7n * i);
      if (value >= 2n ** 64n || (i === 9n && byte > 1))
        throw new Fault("varint beyond 64 bits", start);
      if (byte < 128) return value;
    }
  }
}

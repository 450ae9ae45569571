// As much of the protobuf wire format as host calls have in their arguments. Read strictly, as Envoy does:
// what is malformed anywhere is no message.

/** A field: a number for varints and fixed words, bytes for what has a length. */
export interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const GROUP_START = 3;
const GROUP_END = 4;
const FIXED32 = 5;

const MOST_VARINT_BYTES = 10;
const MOST_NESTED_GROUPS = 100;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Thrown for what is no message, and caught where it is read. */
class Malformed extends Error {}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The fields up to the end, or to the end of the group of that number. */
  fields(group: number | null = null, depth = 0): Field[] {
    const fields: Field[] = [];
    while (this.#at < this.#bytes.length) {
      const tag = this.#varint();
      const number = Number(tag >> 3n);
      const type = Number(tag & 7n);
      if (number === 0 || tag > 0xffff_ffffn) throw new Malformed();
      if (type === GROUP_END) {
        if (number !== group) throw new Malformed();
        return fields;
      }
      if (type === GROUP_START) {
        if (depth === MOST_NESTED_GROUPS) throw new Malformed();
        this.fields(number, depth + 1);
      } else {
        fields.push({ number, value: this.#value(type) });
      }
    }
    if (group !== null) throw new Malformed();
    return fields;
  }

  #value(type: number): bigint | Uint8Array {
    switch (type) {
      case VARINT:
        return this.#varint();
      case FIXED64:
        return Buffer.from(this.#take(8)).readBigUInt64LE();
      case FIXED32:
        return BigInt(Buffer.from(this.#take(4)).readUInt32LE());
      case BYTES:
        return this.#take(Number(this.#varint()));
      default:
        throw new Malformed();
    }
  }

  #take(size: number): Uint8Array {
    if (size > this.#bytes.length - this.#at) throw new Malformed();
    this.#at += size;
    return this.#bytes.slice(this.#at - size, this.#at);
  }

  #varint(): bigint {
    let value = 0n;
    for (let index = 0; index < MOST_VARINT_BYTES; index++) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw new Malformed();
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new Malformed();
  }
}

/** The message's fields, unknown ones too; null when it is malformed. */
export function readMessage(bytes: Uint8Array): readonly Field[] | null {
  try {
    return new Reader(bytes).fields();
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** The last value of a field of bytes; empty when it is absent. */
export function bytesField(fields: readonly Field[], number: number): Uint8Array {
  const found = fields.findLast((field) => field.number === number)?.value;
  return found instanceof Uint8Array ? found : new Uint8Array(0);
}

/** The last value of a field of text; null when it is not UTF-8, which makes the message malformed. */
export function textField(fields: readonly Field[], number: number): string | null {
  try {
    return strict.decode(bytesField(fields, number));
  } catch {
    return null;
  }
}

/** The last value of a field of numbers; 0 when it is absent. */
export function numberField(fields: readonly Field[], number: number): number {
  const found = fields.findLast((field) => field.number === number)?.value;
  return typeof found === "bigint" ? Number(BigInt.asIntN(32, found)) : 0;
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

/** Writes a message; what is false or empty is left out, as in proto3. */
export function writeMessage(
  fields: Readonly<Record<number, boolean | string | Uint8Array>>,
): Uint8Array {
  const parts = Object.entries(fields).flatMap(([number, value]) => {
    if (typeof value === "boolean") {
      return value ? [Uint8Array.of(...varint(Number(number) * 8 + VARINT), 1)] : [];
    }
    const bytes = Buffer.from(value);
    const head = Uint8Array.from([...varint(Number(number) * 8 + BYTES), ...varint(bytes.length)]);
    return bytes.length === 0 ? [] : [head, bytes];
  });
  return Buffer.concat(parts);
}

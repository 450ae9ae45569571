/** Thrown when bytes are no WebAssembly. `message` is the rest of a sentence on the file. */
export class Malformed extends Error {
  override readonly name = "Malformed";
  /** The byte of the file where it was noticed. */
  readonly offset: number;
  /** The way out, where there is a better one than to build again. */
  readonly hint: string | undefined;

  constructor(message: string, offset: number, hint?: string) {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }
}

/** The longest name that WebAssembly engines take, in bytes. */
const MOST_NAME_BYTES = 100_000;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * A cursor over a part of a WebAssembly binary. It never leaves its part: whatever the bytes say, a
 * read either gives a value or throws Malformed with the byte.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  /** What this part is, for messages: `the type section`. */
  readonly #part: string;
  readonly #end: number;
  #offset: number;

  constructor(bytes: Uint8Array, part: string, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#part = part;
    this.#offset = start;
    this.#end = end;
  }

  /** Where the next read begins, counted from the start of the file. */
  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#end - this.#offset;
  }

  /** Ends reading. `problem` is the rest of a sentence on the file: `it is empty`. */
  fail(problem: string, offset = this.#offset, hint?: string): never {
    throw new Malformed(problem, offset, hint);
  }

  u8(): number {
    const byte = this.#offset < this.#end ? this.#bytes[this.#offset] : undefined;
    if (byte === undefined) return this.fail(`${this.#part} ends too early`);
    this.#offset++;
    return byte;
  }

  /** The next byte, left where it is; undefined at the end. */
  peek(): number | undefined {
    return this.#offset < this.#end ? this.#bytes[this.#offset] : undefined;
  }

  /** An unsigned number of up to 32 bits in LEB128. */
  u32(): number {
    const start = this.#offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.fail(`a number in ${this.#part} does not fit 32 bits`, start);
  }

  /** An unsigned number of up to 64 bits in LEB128. Above 2^53 it is rounded. */
  u64(): number {
    const start = this.#offset;
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.u8();
      if (shift === 63 && byte > 0x01) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return this.fail(`a number in ${this.#part} does not fit 64 bits`, start);
  }

  /** A signed number of up to 33 bits in LEB128, as heap types are written. */
  s33(): number {
    const start = this.#offset;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.u8();
      if (shift === 28 && byte > 0x0f && (byte < 0x70 || byte > 0x7f)) break;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return (byte & 0x40) === 0 ? value : value - 2 ** (shift + 7);
    }
    return this.fail(`a number in ${this.#part} does not fit 33 bits`, start);
  }

  /**
   * How many items follow. As each takes a byte at least, a count above the bytes that are left is
   * refused here, before anything is allocated for it.
   */
  count(items: string, most: number): number {
    const start = this.#offset;
    const count = this.u32();
    if (count > most) this.fail(`${count} ${items} are more than WebAssembly engines take`, start);
    if (count > this.remaining) this.fail(`${count} ${items} do not fit ${this.#part}`, start);
    return count;
  }

  /** A name: its length and that many bytes of UTF-8. */
  name(): string {
    const start = this.#offset;
    const length = this.u32();
    if (length > this.remaining) this.fail(`a name runs past the end of ${this.#part}`, start);
    if (length > MOST_NAME_BYTES) this.fail(`a name of ${length} bytes is too long`, start);
    const bytes = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    try {
      return strict.decode(bytes);
    } catch {
      return this.fail(`a name in ${this.#part} is not UTF-8`, start);
    }
  }

  /** The next `length` bytes as text, with U+FFFD for what is not UTF-8. */
  text(length: number): string {
    const start = this.#offset;
    this.skip(length);
    return lenient.decode(this.#bytes.subarray(start, this.#offset));
  }

  skip(length: number): void {
    if (length > this.remaining) this.fail(`${this.#part} ends too early`);
    this.#offset += length;
  }

  /** A reader of the next `length` bytes, which this one then leaves behind. */
  take(length: number, part: string): ByteReader {
    const start = this.#offset;
    this.skip(length);
    return new ByteReader(this.#bytes, part, start, this.#offset);
  }

  /** A reader of the same part that starts at `offset` of the file. */
  at(offset: number): ByteReader {
    return new ByteReader(this.#bytes, this.#part, offset, this.#end);
  }

  expectEnd(): void {
    if (this.remaining > 0) this.fail(`${this.#part} is longer than what it holds`);
  }
}

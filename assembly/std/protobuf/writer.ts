import { copyBytes } from "../../runtime/bytes";
import { encodeUtf8 } from "../../runtime/text";
import { WireType } from "./wire-type";

/** The largest number that a field may have. */
// @ts-ignore: decorator
@inline
const MAX_FIELD: u32 = 0x1fff_ffff;

/** The most that a message may be let grow to, in bytes. */
// @ts-ignore: decorator
@inline
const MAX_SIZE: i32 = 256 * 1024 * 1024;

// @ts-ignore: decorator
@lazy @inline
const TOO_LARGE: string = "protobuf: message larger than the limit";

/**
 * Writes one message. Nothing is left out: where a schema has defaults that need not be written,
 * that is up to the caller.
 *
 * ```ts
 * const inner = new ProtobufWriter().uint32(1, 8080);
 * const bytes = new ProtobufWriter().string(1, "name").message(3, inner).finish();
 * ```
 *
 * Nothing traps. A field number that there is not, or a message that gets larger than the limit, is
 * an error: from there on nothing is written, and `finish` answers no bytes.
 */
@final
export class ProtobufWriter {
  private buffer: Uint8Array = new Uint8Array(64);
  private size: usize = 0;
  private firstError: string | null = null;
  private readonly maxSize: usize;

  /** `maxSize`: how large the message may get, in bytes; 256 MB at most. */
  constructor(maxSize: i32 = 64 * 1024 * 1024) {
    this.maxSize = max(0, min(maxSize, MAX_SIZE));
  }

  /** The first error; `null` while there is none. */
  get error(): string | null {
    return this.firstError;
  }

  /** Writes an int32 or an enum. */
  int32(field: u32, value: i32): this {
    return this.varintField(field, <u64>(<i64>value));
  }

  /** Writes an int64. */
  int64(field: u32, value: i64): this {
    return this.varintField(field, <u64>value);
  }

  /** Writes a uint32. */
  uint32(field: u32, value: u32): this {
    return this.varintField(field, value);
  }

  /** Writes a uint64. */
  uint64(field: u32, value: u64): this {
    return this.varintField(field, value);
  }

  /** Writes a sint32 (zigzag). */
  sint32(field: u32, value: i32): this {
    return this.varintField(field, <u32>((value << 1) ^ (value >> 31)));
  }

  /** Writes a sint64 (zigzag). */
  sint64(field: u32, value: i64): this {
    return this.varintField(field, <u64>((value << 1) ^ (value >> 63)));
  }

  /** Writes a bool. */
  bool(field: u32, value: bool): this {
    return this.varintField(field, u64(value));
  }

  /** Writes a fixed32. */
  fixed32(field: u32, value: u32): this {
    if (!this.begin(field, WireType.Fixed32, 4)) return this;
    store<u32>(this.buffer.dataStart + this.size, value);
    this.size += 4;
    return this;
  }

  /** Writes an sfixed32. */
  sfixed32(field: u32, value: i32): this {
    return this.fixed32(field, value);
  }

  /** Writes a float. */
  float(field: u32, value: f32): this {
    return this.fixed32(field, reinterpret<u32>(value));
  }

  /** Writes a fixed64. */
  fixed64(field: u32, value: u64): this {
    if (!this.begin(field, WireType.Fixed64, 8)) return this;
    store<u64>(this.buffer.dataStart + this.size, value);
    this.size += 8;
    return this;
  }

  /** Writes an sfixed64. */
  sfixed64(field: u32, value: i64): this {
    return this.fixed64(field, value);
  }

  /** Writes a double. */
  double(field: u32, value: f64): this {
    return this.fixed64(field, reinterpret<u64>(value));
  }

  /** Writes bytes. */
  bytes(field: u32, value: Uint8Array): this {
    return this.delimited(field, value.dataStart, value.length);
  }

  /** Writes a string as UTF-8; a lone surrogate becomes U+FFFD. */
  string(field: u32, value: string): this {
    const size = <usize>String.UTF8.byteLength(value);
    if (!this.beginDelimited(field, size)) return this;
    encodeUtf8(value, this.buffer.dataStart + this.size);
    this.size += size;
    return this;
  }

  /** Writes a message, as far as it was written by now. Its error becomes this one's. */
  message(field: u32, value: ProtobufWriter): this {
    const error = value.firstError;
    if (error != null) return this.fail(error);
    return this.delimited(field, value.buffer.dataStart, value.size);
  }

  /** The bytes of the message: a copy. None when there is an error. */
  finish(): Uint8Array {
    return copyBytes(this.buffer.dataStart, this.firstError == null ? this.size : 0);
  }

  private varintField(field: u32, value: u64): this {
    if (this.begin(field, WireType.Varint, varintSize(value))) this.varint(value);
    return this;
  }

  private delimited(field: u32, data: usize, size: usize): this {
    // The data may be this writer's own buffer, which moves when it grows.
    const own = data == this.buffer.dataStart;
    if (!this.beginDelimited(field, size)) return this;
    const start = this.buffer.dataStart;
    memory.copy(start + this.size, own ? start : data, size);
    this.size += size;
    return this;
  }

  /** Writes what is in front of `size` bytes; false when they can not be written. */
  private beginDelimited(field: u32, size: usize): bool {
    if (!this.begin(field, WireType.LengthDelimited, varintSize(size) + size)) return false;
    this.varint(size);
    return true;
  }

  /** Writes the tag of a field whose value takes `size` bytes; false when it can not be. */
  private begin(field: u32, wireType: WireType, size: usize): bool {
    if (this.firstError != null) return false;
    if (!field || field > MAX_FIELD) {
      this.fail("protobuf: no field number");
      return false;
    }
    const tag = (field << 3) | wireType;
    const needed = this.size + varintSize(tag) + size;
    if (needed > this.maxSize) {
      this.fail(TOO_LARGE);
      return false;
    }
    if (needed > <usize>this.buffer.length) this.grow(needed);
    this.varint(tag);
    return true;
  }

  private grow(needed: usize): void {
    const larger = new Uint8Array(<i32>max(needed, 2 * <usize>this.buffer.length));
    memory.copy(larger.dataStart, this.buffer.dataStart, this.size);
    this.buffer = larger;
  }

  /** Writes up to ten bytes, for which there is room. */
  private varint(value: u64): void {
    let to = this.buffer.dataStart + this.size;
    while (value >= 0x80) {
      store<u8>(to++, <u8>(value | 0x80));
      value >>= 7;
    }
    store<u8>(to++, <u8>value);
    this.size = to - this.buffer.dataStart;
  }

  private fail(error: string): this {
    if (this.firstError == null) this.firstError = error;
    return this;
  }
}

/** The number of bytes of a varint. */
function varintSize(value: u64): usize {
  return (70 - <usize>clz<u64>(value | 1)) / 7;
}

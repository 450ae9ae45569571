import { copyBytes } from "../../runtime/bytes";
import { decodeUtf8 } from "../../runtime/text";
import { findUtf8Fault } from "../utf8-validate";
import { WireType } from "./wire-type";

/** Groups are skipped by recursion, which must not exhaust the machine's stack. */
// @ts-ignore: decorator
@inline
const MAX_DEPTH: i32 = 1000;

// @ts-ignore: decorator
@lazy @inline
const CUT_OFF: string = "protobuf: cut off";

// @ts-ignore: decorator
@lazy @inline
const OTHER_TYPE: string = "protobuf: value is of another type";

// @ts-ignore: decorator
@lazy @inline
const TOO_DEEP: string = "protobuf: nested too deep";

// @ts-ignore: decorator
@lazy @inline
const STRAY_END: string = "protobuf: end of a group that has not begun";

/**
 * Reads one message, field by field, in the order of the wire. Fields whose value is not asked for
 * are skipped; groups always are.
 *
 * ```ts
 * const reader = new ProtobufReader(bytes);
 * while (reader.next()) {
 *   switch (reader.field) {
 *     case 1:
 *       name = reader.string();
 *       break;
 *     case 2: {
 *       const ids = reader.packed(WireType.Varint);
 *       while (ids.next()) use(ids.uint64());
 *       break;
 *     }
 *     case 3: {
 *       const inner = reader.message();
 *       while (inner.next()) if (inner.field == 1) port = inner.uint32();
 *       break;
 *     }
 *   }
 * }
 * if (reader.error != null) return false;
 * ```
 *
 * Nothing traps. What is wrong with the bytes, or a value that is not of the type asked for, becomes
 * the one error of the whole message, the values are 0 or empty from there on, and `next` ends every
 * loop. Takes time in proportion to the bytes, and no memory but for what is handed out.
 */
@final
export class ProtobufReader {
  private at: usize;
  private end: usize;
  /** The reader of the whole message, where the error is; `null`: this one. */
  private outermost: ProtobufReader | null = null;
  private depth: i32 = 0;
  private readonly maxDepth: i32;
  /** The wire type of the values without tags of a packed field; -1 for a message. */
  private itemType: i32 = -1;

  private currentField: u32 = 0;
  private currentType: WireType = WireType.Varint;
  /** A varint or fixed value; the size of what is length-delimited. */
  private value: u64 = 0;
  /** Where the value begins; what is length-delimited: behind the length. */
  private start: usize;

  private firstError: string | null = null;
  private firstErrorOffset: i32 = -1;

  /** Reads `source`, with messages and groups in each other down to `maxDepth`, 1000 at most. */
  constructor(
    private readonly source: Uint8Array,
    maxDepth: i32 = 100,
  ) {
    this.at = source.dataStart;
    this.end = this.at + source.length;
    this.start = this.at;
    this.maxDepth = min(maxDepth, MAX_DEPTH);
  }

  /** The first error of the whole message; `null` while there is none. */
  get error(): string | null {
    return this.root.firstError;
  }

  /** Where in the bytes of the whole message that is; -1 while there is none. */
  get errorOffset(): i32 {
    return this.root.firstErrorOffset;
  }

  /** The number of the field that `next` went to, from 1 to 536,870,911; 0 before the first. */
  get field(): u32 {
    return this.currentField;
  }

  /** How the value of that field is laid out. */
  get wireType(): WireType {
    return this.currentType;
  }

  /** Goes to the next field. False at the end of the message, and once there is an error. */
  next(): bool {
    this.value = 0;
    while (this.root.firstError == null && this.at < this.end) {
      if (this.itemType >= 0) {
        this.currentType = <WireType>this.itemType;
        return this.readValue();
      }
      if (!this.readTag()) return false;
      if (this.currentType == WireType.EndGroup) return this.fail(STRAY_END, this.start);
      if (this.currentType != WireType.StartGroup) return this.readValue();
      if (!this.skipGroup(this.depth + 1)) return false;
    }
    this.start = this.at;
    return false;
  }

  /** The value as an int32 or an enum; as everywhere, of a longer one the low 32 bits. */
  int32(): i32 {
    return <i32>this.take(WireType.Varint);
  }

  /** The value as an int64. */
  int64(): i64 {
    return <i64>this.take(WireType.Varint);
  }

  /** The value as a uint32; of a longer one the low 32 bits. */
  uint32(): u32 {
    return <u32>this.take(WireType.Varint);
  }

  /** The value as a uint64. */
  uint64(): u64 {
    return this.take(WireType.Varint);
  }

  /** The value as a sint32 (zigzag); of a longer one the low 32 bits. */
  sint32(): i32 {
    const bits = <u32>this.take(WireType.Varint);
    return <i32>((bits >> 1) ^ -(bits & 1));
  }

  /** The value as a sint64 (zigzag). */
  sint64(): i64 {
    const bits = this.take(WireType.Varint);
    return <i64>((bits >> 1) ^ -(bits & 1));
  }

  /** The value as a bool. */
  bool(): bool {
    return this.take(WireType.Varint) != 0;
  }

  /** The value as a fixed32. */
  fixed32(): u32 {
    return <u32>this.take(WireType.Fixed32);
  }

  /** The value as an sfixed32. */
  sfixed32(): i32 {
    return <i32>this.take(WireType.Fixed32);
  }

  /** The value as a float. */
  float(): f32 {
    return reinterpret<f32>(<u32>this.take(WireType.Fixed32));
  }

  /** The value as a fixed64. */
  fixed64(): u64 {
    return this.take(WireType.Fixed64);
  }

  /** The value as an sfixed64. */
  sfixed64(): i64 {
    return <i64>this.take(WireType.Fixed64);
  }

  /** The value as a double. */
  double(): f64 {
    return reinterpret<f64>(this.take(WireType.Fixed64));
  }

  /** The value as bytes: a copy. */
  bytes(): Uint8Array {
    const size = <usize>this.take(WireType.LengthDelimited);
    return copyBytes(this.start, size);
  }

  /** The value as a string. Not UTF-8 is an error. */
  string(): string {
    const size = <usize>this.take(WireType.LengthDelimited);
    const fault = findUtf8Fault(this.start, size);
    if (fault == size) return decodeUtf8(this.start, size);
    this.fail("protobuf: string is not UTF-8", this.start + fault);
    return "";
  }

  /** A reader of the value as a message. It shares the bytes and the error of this one. */
  message(): ProtobufReader {
    const size = <usize>this.take(WireType.LengthDelimited);
    return this.inner(this.start, size);
  }

  /**
   * A reader of the values of a repeated field of numbers that are laid out as `wireType` says,
   * whether they are packed or this is one by itself: the standard wants both understood.
   */
  packed(wireType: WireType): ProtobufReader {
    const isNumber =
      wireType == WireType.Varint || wireType == WireType.Fixed32 || wireType == WireType.Fixed64;
    if (!isNumber) this.fail(OTHER_TYPE, this.start);
    const isAlone = isNumber && this.currentType == wireType;
    const size = isAlone ? this.at - this.start : <usize>this.take(WireType.LengthDelimited);
    const items = this.inner(this.start, size);
    items.itemType = wireType;
    items.currentField = this.currentField;
    return items;
  }

  private get root(): ProtobufReader {
    const outermost = this.outermost;
    return outermost ? outermost : this;
  }

  /** A reader of `size` bytes at `start`, one level down. */
  private inner(start: usize, size: usize): ProtobufReader {
    const reader = new ProtobufReader(this.source, this.maxDepth);
    reader.outermost = this.root;
    reader.depth = this.depth + 1;
    reader.at = start;
    reader.start = start;
    reader.end = start + size;
    if (reader.depth > this.maxDepth) this.fail(TOO_DEEP, start);
    return reader;
  }

  /** The value when it is of that type; else 0 and an error. */
  private take(wireType: WireType): u64 {
    if (this.root.firstError != null) return 0;
    if (this.currentType == wireType) return this.value;
    this.fail(OTHER_TYPE, this.start);
    return 0;
  }

  /** Reads a field's number and type. */
  private readTag(): bool {
    this.start = this.at;
    if (!this.readVarint()) return false;
    const tag = this.value;
    const wireType = (<u32>tag) & 7;
    if (tag > u32.MAX_VALUE || tag < 8) return this.fail("protobuf: no field number", this.start);
    if (wireType > 5) return this.fail("protobuf: no wire type", this.start);
    this.currentField = (<u32>tag) >> 3;
    this.currentType = <WireType>wireType;
    return true;
  }

  /** Reads a value of the current type, not a group. */
  private readValue(): bool {
    this.start = this.at;
    const room = this.end - this.at;
    switch (this.currentType) {
      case WireType.Varint:
        return this.readVarint();
      case WireType.Fixed64:
        if (room < 8) return this.fail(CUT_OFF, this.start);
        this.value = load<u64>(this.at);
        this.at += 8;
        return true;
      case WireType.Fixed32:
        if (room < 4) return this.fail(CUT_OFF, this.start);
        this.value = load<u32>(this.at);
        this.at += 4;
        return true;
    }
    if (!this.readVarint()) return false;
    if (this.value > this.end - this.at) return this.fail(CUT_OFF, this.start);
    this.start = this.at;
    this.at += <usize>this.value;
    return true;
  }

  /** Reads up to 64 bits in groups of seven, the lowest first. */
  private readVarint(): bool {
    const start = this.at;
    let value: u64 = 0;
    for (let shift = 0; ; shift += 7) {
      if (this.at >= this.end) return this.fail(CUT_OFF, start);
      const byte = <u64>load<u8>(this.at++);
      // The tenth byte has room for the last bit only.
      if (shift == 63 && byte > 1) return this.fail("protobuf: varint beyond 64 bits", start);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    this.value = value;
    return true;
  }

  /** Goes behind the group that has begun, on that level of nesting. */
  private skipGroup(depth: i32): bool {
    const start = this.start;
    const field = this.currentField;
    if (depth > this.maxDepth) return this.fail(TOO_DEEP, start);
    while (this.at < this.end) {
      if (!this.readTag()) return false;
      if (this.currentType == WireType.StartGroup) {
        if (!this.skipGroup(depth + 1)) return false;
      } else if (this.currentType == WireType.EndGroup) {
        this.value = 0;
        return this.currentField == field || this.fail(STRAY_END, this.start);
      } else if (!this.readValue()) {
        return false;
      }
    }
    return this.fail(CUT_OFF, start);
  }

  /** Records an error; false. */
  private fail(error: string, at: usize): bool {
    const root = this.root;
    this.value = 0;
    if (root.firstError == null) {
      root.firstError = error;
      root.firstErrorOffset = <i32>(at - this.source.dataStart);
    }
    return false;
  }
}

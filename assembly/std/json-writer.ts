// Writes JSON (RFC 8259): what JSON.stringify would write, piece by piece, without a tree in memory.
import { copyBytes } from "../runtime/bytes";
import { decodeUtf8 } from "../runtime/text";
import { Json, JsonOptions } from "./json";
import { MAX_NUMBER_SIZE, writeDouble, writeUnsigned } from "./json/decimal";
import { escapedTo, escapeUnits, MAX_ESCAPED_SIZE } from "./json/escape";
import { decimal } from "./json/path";
import { Result } from "./result";

/** The most that a text may be let grow to, in bytes. */
// @ts-ignore: decorator
@inline
const MAX_SIZE: i32 = 256 * 1024 * 1024;

// @ts-ignore: decorator
@inline
const OBJECT: u8 = 0x7b;
// @ts-ignore: decorator
@inline
const ARRAY: u8 = 0x5b;
// @ts-ignore: decorator
@inline
const QUOTE: u8 = 0x22;
// @ts-ignore: decorator
@inline
const COMMA: u8 = 0x2c;
// @ts-ignore: decorator
@inline
const COLON: u8 = 0x3a;
// @ts-ignore: decorator
@inline
const MINUS: u8 = 0x2d;

/**
 * Writes one JSON value.
 *
 * ```ts
 * const json = new JsonWriter().object();
 * json.key("error").string("unauthorized").key("retry").bool(false);
 * json.key("allowed").array().string("GET").integer(2).end();
 * const text = json.end().finish().value;
 * // {"error":"unauthorized","retry":false,"allowed":["GET",2]}
 * ```
 *
 * The text is the one of `JSON.stringify` without spaces: strings are escaped in the same places, a
 * lone surrogate as `\ud800`, and numbers have the fewest digits that read back as the same number.
 * Members are written in the order of the calls; a key that is given twice is written twice.
 *
 * Nothing traps. A call that makes no sense where it stands (a value without a key in an object, an
 * `end` too many), nesting or size beyond the limit is an error: from there on nothing is written,
 * and `finish` answers the error.
 */
@final
export class JsonWriter {
  private buffer: Uint8Array = new Uint8Array(256);
  private size: usize = 0;
  /** The brackets that are open, outermost first. */
  private readonly open: u8[] = [];
  private firstError: string | null = null;
  private readonly maxSize: usize;

  /**
   * `maxDepth`: how deep arrays and objects may be nested in each other; `maxSize`: how large the
   * text may get, in bytes of UTF-8; 256 MB at most.
   */
  constructor(
    private readonly maxDepth: i32 = 64,
    maxSize: i32 = 64 * 1024 * 1024,
  ) {
    this.maxSize = max(0, min(maxSize, MAX_SIZE));
  }

  /** The first error; `null` while there is none. */
  get error(): string | null {
    return this.firstError;
  }

  /** Opens an object, which `end` closes. */
  object(): this {
    return this.begin(OBJECT);
  }

  /** Opens an array, which `end` closes. */
  array(): this {
    return this.begin(ARRAY);
  }

  /** Closes the innermost object or array. */
  end(): this {
    if (!this.open.length) return this.fail("json: nothing to end");
    if (this.last == COLON) return this.fail("json: a key without a value");
    // Both closing brackets come two places behind the opening ones.
    if (this.firstError == null) this.put(this.open.pop() + 2);
    return this;
  }

  /** Writes the key of an object's member; its value must follow. */
  key(name: string): this {
    if (!this.isIn(OBJECT)) return this.fail("json: a key outside of an object");
    if (this.last == COLON) return this.fail("json: a key without a value");
    this.separate();
    this.quote(name);
    return this.put(COLON);
  }

  /** Writes a string. */
  string(value: string): this {
    if (this.beginValue()) this.quote(value);
    return this;
  }

  /** Writes a number; `null` for NaN and the infinities, which JSON does not have. */
  number(value: f64): this {
    if (!isFinite(value)) return this.null();
    if (!this.beginValue()) return this;
    return this.advance(writeDouble(this.reserve(MAX_NUMBER_SIZE), value));
  }

  /** Writes a whole number with all its digits; JavaScript reads those beyond 2^53 inexactly. */
  integer(value: i64): this {
    if (!this.beginValue()) return this;
    if (value < 0) this.put(MINUS);
    return this.digits(<u64>(value < 0 ? -value : value));
  }

  /** As `integer`, for numbers that use all 64 bits. */
  unsigned(value: u64): this {
    return this.beginValue() ? this.digits(value) : this;
  }

  /** Writes `true` or `false`. */
  bool(value: bool): this {
    return value ? this.word(0x65757274, 4) : this.word(0x65_736c_6166, 5);
  }

  /** Writes `null`. */
  null(): this {
    return this.word(0x6c6c756e, 4);
  }

  /**
   * Writes a value that is JSON already, as it is. An error when it is not, when one of its objects
   * has a key twice, or when it is nested deeper than `maxDepth` leaves.
   */
  raw(text: string): this {
    if (!this.beginValue()) return this;
    const options = new JsonOptions();
    options.maxDepth = this.maxDepth - this.open.length;
    options.maxValues = i32.MAX_VALUE;
    const error = Json.parse(text, options).error;
    if (error != null) return this.fail("json: raw " + error);
    this.units(text, false);
    return this;
  }

  /** The text. An error when there was one, when there is no value, or something is not ended. */
  finish(): Result<string> {
    const error = this.finalError();
    if (error != null) return new Result<string>("", error, <i32>this.size);
    return new Result<string>(decodeUtf8(this.buffer.dataStart, this.size));
  }

  /** As `finish`, the text in UTF-8: a copy. An error's offset is in bytes of what was written. */
  finishBytes(): Result<Uint8Array> {
    const error = this.finalError();
    const isRight = error == null;
    const bytes = copyBytes(this.buffer.dataStart, isRight ? this.size : 0);
    return new Result<Uint8Array>(bytes, error, isRight ? -1 : <i32>this.size);
  }

  private finalError(): string | null {
    if (this.firstError != null) return this.firstError;
    if (this.open.length) return "json: " + decimal(this.open.length) + " not ended";
    return this.size ? null : "json: no value";
  }

  private begin(bracket: u8): this {
    if (!this.beginValue()) return this;
    if (this.open.length >= this.maxDepth) {
      return this.fail("json: nested deeper than " + decimal(this.maxDepth));
    }
    this.open.push(bracket);
    return this.put(bracket);
  }

  /** Whether the innermost open bracket is this one. */
  private isIn(bracket: u8): bool {
    const depth = this.open.length;
    return depth > 0 && unchecked(this.open[depth - 1]) == bracket;
  }

  /** The byte that was written last; 0 when none was. */
  private get last(): u8 {
    return this.size ? load<u8>(this.buffer.dataStart + this.size - 1) : 0;
  }

  /** Writes what stands in front of a value; false when none may stand here. */
  private beginValue(): bool {
    if (this.isIn(ARRAY)) {
      this.separate();
    } else if (this.open.length) {
      if (this.last != COLON) this.fail("json: a value without a key");
    } else if (this.size) {
      this.fail("json: a second value");
    }
    return this.firstError == null;
  }

  /** Writes a comma, unless an item or member is the first. */
  private separate(): void {
    // No value ends in an opening bracket: strings end in a quote.
    const last = this.last;
    if (last != OBJECT && last != ARRAY) this.put(COMMA);
  }

  /** Writes up to eight characters, the first one in the lowest byte. */
  private word(characters: u64, size: usize): this {
    if (!this.beginValue()) return this;
    const target = this.reserve(8);
    store<u64>(target, characters);
    return this.advance(target + size);
  }

  private digits(value: u64): this {
    return this.advance(writeUnsigned(this.reserve(MAX_NUMBER_SIZE), value));
  }

  private quote(text: string): void {
    const from = changetype<usize>(text);
    const size = (<usize>text.length) << 1;
    if (size * 3 + 8 <= MAX_ESCAPED_SIZE) {
      // In one piece, as nearly all strings are.
      const target = this.reserve(size * 3 + 8);
      store<u8>(target, QUOTE);
      const end = escapeUnits(from, from + size, target + 1, true);
      store<u8>(end, QUOTE);
      this.advance(end + 1);
      return;
    }
    this.put(QUOTE);
    this.units(text, true);
    this.put(QUOTE);
  }

  /** Writes the characters of a text, as in a string or as they are. */
  private units(text: string, inString: bool): void {
    let from = changetype<usize>(text);
    const end = from + ((<usize>text.length) << 1);
    while (from < end && this.firstError == null) {
      const room = min<usize>(3 * (end - from) + 6, MAX_ESCAPED_SIZE);
      this.advance(escapeUnits(from, end, this.reserve(room), inString));
      from = escapedTo;
    }
  }

  private put(byte: u8): this {
    const target = this.reserve(1);
    store<u8>(target, byte);
    return this.advance(target + 1);
  }

  /** Where the next `size` bytes may be written. */
  private reserve(size: usize): usize {
    const needed = this.size + size;
    if (needed > <usize>this.buffer.length) {
      const larger = new Uint8Array(<i32>max(needed, 2 * this.size));
      memory.copy(larger.dataStart, this.buffer.dataStart, this.size);
      this.buffer = larger;
    }
    return this.buffer.dataStart + this.size;
  }

  /** Counts what was written up to `end`, unless there is an error or it is too much. */
  private advance(end: usize): this {
    if (this.firstError != null) return this;
    const size = end - this.buffer.dataStart;
    if (size > this.maxSize) return this.fail("json: text larger than the limit");
    this.size = size;
    return this;
  }

  private fail(error: string): this {
    if (this.firstError == null) this.firstError = error;
    return this;
  }
}

// JSON for configuration and bodies: reads any text without trapping, and hands out what is in it
// by name and type. What is wrong becomes one error that says where.
import { parseDuration } from "./duration";
import { JsonDocument } from "./json/document";
import { JsonKind, kindOf, payloadOf, startOf } from "./json/entry";
import { integerResult, readFloat } from "./json/number";
import { JsonOptions } from "./json/options";
import { JsonParser } from "./json/parser";
import { clip, decimal, indexSegment, MAX_SEGMENTS, memberSegment, nameOf } from "./json/path";
import { decodeText } from "./json/text";

export { JsonKind, JsonOptions };

/**
 * One value of a JSON document. It keeps the whole document in memory: of what is needed for long,
 * keep the strings and numbers.
 *
 * Accessors never trap and never answer `null` unless they say so. When a value is missing, of the
 * wrong type or out of bounds, they record an error on the document, with the path of the value,
 * and answer something harmless (`""`, 0, false, an empty node), so that code can read all that it
 * needs and look at `error` once:
 *
 * ```ts
 * const config = Json.parse(text);
 * const header = config.string("header", "x-api-key");
 * const keys = config.array("keys");
 * for (let i = 0; i < keys.length; i++) use(keys.at(i).asString());
 * config.onlyKeys(["header", "keys"]);
 * const error = config.error;
 * if (error != null) {
 *   log.error(error); // $.keys[2]: expected a string, found null
 *   return false;
 * }
 * ```
 */
export class Json {
  /**
   * Parses a text by RFC 8259, nothing beyond: no comments, no trailing commas, no byte order mark.
   * Never `null`; when the text is no JSON or beyond a limit, `error` says why and `kind` is None.
   * Takes time and memory in proportion to the length of the text. Strings may hold lone
   * surrogates, as in JavaScript.
   */
  static parse(text: string, options: JsonOptions = new JsonOptions()): Json {
    const document = new JsonDocument(text);
    new JsonParser(document, options).run();
    return new Json(document, null, document.root);
  }

  private constructor(
    private readonly document: JsonDocument,
    private readonly parent: Json | null,
    /** Where the value's entry is on the tape; -1 when there is no value. */
    private readonly position: i32,
  ) {}

  /**
   * The first error of the whole document, whichever node it happened at; `null` while there is
   * none. `$: line 3, column 7: expected ',' or '}'` or `$.port: expected a string, found null`.
   */
  get error(): string | null {
    return this.document.error;
  }

  /** Where in the text the first error is, in UTF-16 code units; -1 while there is none. */
  get errorOffset(): i32 {
    return this.document.errorOffset;
  }

  /** What the value is. */
  get kind(): JsonKind {
    return kindOf(this.entry);
  }

  /** Whether the value is `null`. */
  get isNull(): bool {
    return this.kind == JsonKind.Null;
  }

  /** The path of the value from the root `$`: `$.keys[2]`, `$["x-id"]`. */
  get path(): string {
    let path = "";
    let node: Json = this;
    let left = MAX_SEGMENTS;
    while (true) {
      const parent = node.parent;
      if (!parent) return "$" + path;
      if (!left--) return "$" + "..." + path;
      const document = node.document;
      const position = node.position;
      const segment =
        parent.kind == JsonKind.Array
          ? indexSegment(position - parent.block - 1)
          : document.segment(document.at(position - 1));
      path = segment + path;
      node = parent;
    }
  }

  /** How many items an array has, or members an object; an error and 0 for other values. */
  get length(): i32 {
    const kind = this.kind;
    if (kind == JsonKind.Array) return this.blockSize;
    if (kind == JsonKind.Object) return this.blockSize >> 1;
    this.expect(JsonKind.Array);
    return 0;
  }

  /**
   * The item of an array, or the value of an object's member, at `index` in the order of the text;
   * negative ones count from the end. An error and an empty node when there is none.
   */
  at(index: i32): Json {
    return this.child(this.resolve(index));
  }

  /** The key of an object's member at `index`. An error and `""` when there is none. */
  keyAt(index: i32): string {
    if (!this.expect(JsonKind.Object)) return "";
    const position = this.resolve(index);
    return position < 0 ? "" : this.document.string(this.document.at(position - 1));
  }

  /** Whether an object has the key. An error and false when this is no object. */
  has(key: string): bool {
    return this.find(key) >= 0;
  }

  /** The value of an object's member; `null` when it is absent. An error when this is no object. */
  get(key: string): Json | null {
    const position = this.find(key);
    return position < 0 ? null : this.child(position);
  }

  /**
   * The value of a member that must be there: `config.required("port").asInteger(1, 65535)`. An
   * error and an empty node when it is absent.
   */
  required(key: string): Json {
    const position = this.find(key);
    if (position < 0) this.failBelow(memberSegment(key), "missing");
    return this.child(position);
  }

  /** The array of a member that must be there. An error and an empty node when it is not. */
  array(key: string): Json {
    return this.required(key).asArray();
  }

  /** The object of a member that must be there. An error and an empty node when it is not. */
  object(key: string): Json {
    return this.required(key).asObject();
  }

  // The getters below make a node of a member's value only where there is an error to tell: a node
  // is an object to allocate and to collect.

  /** The string of a member, or `fallback` when it is absent. An error when it is no string. */
  string(key: string, fallback: string): string {
    const position = this.find(key);
    if (position < 0) return fallback;
    const entry = this.document.at(position);
    if (kindOf(entry) == JsonKind.String) return this.document.string(entry);
    return this.child(position).asString();
  }

  /** The boolean of a member, or `fallback` when it is absent. An error when it is none. */
  bool(key: string, fallback: bool): bool {
    const position = this.find(key);
    if (position < 0) return fallback;
    const entry = this.document.at(position);
    if (kindOf(entry) == JsonKind.Boolean) return payloadOf(entry) != 0;
    return this.child(position).asBool();
  }

  /**
   * The whole number of a member, or `fallback` when it is absent. An error when it is none or not
   * from `min` to `max`.
   */
  integer(key: string, fallback: i64, min: i64 = i64.MIN_VALUE, max: i64 = i64.MAX_VALUE): i64 {
    const position = this.find(key);
    if (position < 0) return fallback;
    if (this.document.readInteger(this.document.at(position), min, max)) return integerResult;
    return this.child(position).asInteger(min, max);
  }

  /** The number of a member, or `fallback` when it is absent. An error when it is none. */
  number(key: string, fallback: f64): f64 {
    const position = this.find(key);
    return position < 0 ? fallback : this.child(position).asNumber();
  }

  /**
   * The milliseconds of a member such as `"250ms"`, `"1.5s"` or `"2m"`, as timers and callouts take
   * them, or `fallback` when it is absent. An error when it is no duration, finer than a
   * millisecond, or not from `min` to `max` milliseconds.
   */
  duration(key: string, fallback: i64, min: i64 = 0, max: i64 = i64.MAX_VALUE): i64 {
    const position = this.find(key);
    return position < 0 ? fallback : this.child(position).asDuration(min, max);
  }

  /** As `duration`, in nanoseconds. */
  nanoseconds(key: string, fallback: i64, min: i64 = 0, max: i64 = i64.MAX_VALUE): i64 {
    const position = this.find(key);
    return position < 0 ? fallback : this.child(position).asNanoseconds(min, max);
  }

  /** This value as a string. An error and `""` when it is none. */
  asString(): string {
    return this.expect(JsonKind.String) ? this.document.string(this.entry) : "";
  }

  /** This value as a boolean. An error and false when it is none. */
  asBool(): bool {
    return this.expect(JsonKind.Boolean) && payloadOf(this.entry) != 0;
  }

  /**
   * This value as a whole number, exactly. An error and 0 when it is none (1.5, "1"), or not from
   * `min` to `max`. It may be written as 1e3 or 2.0.
   */
  asInteger(min: i64 = i64.MIN_VALUE, max: i64 = i64.MAX_VALUE): i64 {
    if (this.kind != JsonKind.Number) {
      this.mismatch("an integer", nameOf(this.kind));
      return 0;
    }
    if (this.document.readInteger(this.entry, min, max)) return integerResult;
    this.mismatch("an integer from " + decimal(min) + " to " + decimal(max), this.source);
    return 0;
  }

  /**
   * This value as the nearest double. An error and 0 when it is no number, or one beyond
   * 1.8e308.
   */
  asNumber(): f64 {
    if (!this.expect(JsonKind.Number)) return 0;
    const start = this.document.startOf(this.entry);
    const value = readFloat(start, start + ((<usize>payloadOf(this.entry)) << 1));
    if (abs(value) != Infinity) return value;
    this.mismatch("a number that fits in 64 bits", this.source);
    return 0;
  }

  /**
   * This value, a string such as `"250ms"`, in milliseconds. An error and 0 when it is no duration,
   * finer than a millisecond, or not from `min` to `max` milliseconds.
   */
  asDuration(min: i64 = 0, max: i64 = i64.MAX_VALUE): i64 {
    return this.durationIn(1_000_000, "ms", min, max);
  }

  /** As `asDuration`, in nanoseconds. */
  asNanoseconds(min: i64 = 0, max: i64 = i64.MAX_VALUE): i64 {
    return this.durationIn(1, "ns", min, max);
  }

  /** This node. An error and an empty node when it is no array. */
  asArray(): Json {
    return this.expect(JsonKind.Array) ? this : this.child(-1);
  }

  /** This node. An error and an empty node when it is no object. */
  asObject(): Json {
    return this.expect(JsonKind.Object) ? this : this.child(-1);
  }

  /** Makes every member whose key is not among `keys` an error: a typo must not go unnoticed. */
  onlyKeys(keys: string[]): void {
    if (!this.expect(JsonKind.Object)) return;
    const document = this.document;
    const first = this.block + 1;
    const end = first + this.blockSize;
    for (let position = first; position < end; position += 2) {
      const key = document.at(position);
      let known = false;
      for (let i = 0; i < keys.length && !known; i++) {
        known = document.isName(key, unchecked(keys[i]));
      }
      if (known) continue;
      if (document.error != null) return;
      let message = this.path + document.segment(key) + ": unknown key; known keys: ";
      for (let i = 0; i < keys.length; i++) message += (i ? ", " : "") + unchecked(keys[i]);
      document.fail(message, startOf(key));
      return;
    }
  }

  /**
   * Records an error of the caller's own about this value, unless the document has one:
   * `rate.fail("must be above 0")` makes `$.limits.rate: must be above 0`.
   */
  fail(message: string): void {
    this.failBelow("", message);
  }

  private get entry(): u64 {
    return this.document.at(this.position);
  }

  /** The position of the block of an array or object. */
  private get block(): i32 {
    return payloadOf(this.entry);
  }

  /** How many entries the block of an array or object has. */
  private get blockSize(): i32 {
    return <i32>this.document.at(this.block);
  }

  /** This value as a whole number of units, which have `size` nanoseconds each. */
  private durationIn(size: i64, unit: string, min: i64, max: i64): i64 {
    if (this.kind != JsonKind.String) {
      this.mismatch('a duration such as "250ms"', nameOf(this.kind));
      return 0;
    }
    const result = parseDuration(this.asString());
    const error = result.error;
    if (error != null) {
      this.fail(error + " at character " + decimal(result.errorOffset + 1));
      return 0;
    }
    if (result.value % size) {
      this.fail("duration: finer than 1 " + unit);
      return 0;
    }
    const value = result.value / size;
    if (value >= min && value <= max) return value;
    const most = max == i64.MAX_VALUE ? " on" : " to " + decimal(max) + " " + unit;
    const found = decimal(value) + " " + unit;
    this.mismatch("a duration from " + decimal(min) + " " + unit + most, found);
    return 0;
  }

  /** How a number is written. */
  private get source(): string {
    const start = this.document.startOf(this.entry);
    return clip(decodeText(start, start + ((<usize>payloadOf(this.entry)) << 1), false));
  }

  private child(position: i32): Json {
    return new Json(this.document, position < 0 ? null : this, position);
  }

  /** The position of the value at `index`; -1 and an error when there is none. */
  private resolve(index: i32): i32 {
    const length = this.length;
    const i = index < 0 ? index + length : index;
    if (<u32>i >= <u32>length) {
      this.failBelow(indexSegment(index), "missing");
      return -1;
    }
    return this.block + 1 + (this.kind == JsonKind.Object ? 2 * i + 1 : i);
  }

  /** The position of the last member of that key; -1 when there is none. */
  private find(key: string): i32 {
    const entry = this.entry;
    if (kindOf(entry) == JsonKind.Object) return this.document.find(entry, key);
    this.expect(JsonKind.Object);
    return -1;
  }

  private expect(kind: JsonKind): bool {
    if (this.kind == kind) return true;
    this.mismatch(nameOf(kind), nameOf(this.kind));
    return false;
  }

  private mismatch(expected: string, found: string): void {
    this.fail("expected " + expected + ", found " + found);
  }

  private failBelow(segment: string, message: string): void {
    const document = this.document;
    if (document.error != null) return;
    document.fail(this.path + segment + ": " + message, startOf(this.entry));
  }
}

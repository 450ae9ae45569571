import { enlarge, JsonDocument, makeTape, Tape } from "./document";
import { duplicateKey } from "./duplicates";
import { entry, JsonKind, kindOf, payloadOf, startOf, stringPayload } from "./entry";
import { JsonOptions } from "./options";
import { decimal, indexSegment, MAX_SEGMENTS } from "./path";
import { Char, findSpecial, isHexDigit, unitAt } from "./text";

// @ts-ignore: decorator
@lazy @inline
const END: string = "the end of the text";

/** Room on the stack at first, in bytes; it grows. */
// @ts-ignore: decorator
@inline
const STACK_SIZE: usize = 512;

/** Values that a document may have at most, so that its tape fits in memory. */
// @ts-ignore: decorator
@inline
const MAX_VALUES: i32 = 1 << 24;

/**
 * Reads one text (RFC 8259, nothing beyond) onto the tape of its document. Open containers live on
 * a stack of its own, not on the machine's: no nesting can exhaust that.
 *
 * On the stack an open container is an entry whose payload is the index of the container around
 * it; what it holds so far is above it. When it closes, that moves to the tape as its block.
 *
 * The methods take a pointer into the text and answer how far they came; 0 means that the document
 * has an error now.
 */
@final
export class JsonParser {
  private stack: Tape = makeTape(STACK_SIZE);
  // Where the next entry goes on the stack, and where its room ends.
  private top: usize = 0;
  private limit: usize = 0;
  /** The index on the stack of the innermost open container; -1 outside of all. */
  private open: i32 = -1;
  /** The character that closes it; 0 outside of all. */
  private closer: u32 = 0;
  private depth: i32 = 0;
  private values: i32 = 0;
  /** The code unit that the last `skip` came to; 0, which is no part of JSON, at the end. */
  private unit: u32 = 0;
  private readonly begin: usize;
  private readonly end: usize;

  constructor(
    private readonly document: JsonDocument,
    private readonly options: JsonOptions,
  ) {
    const text = document.text;
    this.begin = changetype<usize>(text);
    this.end = this.begin + ((<usize>text.length) << 1);
  }

  /** Reads the whole text. */
  run(): void {
    this.top = this.bottom;
    this.limit = this.bottom + STACK_SIZE;
    let p = this.skip(this.begin);
    while (p) p = this.value(p);
  }

  /** From a value, or the place of one, to the next. */
  private value(p: usize): usize {
    const maxValues = min(this.options.maxValues, MAX_VALUES);
    if (this.values++ >= maxValues) {
      return this.fail(p, "more values than " + decimal(maxValues));
    }
    const unit = this.unit;
    if (unit == Char.OpenBracket || unit == Char.OpenBrace) {
      const maxDepth = this.options.maxDepth;
      if (this.depth++ >= maxDepth) {
        return this.fail(p, "nested deeper than " + decimal(maxDepth));
      }
      const open = <i32>((this.top - this.bottom) >> 3);
      this.push(unit == Char.OpenBracket ? JsonKind.Array : JsonKind.Object, p, this.open);
      this.open = open;
      // Both closing brackets come two places behind the opening ones.
      this.closer = unit + 2;
      p = this.skip(p + 2);
      if (this.unit != unit + 2) return unit == Char.OpenBrace ? this.key(p) : p;
    } else {
      p = unit == Char.Quote ? this.string(p) : this.scalar(p, unit);
      if (!p) return 0;
    }

    // Past commas, keys and the ends of containers.
    while (true) {
      p = this.skip(p);
      const closer = this.closer;
      if (!closer) return this.finish(p);
      const unit = this.unit;
      if (unit == Char.Comma) {
        p = this.skip(p + 2);
        return closer == Char.CloseBrace ? this.key(p) : p;
      }
      if (unit != closer) {
        return this.expected(p, closer == Char.CloseBrace ? "',' or '}'" : "',' or ']'");
      }
      if (!this.closeContainer()) return 0;
      p += 2;
    }
  }

  /** Behind the root value: nothing may follow. */
  private finish(p: usize): usize {
    if (p < this.end) return this.expected(p, END);
    this.document.append(this.bottom, 8);
    return 0;
  }

  /** Moves the innermost container to the tape; false when its keys are not unique. */
  private closeContainer(): bool {
    const document = this.document;
    const container = this.bottom + ((<usize>this.open) << 3);
    const first = container + 8;
    const opened = load<u64>(container);
    if (this.closer == Char.CloseBrace && !this.options.allowDuplicateKeys) {
      const p = duplicateKey(document, first, this.top);
      if (p) {
        const key = load<u64>(p);
        this.fail(document.startOf(key), "duplicate key", document.segment(key));
        return false;
      }
    }
    const size = this.top - first;
    // The size of the block stands in front of it: in place of the container, for the moment.
    store<u64>(container, size >> 3);
    const block = document.append(container, size + 8);
    store<u64>(container, entry(kindOf(opened), startOf(opened), block));
    this.top = first;
    this.depth--;
    const open = <i32>payloadOf(opened);
    this.open = open;
    this.closer = 0;
    if (open >= 0) {
      const isArray = kindOf(this.stacked(open)) == JsonKind.Array;
      this.closer = isArray ? Char.CloseBracket : Char.CloseBrace;
    }
    return true;
  }

  /** A key, its colon and the space behind that. */
  private key(p: usize): usize {
    if (this.unit != Char.Quote) return this.expected(p, "a key in double quotes");
    p = this.string(p);
    if (!p) return 0;
    p = this.skip(p);
    return this.unit == Char.Colon ? this.skip(p + 2) : this.expected(p, "':'");
  }

  private scalar(p: usize, unit: u32): usize {
    if (unit == Char.Minus || unit - Char.Zero < 10) return this.number(p, unit);
    if (this.end - p >= 8) {
      switch (load<u64>(p)) {
        case 0x006c_006c_0075_006e: // null
          this.push(JsonKind.Null, p, 0);
          return p + 8;
        case 0x0065_0075_0072_0074: // true
          this.push(JsonKind.Boolean, p, 1);
          return p + 8;
        case 0x0073_006c_0061_0066: // fals
          if (this.peek(p + 8) == Char.e) {
            this.push(JsonKind.Boolean, p, 0);
            return p + 10;
          }
      }
    }
    return this.expected(p, "a value");
  }

  private number(start: usize, unit: u32): usize {
    let p = unit == Char.Minus ? start + 2 : start;
    p = this.peek(p) == Char.Zero ? p + 2 : this.digits(p);
    if (p && this.peek(p) == Char.Point) p = this.digits(p + 2);
    if (p && (this.peek(p) | 0x20) == Char.e) {
      p += 2;
      const sign = this.peek(p);
      p = this.digits(sign == Char.Plus || sign == Char.Minus ? p + 2 : p);
    }
    if (p) this.push(JsonKind.Number, start, <u32>((p - start) >> 1));
    return p;
  }

  /** One digit or more. */
  private digits(p: usize): usize {
    const start = p;
    while (this.peek(p) - Char.Zero < 10) p += 2;
    return p > start ? p : this.expected(p, "a digit");
  }

  /** A string, from its opening quote on: a value or a key. */
  private string(start: usize): usize {
    let escaped = false;
    const end = this.end;
    let p = start + 2;
    while (true) {
      if (p + 8 <= end) {
        const found = findSpecial(load<u64>(p));
        if (!found) {
          p += 8;
          continue;
        }
        p += ((<usize>ctz(found)) >> 3) & ~1;
      } else if (p >= end) {
        return this.expected(end, "'\"'");
      }
      const unit = load<u16>(p);
      if (unit == Char.Quote) break;
      if (unit < 0x20) return this.fail(p, "control character in a string");
      if (unit == Char.Backslash) {
        escaped = true;
        p = this.escape(p);
        if (!p) return 0;
      }
      p += 2;
    }
    this.push(JsonKind.String, start, stringPayload(<u32>((p - start) >> 1) - 1, escaped));
    return p + 2;
  }

  /** From a backslash to the last character of its escape. */
  private escape(start: usize): usize {
    let p = start + 2;
    if (p < this.end) {
      const unit = <u32>load<u16>(p);
      if (unit == Char.u) {
        const last = p + 8;
        while (isHexDigit(this.peek(p + 2))) {
          p += 2;
          if (p == last) return p;
        }
      } else if (unit == Char.Quote || unit == Char.Backslash || unit == Char.Slash) {
        return p;
      } else if ((unitAt(start) & 0xffff) != unit) {
        // A letter that stands for something else.
        return p;
      }
    }
    return this.fail(start, "invalid escape in a string");
  }

  private push(kind: JsonKind, p: usize, payload: u32): void {
    if (this.top == this.limit) this.grow();
    store<u64>(this.top, entry(kind, <u32>((p - this.begin) >> 1), payload));
    this.top += 8;
  }

  private grow(): void {
    const size = this.top - this.bottom;
    this.stack = enlarge(this.stack, 0);
    this.top = this.bottom + size;
    this.limit = this.top + size;
  }

  private get bottom(): usize {
    return changetype<usize>(this.stack);
  }

  /** The code unit at `p`; 0, which is no part of JSON, at the end. */
  private peek(p: usize): u32 {
    return p < this.end ? load<u16>(p) : 0;
  }

  /** To the next character that is no space. */
  private skip(p: usize): usize {
    for (const end = this.end; p < end; p += 2) {
      const unit: u32 = load<u16>(p);
      if (unit == Char.Space) continue;
      // CR, LF and tab, as bits.
      if (unit > 0x20 || !((0x2600 >> unit) & 1)) {
        this.unit = unit;
        return p;
      }
    }
    this.unit = 0;
    return p;
  }

  private expected(p: usize, what: string): usize {
    return this.fail(p, "expected " + what + (p < this.end ? "" : ", found " + END));
  }

  /** Records what is wrong at `p`, and where that is. */
  private fail(p: usize, message: string, segment: string = ""): usize {
    let line = 1;
    let lineStart = this.begin;
    for (let q = lineStart; q < p; q += 2) {
      if (load<u16>(q) == 0x0a) {
        line++;
        lineStart = q + 2;
      }
    }
    const column = decimal(((p - lineStart) >> 1) + 1);
    const place = ": line " + decimal(line) + ", column " + column + ": ";
    const text = this.path() + segment + place + message;
    this.document.fail(text, <i32>((p - this.begin) >> 1));
    return 0;
  }

  /** The path of the innermost open container. */
  private path(): string {
    let path = "";
    let index = this.open;
    for (let left = MAX_SEGMENTS; index >= 0; left--) {
      const parent = <i32>payloadOf(this.stacked(index));
      if (parent < 0) break;
      if (!left) return "$" + "..." + path;
      const segment =
        kindOf(this.stacked(parent)) == JsonKind.Array
          ? indexSegment(index - parent - 1)
          : this.document.segment(this.stacked(index - 1));
      path = segment + path;
      index = parent;
    }
    return "$" + path;
  }

  /** The entry of the stack at `index`. */
  private stacked(index: i32): u64 {
    return load<u64>(this.bottom + ((<usize>index) << 3));
  }
}

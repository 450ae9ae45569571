import { JsonDocument } from "./document";
import { duplicateKey } from "./duplicates";
import { entry, JsonKind, kindOf, payloadOf, startOf, stringPayload } from "./entry";
import { decimal, indexSegment, MAX_SEGMENTS } from "./path";
import { Char, isHexDigit, unitAt } from "./text";

// @ts-ignore: decorator
@lazy @inline
const END: string = "the end of the text";

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
  private readonly stack: u64[] = [];
  /** The index on the stack of the innermost open container; -1 outside of all. */
  private open: i32 = -1;
  private depth: i32 = 0;
  private values: i32 = 0;
  private readonly begin: usize;
  private readonly end: usize;

  constructor(
    private readonly document: JsonDocument,
    private readonly maxDepth: i32,
    private readonly maxValues: i32,
    private readonly allowDuplicateKeys: bool,
  ) {
    const text = document.text;
    this.begin = changetype<usize>(text);
    this.end = this.begin + ((<usize>text.length) << 1);
  }

  /** Reads the whole text. */
  run(): void {
    let p = this.begin;
    do {
      p = this.skipSpace(p);
      const unit = this.peek(p);
      if (this.values++ >= this.maxValues) {
        this.fail(p, "more values than " + decimal(this.maxValues));
        return;
      }
      if (unit == Char.OpenBracket || unit == Char.OpenBrace) {
        p = this.openContainer(p, unit);
        if (!p) return;
        if (this.peek(p) != unit + 2) {
          if (unit == Char.OpenBrace) p = this.key(p);
          continue;
        }
      } else {
        p = this.scalar(p, unit);
        if (!p) return;
      }
      p = this.afterValue(p);
    } while (p);
  }

  private openContainer(p: usize, unit: u32): usize {
    if (this.depth++ >= this.maxDepth) {
      return this.fail(p, "nested deeper than " + decimal(this.maxDepth));
    }
    const open = this.stack.length;
    this.push(unit == Char.OpenBracket ? JsonKind.Array : JsonKind.Object, p, this.open);
    this.open = open;
    return this.skipSpace(p + 2);
  }

  /** From the end of a value to the next one, past commas, keys and the ends of containers. */
  private afterValue(p: usize): usize {
    while (true) {
      p = this.skipSpace(p);
      if (this.open < 0) {
        if (p < this.end) return this.expected(p, END);
        this.document.tape.push(unchecked(this.stack[0]));
        return 0;
      }
      const inObject = kindOf(unchecked(this.stack[this.open])) == JsonKind.Object;
      const unit = this.peek(p);
      if (unit == Char.Comma) return inObject ? this.key(p + 2) : p + 2;
      if (unit != (inObject ? Char.CloseBrace : Char.CloseBracket)) {
        return this.expected(p, inObject ? "',' or '}'" : "',' or ']'");
      }
      if (!this.closeContainer()) return 0;
      p += 2;
    }
  }

  /** Moves the innermost container to the tape; false when its keys are not unique. */
  private closeContainer(): bool {
    const stack = this.stack;
    const tape = this.document.tape;
    const open = this.open;
    const container = unchecked(stack[open]);
    if (kindOf(container) == JsonKind.Object && !this.allowDuplicateKeys) {
      const start = stack.dataStart;
      const first = start + ((<usize>open + 1) << 3);
      const p = duplicateKey(this.document, first, start + ((<usize>stack.length) << 3));
      if (p) {
        const key = load<u64>(p);
        this.fail(this.document.startOf(key), "duplicate key", this.document.segment(key));
        return false;
      }
    }
    const size = stack.length;
    const closed = entry(kindOf(container), startOf(container), tape.length);
    store<u64>(stack.dataStart + ((<usize>open) << 3), closed);
    tape.push(size - open - 1);
    for (let i = open + 1; i < size; i++) tape.push(unchecked(stack[i]));
    stack.length = open + 1;
    this.open = payloadOf(container);
    this.depth--;
    return true;
  }

  /** A key and its colon. */
  private key(p: usize): usize {
    p = this.skipSpace(p);
    if (this.peek(p) != Char.Quote) return this.expected(p, "a key in double quotes");
    p = this.string(p);
    if (!p) return 0;
    p = this.skipSpace(p);
    return this.peek(p) == Char.Colon ? p + 2 : this.expected(p, "':'");
  }

  private scalar(p: usize, unit: u32): usize {
    if (unit == Char.Quote) return this.string(p);
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
    for (let p = start + 2; p < end; p += 2) {
      const unit = load<u16>(p);
      if (unit == Char.Quote) {
        this.push(JsonKind.String, start, stringPayload(<u32>((p - start) >> 1) - 1, escaped));
        return p + 2;
      }
      if (unit < 0x20) return this.fail(p, "control character in a string");
      if (unit == Char.Backslash) {
        escaped = true;
        p = this.escape(p);
        if (!p) return 0;
      }
    }
    return this.expected(end, "'\"'");
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
    this.stack.push(entry(kind, <u32>((p - this.begin) >> 1), payload));
  }

  /** The code unit at `p`; 0, which is no part of JSON, at the end. */
  private peek(p: usize): u32 {
    return p < this.end ? load<u16>(p) : 0;
  }

  private skipSpace(p: usize): usize {
    for (const end = this.end; p < end; p += 2) {
      const unit = load<u16>(p);
      // Space, CR, LF and tab, as bits.
      if (unit > 0x20 || !((0x1_0000_2600 >> (<u64>unit)) & 1)) break;
    }
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
    const stack = this.stack;
    let path = "";
    let index = this.open;
    for (let left = MAX_SEGMENTS; index >= 0; left--) {
      const parent = <i32>payloadOf(unchecked(stack[index]));
      if (parent < 0) break;
      if (!left) return "$" + "..." + path;
      const segment =
        kindOf(unchecked(stack[parent])) == JsonKind.Array
          ? indexSegment(index - parent - 1)
          : this.document.segment(unchecked(stack[index - 1]));
      path = segment + path;
      index = parent;
    }
    return "$" + path;
  }
}

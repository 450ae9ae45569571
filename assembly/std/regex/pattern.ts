// The characters of a pattern, and its escapes, as ECMAScript reads them with the flag u.

/** What `Pattern.escaped` answers where a pattern has an error. */
// @ts-ignore: decorator
@lazy
export const NO_POINT: u32 = u32.MAX_VALUE;

/** A pattern that is read from its start to its end, or to its first error. */
export class Pattern {
  /** The next character. */
  at: i32 = 0;
  /** What is wrong with it; `null` as long as nothing is. */
  error: string | null = null;
  /** Where that is. */
  errorAt: i32 = 0;

  constructor(readonly text: string) {}

  get ended(): bool {
    return this.at >= this.text.length;
  }

  /** Ends the reading: what is wrong, and where. The first error stays. */
  fail(error: string, at: i32): void {
    if (this.error == null) {
      this.error = error;
      this.errorAt = at;
    }
    // Nothing more to read.
    this.at = this.text.length;
  }

  /** The unit that is `ahead` of the next; `NO_POINT` behind the end. */
  peek(ahead: i32 = 0): u32 {
    const at = this.at + ahead;
    if (at >= this.text.length) return NO_POINT;
    return load<u16>(changetype<usize>(this.text) + ((<usize>at) << 1));
  }

  /** Goes past the next unit if it is this one. */
  skip(unit: u32): bool {
    if (this.peek() != unit) return false;
    this.at++;
    return true;
  }

  /** The next character, a lone surrogate too, and goes past it. Not at the end. */
  next(): u32 {
    const unit = this.peek();
    this.at++;
    if ((unit & 0xfc00) != 0xd800) return unit;
    const low = this.peek();
    // Not so at the end: NO_POINT has other bits set.
    if ((low & 0xfffffc00) != 0xdc00) return unit;
    this.at++;
    return 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
  }

  /** A number of decimal digits, at most `i32.MAX_VALUE`; -1 where there is none. */
  number(): i32 {
    let value: i64 = -1;
    while (this.peek() - 0x30 < 10) {
      value = min<i64>(max<i64>(value, 0) * 10 + (this.peek() - 0x30), i32.MAX_VALUE);
      this.at++;
    }
    return <i32>value;
  }

  /**
   * The character that an escape stands for, whose `\` was at `start` and is read; `NO_POINT`, with
   * an error, where it stands for none.
   */
  escaped(start: i32, inClass: bool): u32 {
    const letter = this.ended ? NO_POINT : this.next();
    switch (letter) {
      case 0x66: // f
        return 0x0c;
      case 0x6e: // n
        return 0x0a;
      case 0x72: // r
        return 0x0d;
      case 0x74: // t
        return 0x09;
      case 0x76: // v
        return 0x0b;
      case 0x30: // 0
        if (this.peek() - 0x30 >= 10) return 0;
        break;
      case 0x62: // b
        if (inClass) return 0x08;
        break;
      case 0x2d: // -
        if (inClass) return letter;
        break;
      case 0x63: {
        // cX
        const control = this.peek();
        if ((control | 0x20) - 0x61 < 26) {
          this.at++;
          return control & 31;
        }
        break;
      }
      case 0x78: {
        // xHH
        const point = this.hex(2);
        if (point != NO_POINT) return point;
        break;
      }
      case 0x75: {
        // uHHHH, u{H...}
        const point = this.unicode();
        if (point != NO_POINT) return point;
        break;
      }
      case 0x6b: // k
        this.fail("regex: back references are not supported", start);
        return NO_POINT;
      case 0x70: // p
      case 0x50: // P
        this.fail("regex: \\p is not supported", start);
        return NO_POINT;
      default:
        if (letter - 0x31 < 9) {
          this.fail(
            inClass ? "regex: unknown escape" : "regex: back references are not supported",
            start,
          );
          return NO_POINT;
        }
        if (isSyntax(letter)) return letter;
    }
    this.fail("regex: unknown escape", start);
    return NO_POINT;
  }

  /** What follows `\u`. */
  private unicode(): u32 {
    if (!this.skip(0x7b)) {
      const lead = this.hex(4);
      if ((lead & 0xfffffc00) != 0xd800 || this.peek() != 0x5c || this.peek(1) != 0x75) return lead;
      const after = this.at;
      this.at += 2;
      const low = this.hex(4);
      if ((low & 0xfffffc00) == 0xdc00) return 0x10000 + ((lead & 0x3ff) << 10) + (low & 0x3ff);
      this.at = after;
      return lead;
    }
    let point: u32 = 0;
    const first = this.at;
    while (!this.ended && this.peek() != 0x7d) {
      const digit = hexDigit(this.peek());
      point = (point << 4) | digit;
      if (digit == NO_POINT || point > 0x10ffff) return NO_POINT;
      this.at++;
    }
    return this.at > first && this.skip(0x7d) ? point : NO_POINT;
  }

  /** Exactly `count` hexadecimal digits. */
  private hex(count: i32): u32 {
    let point: u32 = 0;
    for (let i = 0; i < count; i++) {
      const digit = hexDigit(this.peek());
      if (digit == NO_POINT) return NO_POINT;
      point = (point << 4) | digit;
      this.at++;
    }
    return point;
  }
}

/** Whether a character means something in a pattern, so that `\` can take that from it. */
function isSyntax(point: u32): bool {
  switch (point) {
    case 0x24: // $
    case 0x28: // (
    case 0x29: // )
    case 0x2a: // *
    case 0x2b: // +
    case 0x2e: // .
    case 0x2f: // /
    case 0x3f: // ?
    case 0x5b: // [
    case 0x5c: // \
    case 0x5d: // ]
    case 0x5e: // ^
    case 0x7b: // {
    case 0x7c: // |
    case 0x7d: // }
      return true;
    default:
      return false;
  }
}

function hexDigit(unit: u32): u32 {
  if (unit - 0x30 < 10) return unit - 0x30;
  const letter = (unit | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : NO_POINT;
}

// The Cookie header of a request (RFC 6265, section 5.4). Everything takes linear time, and memory
// in proportion.

/** A cookie of a request. */
export class Cookie {
  constructor(
    /** The name, never empty. Names differ by case. */
    readonly name: string,
    /** The value, without the double quotes that may be around it; not decoded in any way. */
    readonly value: string,
  ) {}
}

/**
 * The cookies of a Cookie header, read as servers do: `name=value` parts between `;`, spaces and
 * tabs around names and values dropped, and double quotes around a value. Parts without `=` or
 * without a name are no cookies. A name may occur several times; the first is the one with the
 * longest path. Nothing here fails or traps.
 *
 * ```ts
 * const cookies = new Cookies("sid=31d4; lang=en-US");
 * cookies.get("lang"); // en-US
 * if (cookies.remove("sid")) headers.set("cookie", cookies.toString());
 * ```
 */
export class Cookies {
  /** `header` is the value of the Cookie header. */
  constructor(private header: string) {}

  /** The header: as it was while nothing was removed. */
  toString(): string {
    return this.header;
  }

  /** The value of the first cookie of that name; `null` when there is none. */
  get(name: string): string | null {
    const part = new CookiePart(this.header);
    while (part.next()) {
      if (part.isNamed(name)) return part.value;
    }
    return null;
  }

  /** The values of all cookies of that name, in their order. */
  getAll(name: string): string[] {
    const values: string[] = [];
    const part = new CookiePart(this.header);
    while (part.next()) {
      if (part.isNamed(name)) values.push(part.value);
    }
    return values;
  }

  /** Whether there is a cookie of that name. */
  has(name: string): bool {
    const part = new CookiePart(this.header);
    while (part.next()) {
      if (part.isNamed(name)) return true;
    }
    return false;
  }

  /** All cookies, in their order. */
  all(): Cookie[] {
    const cookies: Cookie[] = [];
    const part = new CookiePart(this.header);
    while (part.next()) {
      if (part.isCookie) cookies.push(new Cookie(part.name, part.value));
    }
    return cookies;
  }

  /**
   * Removes all cookies of that name, so that the upstream does not see them; false when there is
   * none. What remains is parted by `; ` and otherwise as it was.
   */
  remove(name: string): bool {
    const kept: string[] = [];
    let found = false;
    const part = new CookiePart(this.header);
    while (part.next()) {
      if (part.isNamed(name)) found = true;
      else if (part.end > part.start) kept.push(part.text);
    }
    if (found) this.header = kept.join("; ");
    return found;
  }
}

/** Goes from part to part of a Cookie header. */
class CookiePart {
  /** Where the part begins and ends, without the space around it. */
  start: i32 = 0;
  end: i32 = 0;
  /** Where its first `=` is; `end` when it has none. */
  private equals: i32 = 0;
  /** Where the name ends. */
  private nameEnd: i32 = 0;
  /** Where the next part begins. */
  private following: i32 = 0;

  constructor(private readonly header: string) {}

  /** Goes to the next part; false when there is none. */
  next(): bool {
    const header = this.header;
    const start = this.following;
    if (start >= header.length) return false;
    let equals = -1;
    let end = start;
    for (; end < header.length; end++) {
      const unit = unitAt(header, end);
      if (unit == 0x3b) break;
      if (unit == 0x3d && equals < 0) equals = end;
    }
    this.following = end + 1;
    this.start = skipSpace(header, start, end);
    this.end = trimSpace(header, this.start, end);
    this.equals = equals < 0 ? this.end : equals;
    this.nameEnd = equals < 0 ? this.start : trimSpace(header, this.start, equals);
    return true;
  }

  /** Whether it has a name and a `=`. */
  get isCookie(): bool {
    return this.nameEnd > this.start;
  }

  isNamed(name: string): bool {
    const length = this.nameEnd - this.start;
    if (length != name.length || !length) return false;
    for (let i = 0; i < length; i++) {
      if (unitAt(this.header, this.start + i) != unitAt(name, i)) return false;
    }
    return true;
  }

  get text(): string {
    return this.header.substring(this.start, this.end);
  }

  get name(): string {
    return this.header.substring(this.start, this.nameEnd);
  }

  get value(): string {
    const header = this.header;
    let end = this.end;
    let start = skipSpace(header, min(this.equals + 1, end), end);
    if (end - start > 1 && unitAt(header, start) == 0x22 && unitAt(header, end - 1) == 0x22) {
      start++;
      end--;
    }
    return header.substring(start, end);
  }
}

// @ts-ignore: decorator
@inline
function unitAt(text: string, index: i32): u32 {
  return load<u16>(changetype<usize>(text) + ((<usize>index) << 1));
}

// @ts-ignore: decorator
@inline
function isSpace(unit: u32): bool {
  return unit == 0x20 || unit == 0x09;
}

function skipSpace(text: string, start: i32, end: i32): i32 {
  while (start < end && isSpace(unitAt(text, start))) start++;
  return start;
}

function trimSpace(text: string, start: i32, end: i32): i32 {
  while (end > start && isSpace(unitAt(text, end - 1))) end--;
  return end;
}

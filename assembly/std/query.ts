// The query of a URL, edited in place: what is not touched stays as it is spelled, in its order.
// Every call reads the text once; nothing is kept beside it.
import { percentDecodeLoose, percentEncode } from "./percent";

// @ts-ignore: decorator
@inline
const AMPERSAND: u32 = 0x26;

// @ts-ignore: decorator
@inline
const EQUALS: u32 = 0x3d;

// @ts-ignore: decorator
@inline
const PERCENT: u32 = 0x25;

// @ts-ignore: decorator
@inline
const PLUS: u32 = 0x2b;

/** A name and a value of a query, decoded. */
export class QueryParameter {
  constructor(
    /** The name; `""` where there is nothing before the `=`. */
    readonly name: string,
    /** The value; `""` where there is none. */
    readonly value: string,
  ) {}
}

/**
 * A query: `name=value` parts between `&`. Names and values are read as browsers and most servers
 * do (`URLSearchParams`): `+` is a space, escapes are decoded as UTF-8 with U+FFFD for what is none,
 * a `%` without two hexadecimal digits stands for itself, a part without `=` has the value `""`, and
 * empty parts are none. A name may occur several times. Nothing here fails or traps.
 *
 * ```ts
 * const query = new Query("b=1&a=%20&b=2");
 * query.get("a"); // " "
 * query.set("b", "x/y");
 * query.toString(); // b=x%2Fy&a=%20
 * ```
 */
export class Query {
  /** `text` is what follows the `?`. */
  constructor(private text: string = "") {}

  /** The query as text, without `?`: what was not edited is as it was. */
  toString(): string {
    return this.text;
  }

  /** The value of the first parameter of that name; `null` when there is none. */
  get(name: string): string | null {
    const text = this.text;
    for (let from = 0; from < text.length;) {
      const end = partEnd(text, from);
      if (isNamed(text, from, end, name)) return valueOf(text, from, end);
      from = end + 1;
    }
    return null;
  }

  /** The values of all parameters of that name, in their order. */
  getAll(name: string): string[] {
    const values: string[] = [];
    const text = this.text;
    for (let from = 0; from < text.length;) {
      const end = partEnd(text, from);
      if (isNamed(text, from, end, name)) values.push(valueOf(text, from, end));
      from = end + 1;
    }
    return values;
  }

  /** Whether there is a parameter of that name, with a value or without. */
  has(name: string): bool {
    const text = this.text;
    for (let from = 0; from < text.length;) {
      const end = partEnd(text, from);
      if (isNamed(text, from, end, name)) return true;
      from = end + 1;
    }
    return false;
  }

  /** All parameters, in their order. */
  parameters(): QueryParameter[] {
    const all: QueryParameter[] = [];
    const text = this.text;
    for (let from = 0; from < text.length;) {
      const end = partEnd(text, from);
      if (end > from) {
        const name = percentDecodeLoose(text.substring(from, nameEnd(text, from, end)), true);
        all.push(new QueryParameter(name, valueOf(text, from, end)));
      }
      from = end + 1;
    }
    return all;
  }

  /**
   * Gives the first parameter of that name another value, where it is, and removes the others; adds
   * it at the end when there is none.
   */
  set(name: string, value: string): void {
    if (!this.rewrite(name, percentEncode(value), true)) this.add(name, value);
  }

  /** Adds a parameter at the end. Space is written as `%20`, which all servers understand. */
  add(name: string, value: string): void {
    const part = percentEncode(name) + "=" + percentEncode(value);
    this.text = this.text.length ? this.text + "&" + part : part;
  }

  /** Removes all parameters of that name; false when there is none. */
  remove(name: string): bool {
    return this.rewrite(name, "", false);
  }

  /**
   * Rewrites the text without the parameters of that name; the first stays with another value when
   * `keepFirst` is set. False when there is none.
   */
  private rewrite(name: string, value: string, keepFirst: bool): bool {
    const text = this.text;
    const data = heap.alloc((<usize>text.length + value.length + 1) << 1);
    let to = data;
    let found = false;
    let first = true;
    // Up to and with the end: a part may be empty, and the last one too.
    for (let from = 0; from <= text.length;) {
      const end = partEnd(text, from);
      const named = isNamed(text, from, end, name);
      if (!named || (keepFirst && !found)) {
        if (!first) to = copyUnits("&", 0, 1, to);
        first = false;
        if (!named) {
          to = copyUnits(text, from, end, to);
        } else {
          to = copyUnits(text, from, nameEnd(text, from, end), to);
          to = copyUnits("=", 0, 1, to);
          to = copyUnits(value, 0, value.length, to);
        }
      }
      found = found || named;
      from = end + 1;
    }
    if (found) {
      const size = to - data;
      const edited = changetype<string>(__new(size, idof<string>()));
      memory.copy(changetype<usize>(edited), data, size);
      this.text = edited;
    }
    heap.free(data);
    return found;
  }
}

// @ts-ignore: decorator
@inline
function unitAt(text: string, index: i32): u32 {
  return load<u16>(changetype<usize>(text) + ((<usize>index) << 1));
}

/** Where the part that begins at `from` ends: at a `&` or the end of the text. */
function partEnd(text: string, from: i32): i32 {
  let end = from;
  while (end < text.length && unitAt(text, end) != AMPERSAND) end++;
  return end;
}

/** Where the name of a part ends: at its first `=` or its end. */
function nameEnd(text: string, from: i32, end: i32): i32 {
  let at = from;
  while (at < end && unitAt(text, at) != EQUALS) at++;
  return at;
}

function isNamed(text: string, from: i32, end: i32, name: string): bool {
  if (from == end) return false;
  const length = nameEnd(text, from, end) - from;
  // What is decoded is not longer than what is written.
  if (length < name.length) return false;
  // Up to the first escape, the units tell.
  let i = 0;
  for (; i < length; i++) {
    const unit = unitAt(text, from + i);
    if (unit == PERCENT || unit == PLUS) break;
    if (i >= name.length || unit != unitAt(name, i)) return false;
  }
  if (i == length) return i == name.length;
  return percentDecodeLoose(text.substring(from, from + length), true) == name;
}

function valueOf(text: string, from: i32, end: i32): string {
  const start = nameEnd(text, from, end) + 1;
  return start < end ? percentDecodeLoose(text.substring(start, end), true) : "";
}

/** Copies the units of a text from `from` to before `end`, and returns where they end. */
function copyUnits(text: string, from: i32, end: i32, to: usize): usize {
  const size = (<usize>(end - from)) << 1;
  memory.copy(to, changetype<usize>(text) + ((<usize>from) << 1), size);
  return to + size;
}

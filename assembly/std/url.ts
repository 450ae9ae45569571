// The target of a request, the `:path` header: its path and its query (RFC 3986). Everything takes
// linear time, and memory in proportion.
import { hexValue } from "./hex";
import { Query, QueryParameter } from "./query";
import { failure, Result } from "./result";

export { Query, QueryParameter };

// @ts-ignore: decorator
@inline
const PERCENT: u32 = 0x25;

// @ts-ignore: decorator
@inline
const DOT: u32 = 0x2e;

// @ts-ignore: decorator
@inline
const SLASH: u32 = 0x2f;

// @ts-ignore: decorator
@inline
const BACKSLASH: u32 = 0x5c;

/** What becomes of `%2F`, `%5C` and `\`, which some servers take for `/` and others do not. */
export const enum EscapedSlashes {
  /** They are an error. */
  Reject,
  /** They stay, as part of a segment: `/a%2F..%2Fb` has one. */
  Keep,
  /** Each becomes `/`. */
  Decode,
}

/**
 * A request's target: `/path?query`. What is not edited stays as it is.
 *
 * ```ts
 * const target = RequestTarget.parse(path);
 * if (target.query.remove("debug")) headers.set(":path", target.toString());
 * ```
 */
export class RequestTarget {
  private constructor(
    /** The path as it is written, escapes and all: up to the first `?`. */
    public path: string,
    /** What follows the first `?`; empty when there is none. */
    readonly query: Query,
    /** There is a `?` with nothing after it. */
    private readonly bareMark: bool,
  ) {}

  /**
   * Takes a target apart. Any text is one: also `*`, which has a path only. `#` is an ordinary
   * character, as targets have no fragments. Never traps.
   */
  static parse(text: string): RequestTarget {
    const mark = text.indexOf("?");
    if (mark < 0) return new RequestTarget(text, new Query(), false);
    const query = new Query(text.substring(mark + 1));
    return new RequestTarget(text.substring(0, mark), query, mark == text.length - 1);
  }

  /** The target as text. A query that was edited to nothing leaves no `?`. */
  toString(): string {
    const query = this.query.toString();
    if (query.length) return this.path + "?" + query;
    return this.bareMark ? this.path + "?" : this.path;
  }
}

/**
 * The segments of a path as they are written: `/a/b%2Fc/` has `a`, `b%2Fc` and `""`. Decode each
 * with `percentDecode`, after this, so that `%2F` parts nothing. `/` has one segment, which is
 * empty, and `""` none. Never traps.
 */
export function pathSegments(path: string): string[] {
  const segments: string[] = [];
  if (!path.length) return segments;
  let from = unitAt(path, 0) == SLASH ? 1 : 0;
  while (true) {
    let end = from;
    while (end < path.length && unitAt(path, end) != SLASH) end++;
    segments.push(path.substring(from, end));
    if (end == path.length) return segments;
    from = end + 1;
  }
}

/**
 * A path without its `.` and `..` segments (RFC 3986, section 5.2.4), also where a dot is written
 * as `%2E`: `/a/b/%2e%2E/./c` is `/a/c`. `..` at the root stays there. `%2F` parts nothing.
 * Everything else stays as it is. Never traps.
 */
export function removeDotSegments(path: string): string {
  const size = (<usize>path.length) << 1;
  const data = heap.alloc(size);
  memory.copy(data, changetype<usize>(path), size);
  const result = toText(data, withoutDotSegments(data, data + size));
  heap.free(data);
  return result;
}

/**
 * The form of a path to compare with rules (RFC 3986, section 6.2.2): escapes of letters, digits,
 * `-`, `.`, `_` and `~` are decoded, others written in upper case, and `.` and `..` segments
 * removed. `/%61dmin/./x%2fy` is `/admin/x%2Fy` when escaped slashes are kept. Empty segments stay.
 * An error when a `%` has no two hexadecimal digits, and for slashes that are rejected. Forward
 * what you have checked: set `:path` to the result. Never traps.
 */
export function normalizePath(
  path: string,
  escapedSlashes: EscapedSlashes = EscapedSlashes.Reject,
): Result<string> {
  const data = heap.alloc((<usize>path.length) << 1);
  let to = data;
  for (let i = 0; i < path.length; i++) {
    let unit = unitAt(path, i);
    let escape = false;
    const at = i;
    if (unit == PERCENT) {
      const value =
        i + 2 < path.length
          ? (hexValue(unitAt(path, i + 1)) << 4) | hexValue(unitAt(path, i + 2))
          : 256;
      if (value > 255) {
        heap.free(data);
        return failure<string>("path: two hexadecimal digits must follow %", at);
      }
      i += 2;
      unit = value;
      escape = !isUnreserved(value);
    }
    if (unit == BACKSLASH || (escape && unit == SLASH)) {
      if (escapedSlashes == EscapedSlashes.Reject) {
        heap.free(data);
        return failure<string>("path: escaped slash or backslash", at);
      }
      if (escapedSlashes == EscapedSlashes.Decode) {
        unit = SLASH;
        escape = false;
      }
    }
    if (escape) {
      store<u16>(to, <u16>PERCENT);
      store<u16>(to, <u16>upperCase(unitAt(path, at + 1)), 2);
      store<u16>(to, <u16>upperCase(unitAt(path, at + 2)), 4);
      to += 6;
    } else {
      store<u16>(to, <u16>unit);
      to += 2;
    }
  }
  const result = new Result<string>(toText(data, withoutDotSegments(data, to)));
  heap.free(data);
  return result;
}

/** Removes dot segments in place and returns where the rest ends. */
function withoutDotSegments(data: usize, end: usize): usize {
  let from = data;
  let to = data;
  // A path that does not begin with `/` has no root to climb to: leading dot segments vanish.
  while (from < end && load<u16>(from) != SLASH) {
    const next = segmentEnd(from, end);
    if (!dots(from, next)) {
      to += next - from;
      memory.copy(data, from, next - from);
      from = next;
      break;
    }
    from = min(next + 2, end);
  }
  // From here on each segment has a `/` before it. What is written never overtakes what is read.
  while (from < end) {
    const next = segmentEnd(from + 2, end);
    const count = dots(from + 2, next);
    if (!count) {
      memory.copy(to, from, next - from);
      to += next - from;
    } else {
      if (count == 2) to = parentEnd(data, to);
      if (next == end) {
        store<u16>(to, <u16>SLASH);
        to += 2;
      }
    }
    from = next;
  }
  return to;
}

/** Where the segment that begins at `from` ends: at a `/` or the end. */
function segmentEnd(from: usize, end: usize): usize {
  let at = from;
  while (at < end && load<u16>(at) != SLASH) at += 2;
  return at;
}

/** 1 for a segment that is `.`, 2 for `..`, written in whichever way; 0 for all others. */
function dots(from: usize, end: usize): i32 {
  let count = 0;
  let at = from;
  while (at < end && count < 3) {
    const unit = <u32>load<u16>(at);
    if (unit == DOT) {
      at += 2;
    } else if (
      unit == PERCENT &&
      end - at >= 6 &&
      load<u16>(at, 2) == 0x32 &&
      (load<u16>(at, 4) | 0x20) == 0x65
    ) {
      at += 6;
    } else {
      return 0;
    }
    count++;
  }
  return count < 3 ? count : 0;
}

/** Where what is written ends without its last segment and the `/` before it. */
function parentEnd(data: usize, end: usize): usize {
  let at = end;
  while (at > data) {
    at -= 2;
    if (load<u16>(at) == SLASH) break;
  }
  return at;
}

/** Whether the character is a letter, a digit, or one of `-._~`. */
function isUnreserved(unit: u32): bool {
  const letter = (unit | 0x20) - 0x61;
  return (
    letter < 26 || unit - 0x30 < 10 || unit == 0x2d || unit == DOT || unit == 0x5f || unit == 0x7e
  );
}

/** A hexadecimal digit in upper case. */
function upperCase(digit: u32): u32 {
  return digit > 0x60 ? digit - 0x20 : digit;
}

// @ts-ignore: decorator
@inline
function unitAt(text: string, index: i32): u32 {
  return load<u16>(changetype<usize>(text) + ((<usize>index) << 1));
}

function toText(data: usize, end: usize): string {
  if (end == data) return "";
  const text = __new(end - data, idof<string>());
  memory.copy(text, data, end - data);
  return changetype<string>(text);
}

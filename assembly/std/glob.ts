// Patterns with wildcards for paths and host names. Matching tries all ways at once rather than one
// after the other: its time is in proportion to text times pattern at worst, whatever both are.
import { Result } from "./result";

/** The kinds of a token, in its high byte; in the rest a code point, or where a set is. */
const enum Kind {
  /** One character. */
  Literal,
  /** `?` */
  One,
  /** `[...]` */
  Set,
  /** `*` */
  Star,
  /** `**` */
  StarStar,
  /** `**` and a separator, where a segment begins: no segment, or what comes next. */
  Segments,
  /** Any characters up to and with a separator. */
  SegmentsLoop,
  /** The end of the pattern. */
  End,
}

// @ts-ignore: decorator
@inline
const KIND_SHIFT: u32 = 24;

// @ts-ignore: decorator
@inline
const VALUE_MASK: u32 = 0xffffff;

// @ts-ignore: decorator
@inline
const BACKSLASH: u32 = 0x5c;

// @ts-ignore: decorator
@inline
const CLOSE: u32 = 0x5d;

/**
 * A pattern that a whole text matches or does not:
 *
 * - `*` is any number of characters of one segment, `?` is one;
 * - `**` is any number of characters, separators included: `/static/**` matches `/static/` and all
 *   below it, but not `/static`. Where it is a segment and another follows, it may be none at all:
 *   `**.example.com` also matches `example.com`;
 * - `[a-z_]` is one of these characters, `[!a-z]` or `[^a-z]` one that is none of these; neither is a
 *   separator;
 * - `\` takes the meaning from the next character.
 *
 * ```ts
 * const glob = Glob.path("/api/v?/users-*");
 * if (glob.error != null) return false;
 * glob.value.matches("/api/v1/users-7"); // true
 * ```
 */
export class Glob {
  /** The states that the text so far leads to, and those that one character more does. */
  private states: StaticArray<i32>;
  private following: StaticArray<i32>;
  private count: i32 = 0;
  /** For each state, at which character it was reached last. */
  private reached: StaticArray<i32>;

  private constructor(
    private readonly tokens: StaticArray<u32>,
    private readonly sets: u32[],
    private readonly separator: u32,
    private readonly ignoreCase: bool,
  ) {
    this.states = new StaticArray<i32>(tokens.length);
    this.following = new StaticArray<i32>(tokens.length);
    this.reached = new StaticArray<i32>(tokens.length);
  }

  /**
   * A pattern for paths: `/` parts segments, case counts. An error when it is longer than
   * `maxLength`, ends in `\`, or has a set that is not closed or a range that runs backwards; the
   * value then matches nothing. Never traps.
   */
  static path(pattern: string, maxLength: i32 = 1024): Result<Glob> {
    return Glob.parse(pattern, 0x2f, false, maxLength);
  }

  /**
   * A pattern for host names: `.` parts segments, the case of ASCII letters does not count. Errors
   * are as for `path`. Never traps.
   */
  static host(pattern: string, maxLength: i32 = 1024): Result<Glob> {
    return Glob.parse(pattern, 0x2e, true, maxLength);
  }

  private static parse(
    pattern: string,
    separator: u32,
    ignoreCase: bool,
    maxLength: i32,
  ): Result<Glob> {
    if (pattern.length > maxLength)
      return Glob.refused("glob: pattern is too long", max(maxLength, 0));
    // As many tokens as characters at most, a few for `**/`, and the end.
    const tokens = new StaticArray<u32>(pattern.length + 1);
    const sets: u32[] = [];
    let count = 0;
    let isStart = true;
    let i = 0;
    while (i < pattern.length) {
      const at = i;
      let point = pointAt(pattern, i);
      i += widthOf(point);
      let token = point;
      if (point == 0x2a) {
        while (i < pattern.length && unitAt(pattern, i) == 0x2a) i++;
        token = (<u32>(i - at > 1 ? Kind.StarStar : Kind.Star)) << KIND_SHIFT;
        if (i - at > 1 && isStart && i < pattern.length && unitAt(pattern, i) == separator) {
          unchecked((tokens[count++] = (<u32>Kind.Segments) << KIND_SHIFT));
          token = (<u32>Kind.SegmentsLoop) << KIND_SHIFT;
          i++;
          point = separator;
        }
      } else if (point == 0x3f) {
        token = (<u32>Kind.One) << KIND_SHIFT;
      } else if (point == 0x5b) {
        token = ((<u32>Kind.Set) << KIND_SHIFT) | sets.length;
        i = readSet(pattern, i, sets);
        const error = setError;
        if (error != null) return Glob.refused(error, i);
      } else {
        if (point == BACKSLASH) {
          if (i == pattern.length) return Glob.refused("glob: nothing follows \\", at);
          point = pointAt(pattern, i);
          i += widthOf(point);
        }
        token = ignoreCase ? lowerCase(point) : point;
      }
      unchecked((tokens[count++] = token));
      isStart = point == separator;
    }
    unchecked((tokens[count] = (<u32>Kind.End) << KIND_SHIFT));
    return new Result<Glob>(new Glob(tokens, sets, separator, ignoreCase));
  }

  /** An error, and a glob that matches nothing: its one token is no character. */
  private static refused(error: string, offset: i32): Result<Glob> {
    const tokens = new StaticArray<u32>(1);
    tokens[0] = VALUE_MASK;
    return new Result<Glob>(new Glob(tokens, [], 0, false), error, offset);
  }

  /** Whether the whole text matches. Never traps. */
  matches(text: string): bool {
    memory.fill(changetype<usize>(this.reached), 0, (<usize>this.reached.length) << 2);
    this.count = 0;
    if (this.reach(0, 1)) return true;
    // Characters count from 1; 0 is none.
    let step = 1;
    for (let i = 0; i < text.length;) {
      const point = pointAt(text, i);
      i += widthOf(point);
      step++;
      if (this.advance(this.ignoreCase ? lowerCase(point) : point, step)) return true;
      if (!this.count) return false;
    }
    for (let i = 0; i < this.count; i++) {
      if (unchecked(this.tokens[this.states[i]]) >> KIND_SHIFT == Kind.End) return true;
    }
    return false;
  }

  /** Goes on by one character; true when all that can follow matches. */
  private advance(point: u32, step: i32): bool {
    const from = this.states;
    const count = this.count;
    this.states = this.following;
    this.following = from;
    this.count = 0;
    const isSeparator = point == this.separator;
    for (let i = 0; i < count; i++) {
      const state = unchecked(from[i]);
      const token = unchecked(this.tokens[state]);
      let next = -1;
      switch (token >> KIND_SHIFT) {
        case Kind.Literal:
          if (token == point) next = state + 1;
          break;
        case Kind.One:
          if (!isSeparator) next = state + 1;
          break;
        case Kind.Set:
          if (!isSeparator && this.isInSet(token & VALUE_MASK, point)) next = state + 1;
          break;
        case Kind.Star:
          if (!isSeparator) next = state;
          break;
        case Kind.StarStar:
          next = state;
          break;
        case Kind.SegmentsLoop:
          if (isSeparator && this.reach(state + 1, step)) return true;
          next = state;
          break;
      }
      if (next >= 0 && this.reach(next, step)) return true;
    }
    return false;
  }

  /** Adds a state and those reached from it by no character; true when all that follows matches. */
  private reach(state: i32, step: i32): bool {
    while (unchecked(this.reached[state]) != step) {
      unchecked((this.reached[state] = step));
      const kind = unchecked(this.tokens[state]) >> KIND_SHIFT;
      if (kind == Kind.Segments) {
        this.reach(state + 1, step);
        state += 2;
        continue;
      }
      unchecked((this.states[this.count++] = state));
      if (kind != Kind.Star && kind != Kind.StarStar) return false;
      state++;
      if (kind == Kind.StarStar && unchecked(this.tokens[state]) >> KIND_SHIFT == Kind.End)
        return true;
    }
    return false;
  }

  /** Whether a character is in the set at `start`. */
  private isInSet(start: i32, point: u32): bool {
    const sets = this.sets;
    const negated = unchecked(sets[start]) != 0;
    const end = start + 2 + <i32>unchecked(sets[start + 1]) * 2;
    const other = this.ignoreCase && point - 0x61 < 26 ? point - 0x20 : point;
    for (let i = start + 2; i < end; i += 2) {
      const low = unchecked(sets[i]);
      const high = unchecked(sets[i + 1]);
      if ((point >= low && point <= high) || (other >= low && other <= high)) return !negated;
    }
    return negated;
  }
}

/** What is wrong with the set that was read last; `null` when nothing is. */
// @ts-ignore: decorator
@lazy
let setError: string | null = null;

/**
 * Reads the set whose `[` is before `start`, adds it to `sets` (whether negated, the number of
 * ranges, and the two ends of each) and answers where it ends, after the `]`. Sets `setError`, and
 * answers where the error is.
 */
function readSet(pattern: string, start: i32, sets: u32[]): i32 {
  setError = null;
  let i = start;
  const negated = i < pattern.length && (unitAt(pattern, i) == 0x21 || unitAt(pattern, i) == 0x5e);
  if (negated) i++;
  const first = i;
  const countAt = sets.length + 1;
  sets.push(negated ? 1 : 0);
  sets.push(0);
  while (i < pattern.length) {
    const at = i;
    // A `]` that comes first is one of the characters.
    if (unitAt(pattern, i) == CLOSE && i > first) return i + 1;
    if (unitAt(pattern, i) == BACKSLASH && i + 1 < pattern.length) i++;
    const low = pointAt(pattern, i);
    i += widthOf(low);
    let high = low;
    if (i + 1 < pattern.length && unitAt(pattern, i) == 0x2d && unitAt(pattern, i + 1) != CLOSE) {
      i++;
      if (unitAt(pattern, i) == BACKSLASH && i + 1 < pattern.length) i++;
      high = pointAt(pattern, i);
      i += widthOf(high);
    }
    if (high < low) {
      setError = "glob: range runs backwards";
      return at;
    }
    sets.push(low);
    sets.push(high);
    unchecked((sets[countAt] = unchecked(sets[countAt]) + 1));
  }
  setError = "glob: set without ]";
  return start - 1;
}

// @ts-ignore: decorator
@inline
function unitAt(text: string, index: i32): u32 {
  return load<u16>(changetype<usize>(text) + ((<usize>index) << 1));
}

/** The code point at `index`; a lone surrogate is one. */
function pointAt(text: string, index: i32): u32 {
  const unit = unitAt(text, index);
  if ((unit & 0xfc00) != 0xd800 || index + 1 >= text.length) return unit;
  const low = unitAt(text, index + 1);
  return (low & 0xfc00) == 0xdc00 ? 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff) : unit;
}

/** How many units a code point takes. */
// @ts-ignore: decorator
@inline
function widthOf(point: u32): i32 {
  return point > 0xffff ? 2 : 1;
}

/** An ASCII letter in lower case; everything else as it is. */
// @ts-ignore: decorator
@inline
function lowerCase(point: u32): u32 {
  return point - 0x41 < 26 ? point + 0x20 : point;
}

import { entry, isEscaped, JsonKind, kindOf, lengthOf, payloadOf, startOf } from "./entry";
import { integerResult, readInteger } from "./number";
import { memberSegment } from "./path";
import { compareText, decodeText, hashText } from "./text";

/** What all nodes of one document share: its text, its tape (see entry.ts) and its first error. */
@final
export class JsonDocument {
  readonly tape: u64[] = [];
  /** The first error; `null` while there is none. */
  error: string | null = null;
  /** Where in the text it is, in UTF-16 code units; -1 while there is none. */
  errorOffset: i32 = -1;

  constructor(readonly text: string) {}

  /** Records an error, unless there is one. */
  fail(message: string, offset: i32): void {
    if (this.error != null) return;
    this.error = message;
    this.errorOffset = offset;
  }

  /** The entry at `position`; one of kind None at -1. */
  at(position: i32): u64 {
    return position < 0 ? entry(JsonKind.None, 0, 0) : unchecked(this.tape[position]);
  }

  /** The string of a string's or key's entry. */
  string(entry: u64): string {
    const start = this.contentOf(entry);
    return decodeText(start, start + ((<usize>lengthOf(entry)) << 1), isEscaped(entry));
  }

  /** Whether an entry is a whole number from `min` to `max`, which is left in `integerResult`. */
  readInteger(entry: u64, min: i64, max: i64): bool {
    if (kindOf(entry) != JsonKind.Number) return false;
    const start = this.startOf(entry);
    if (!readInteger(start, start + ((<usize>payloadOf(entry)) << 1))) return false;
    return integerResult >= min && integerResult <= max;
  }

  /** The path segment of a member, by the entry of its key. */
  segment(key: u64): string {
    const start = this.contentOf(key);
    return memberSegment(decodeText(start, start + ((<usize>lengthOf(key)) << 1), false));
  }

  /** Whether a key's entry is `name`. */
  isName(key: u64, name: string): bool {
    const start = this.contentOf(key);
    const size = (<usize>lengthOf(key)) << 1;
    const q = changetype<usize>(name);
    const nameSize = (<usize>name.length) << 1;
    // Most keys that are others have other lengths.
    if (size != nameSize && !isEscaped(key)) return false;
    return !compareText(start, start + size, q, q + nameSize, false);
  }

  /** Compares two keys' entries, as compareText does. */
  compareKeys(a: u64, b: u64): i32 {
    const p = this.contentOf(a);
    const q = this.contentOf(b);
    const pEnd = p + ((<usize>lengthOf(a)) << 1);
    return compareText(p, pEnd, q, q + ((<usize>lengthOf(b)) << 1), true);
  }

  /** A hash of a key: equal keys have equal ones, however they are escaped. */
  hashKey(key: u64): u32 {
    const start = this.contentOf(key);
    return hashText(start, start + ((<usize>lengthOf(key)) << 1));
  }

  /** Where the value of an entry stands. */
  startOf(entry: u64): usize {
    return changetype<usize>(this.text) + ((<usize>startOf(entry)) << 1);
  }

  /** Where the first character of a string stands, behind the quote. */
  private contentOf(entry: u64): usize {
    return this.startOf(entry) + 2;
  }
}

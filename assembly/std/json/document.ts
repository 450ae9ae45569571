import { entry, isEscaped, JsonKind, kindOf, lengthOf, payloadOf, startOf } from "./entry";
import { integerResult, readInteger } from "./number";
import { memberSegment } from "./path";
import { compareText, decodeText } from "./text";

/** Entries; its length is the room that they have. */
export type Tape = StaticArray<u64>;

/** What all nodes of one document share: its text, its tape (see entry.ts) and its first error. */
@final
export class JsonDocument {
  /** The tape. What is behind `size` is room to grow. */
  private tape: Tape;
  /** How many bytes of the tape are used. */
  private size: usize = 0;
  /** The first error; `null` while there is none. */
  error: string | null = null;
  /** Where in the text it is, in UTF-16 code units; -1 while there is none. */
  errorOffset: i32 = -1;

  constructor(readonly text: string) {
    this.tape = makeTape((((<usize>text.length) >> 1) & ~7) + 64);
  }

  /** Where the root's entry is on the tape; -1 when the text is no JSON. */
  get root(): i32 {
    return this.error == null ? <i32>(this.size >> 3) - 1 : -1;
  }

  /** Copies `size` bytes of entries to the end of the tape; answers their position there. */
  append(entries: usize, size: usize): i32 {
    const used = this.size;
    const needed = used + size;
    if (needed > (<usize>this.tape.length) << 3) {
      this.tape = enlarge(this.tape, needed);
    }
    memory.copy(changetype<usize>(this.tape) + used, entries, size);
    this.size = needed;
    return <i32>(used >> 3);
  }

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

  /** The position of the value of the last member of that name in an object; -1 without one. */
  find(object: u64, name: string): i32 {
    const tape = this.tape;
    const block = <i32>payloadOf(object);
    for (let i = block + <i32>unchecked(tape[block]); i > block; i -= 2) {
      if (this.isName(unchecked(tape[i - 1]), name)) return i;
    }
    return -1;
  }

  /** Compares two keys' entries, as compareText does. */
  compareKeys(a: u64, b: u64): i32 {
    const p = this.contentOf(a);
    const q = this.contentOf(b);
    const pEnd = p + ((<usize>lengthOf(a)) << 1);
    return compareText(p, pEnd, q, q + ((<usize>lengthOf(b)) << 1), true);
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

/** An array with room for `size` bytes, which hold anything. */
export function makeTape(size: usize): Tape {
  return changetype<Tape>(__new(size, idof<Tape>()));
}

/** Gives an array room for `needed` bytes at least, and twice as much as it had. */
export function enlarge(tape: Tape, needed: usize): Tape {
  const size = max(needed, (<usize>tape.length) << 4);
  return changetype<Tape>(__renew(changetype<usize>(tape), size));
}

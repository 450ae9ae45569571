// Sets of characters while a pattern is read.
import { SET_HEADER } from "./program";

/** The ranges of `\d`, `\w` and `\s`, in order. */
// @ts-ignore: decorator
@lazy
const DIGITS: StaticArray<u16> = [0x30, 0x39];

// @ts-ignore: decorator
@lazy
const WORD: StaticArray<u16> = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];

// prettier-ignore
// @ts-ignore: decorator
@lazy
const SPACE: StaticArray<u16> = [
  0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a,
  0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff,
];

/** Begins an empty set behind the others and answers where it is. */
export function beginSet(sets: u32[]): i32 {
  const set = sets.length;
  for (let i = 0; i < SET_HEADER; i++) sets.push(0);
  return set;
}

/** Adds the characters from `low` to `high`. */
export function addRange(sets: u32[], set: i32, low: u32, high: u32): void {
  for (let point = low; point <= min<u32>(high, 0x7f); point++) {
    const word = set + 1 + (point >> 5);
    unchecked((sets[word] = unchecked(sets[word]) | (1 << (point & 31))));
  }
  if (high < 0x80) return;
  sets.push(max<u32>(low, 0x80));
  sets.push(high);
  unchecked((sets[set + 5] = unchecked(sets[set + 5]) + 1));
}

/** Whether a letter after `\` stands for a set: d, w, s, and in upper case all others. */
export function isClass(letter: u32): bool {
  const lower = letter | 0x20;
  return lower == 0x64 || lower == 0x77 || lower == 0x73;
}

/** Adds what a letter after `\` stands for. */
export function addClass(sets: u32[], set: i32, letter: u32): void {
  const lower = letter | 0x20;
  const ranges = lower == 0x64 ? DIGITS : lower == 0x77 ? WORD : SPACE;
  let next: u32 = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const low = <u32>unchecked(ranges[i]);
    const high = <u32>unchecked(ranges[i + 1]);
    if (letter == lower) addRange(sets, set, low, high);
    else if (low > next) addRange(sets, set, next, low - 1);
    next = high + 1;
  }
  if (letter != lower) addRange(sets, set, next, 0x10ffff);
}

/** Ends a set: adds the other case of its ASCII letters, and turns it round, where it is to be so. */
export function endSet(sets: u32[], set: i32, ignoreCase: bool, negated: bool): void {
  if (ignoreCase) {
    // A-Z and a-z are the same 26 bits of the third and the fourth word.
    const letters = (unchecked(sets[set + 3]) | unchecked(sets[set + 4])) & 0x7fffffe;
    unchecked((sets[set + 3] = unchecked(sets[set + 3]) | letters));
    unchecked((sets[set + 4] = unchecked(sets[set + 4]) | letters));
  }
  if (!negated) return;
  unchecked((sets[set] = 1));
  for (let i = 1; i < 5; i++) unchecked((sets[set + i] = ~unchecked(sets[set + i])));
}

/** Whether a character is in the set at `set`. */
export function isInSet(sets: StaticArray<u32>, set: i32, point: u32): bool {
  if (point < 0x80) return ((unchecked(sets[set + 1 + (point >> 5)]) >> (point & 31)) & 1) != 0;
  const negated = unchecked(sets[set]) != 0;
  const end = set + SET_HEADER + ((<i32>unchecked(sets[set + 5])) << 1);
  for (let i = set + SET_HEADER; i < end; i += 2) {
    if (point >= unchecked(sets[i]) && point <= unchecked(sets[i + 1])) return !negated;
  }
  return negated;
}

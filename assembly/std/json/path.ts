// The pieces of the paths and messages in errors. Keys are shown as the document writes them, with
// its escapes, so that they hold no line breaks, and cut: a hostile text must not flood a log.
import { JsonKind } from "./entry";
import { Char, decodeText } from "./text";

/** A path with more segments shows the last ones only. */
export const MAX_SEGMENTS: i32 = 64;

/** A longer piece of the document is cut. */
// @ts-ignore: decorator
@inline
const MAX_UNITS: i32 = 64;

/** `value` in decimal. */
export function decimal(value: i64): string {
  const end = memory.data(40) + 40;
  let p = end;
  let rest = <u64>(value < 0 ? -value : value);
  do {
    p -= 2;
    store<u16>(p, Char.Zero + <u32>(rest % 10));
    rest /= 10;
  } while (rest);
  if (value < 0) {
    p -= 2;
    store<u16>(p, Char.Minus);
  }
  return decodeText(p, end, false);
}

/** At most 64 code units of `text`, with an ellipsis when that is not all of it. */
export function clip(text: string): string {
  if (text.length <= MAX_UNITS) return text;
  const start = changetype<usize>(text);
  return decodeText(start, start + 2 * MAX_UNITS, false) + "...";
}

/** `.name`, or `["na me"]` when the name is no plain word. */
export function memberSegment(name: string): string {
  const shown = clip(name);
  let i = 0;
  while (i < shown.length && isWord(shown.charCodeAt(i), i)) i++;
  return i && i == shown.length ? "." + shown : '["' + shown + '"]';
}

/** `[index]` */
export function indexSegment(index: i32): string {
  return "[" + decimal(index) + "]";
}

/** Letters, the underscore, and digits except in front. */
function isWord(unit: u32, index: i32): bool {
  return (unit | 0x20) - Char.a < 26 || unit == Char.Underscore || (index && unit - Char.Zero < 10);
}

/** A kind in words. */
export function nameOf(kind: JsonKind): string {
  switch (kind) {
    case JsonKind.Null:
      return "null";
    case JsonKind.Boolean:
      return "a boolean";
    case JsonKind.Number:
      return "a number";
    case JsonKind.String:
      return "a string";
    case JsonKind.Array:
      return "an array";
  }
  return "an object";
}

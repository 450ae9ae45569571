// What a parsed document is made of: one list of 8-byte entries, the "tape", beside the text. A
// value is one entry, whatever its size, so that the collector sees one object for the whole
// document, and a string costs nothing until somebody asks for it.
//
// ╒══════════════════════════ Entry (u64) ═══════════════════════════╕
// │ 63 ............................ 32 │ 31 ................ 3 │ 2..0 │
// │ payload                            │ start                 │ kind │
// └──────────────────────────────────────────────────────────────────┘
// start    where the value begins in the text, in UTF-16 code units
// payload  Boolean: 0 or 1
//          Number: its length in the text
//          String, and a member's key: the length between the quotes; bit 63 when it has escapes
//          Array, Object: the position of its block on the tape
//
// ╒══════════════ Block (written when its container closes) ══════════════╕
// │ size │ Array: value × size                                            │
// │      │ Object: (key, value) × size / 2                                │
// └───────────────────────────────────────────────────────────────────────┘
// The root's entry is the last one of the tape.

/** What a JSON value is. */
export const enum JsonKind {
  /** No value: the text did not parse, or what was asked for is missing. */
  None = 0,
  /** `null`. */
  Null = 1,
  /** `true` or `false`. */
  Boolean = 2,
  /** A number. */
  Number = 3,
  /** A text. */
  String = 4,
  /** `[...]`. */
  Array = 5,
  /** `{...}`. */
  Object = 6,
}

/** Puts an entry together. */
// @ts-ignore: decorator
@inline
export function entry(kind: JsonKind, start: u32, payload: u32): u64 {
  return ((<u64>payload) << 32) | (<u64>((start << 3) | (<u32>kind)));
}

// @ts-ignore: decorator
@inline
export function kindOf(entry: u64): JsonKind {
  return <JsonKind>((<i32>entry) & 7);
}

// @ts-ignore: decorator
@inline
export function startOf(entry: u64): u32 {
  return (<u32>entry) >> 3;
}

// @ts-ignore: decorator
@inline
export function payloadOf(entry: u64): u32 {
  return <u32>(entry >> 32);
}

/** The payload of a string's entry. */
// @ts-ignore: decorator
@inline
export function stringPayload(length: u32, escaped: bool): u32 {
  return length | ((<u32>escaped) << 31);
}

/** The length of a string between its quotes, escapes as they are written. */
// @ts-ignore: decorator
@inline
export function lengthOf(entry: u64): u32 {
  return (<u32>(entry >> 31)) >> 1;
}

// @ts-ignore: decorator
@inline
export function isEscaped(entry: u64): bool {
  return <i64>entry < 0;
}

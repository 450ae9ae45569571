// Bytes that decoders of UTF-8 are known to fail on, in the kinds of Markus Kuhn's "UTF-8 decoder
// capability and stress test".

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

/** The numbers from the first to the last. */
const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** Puts a space behind each. */
const spaced = (...sequences: readonly (readonly number[])[]): number[] =>
  sequences.flatMap((sequence) => [...sequence, 0x20]);

// As the first design of UTF-8 had them: of up to six bytes. No standard allows more than four now.
const FIRST_OF_LENGTH = [
  [0x00],
  [0xc2, 0x80],
  [0xe0, 0xa0, 0x80],
  [0xf0, 0x90, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80],
];
const LAST_OF_LENGTH = [
  [0x7f],
  [0xdf, 0xbf],
  [0xef, 0xbf, 0xbf],
  [0xf7, 0xbf, 0xbf, 0xbf],
  [0xfb, 0xbf, 0xbf, 0xbf, 0xbf],
  [0xfd, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf],
];

/** What is left of each without its last byte. */
const incomplete = [...FIRST_OF_LENGTH, ...LAST_OF_LENGTH]
  .map((sequence) => sequence.slice(0, -1))
  .filter((sequence) => sequence.length > 0);

/** The character in its own length and in all that are longer than it needs. */
const overlong = (point: number): number[][] =>
  [0xc0, 0xe0, 0xf0, 0xf8, 0xfc].map((lead, index) => {
    const rest = range(0, index).map((place) => (point >> (6 * (index - place))) & 0x3f);
    return [lead | (point >> (6 * (index + 1))), ...rest.map((bits) => 0x80 | bits)];
  });

/** A surrogate as if it were a character. */
const surrogate = (unit: number): number[] => [
  0xe0 | (unit >> 12),
  0x80 | ((unit >> 6) & 0x3f),
  0x80 | (unit & 0x3f),
];

const KINDS: Readonly<Record<string, readonly number[]>> = {
  "correct text": [
    0xce, 0xba, 0xe1, 0xbd, 0xb9, 0xcf, 0x83, 0xce, 0xbc, 0xce, 0xb5, 0x20, 0xf0, 0x9d, 0x84, 0x9e,
  ],
  "the first sequence of each length": spaced(...FIRST_OF_LENGTH),
  "the last sequence of each length": spaced(...LAST_OF_LENGTH),
  "other boundaries": spaced(
    [0xed, 0x9f, 0xbf],
    [0xee, 0x80, 0x80],
    [0xef, 0xbf, 0xbd],
    [0xf4, 0x8f, 0xbf, 0xbf],
    [0xf4, 0x90, 0x80, 0x80],
  ),
  "one to seven continuation bytes alone": spaced(
    ...range(1, 7).map((length) => range(1, length).map((place) => (place % 2 ? 0x80 : 0xbf))),
  ),
  "every continuation byte alone": range(0x80, 0xbf),
  "every lead byte alone": spaced(...range(0xc0, 0xfd).map((lead) => [lead])),
  "every lead byte, one behind the other": range(0xc0, 0xfd),
  "sequences without their last byte": spaced(...incomplete),
  "sequences without their last byte, one behind the other": incomplete.flat(),
  "bytes that never occur": [0xfe, 0xff, 0xfe, 0xfe, 0xff, 0xff, 0xc0, 0xc1, 0xf5],
  "a slash that is too long": spaced(...overlong(0x2f)),
  "a NUL that is too long": spaced(...overlong(0x00)),
  "the last characters that are too long": spaced(
    [0xc1, 0xbf],
    [0xe0, 0x9f, 0xbf],
    [0xf0, 0x8f, 0xbf, 0xbf],
    [0xf8, 0x87, 0xbf, 0xbf, 0xbf],
    [0xfc, 0x83, 0xbf, 0xbf, 0xbf, 0xbf],
  ),
  "single surrogates": spaced(
    ...[0xd800, 0xdb7f, 0xdb80, 0xdbff, 0xdc00, 0xdf80, 0xdfff].map(surrogate),
  ),
  "pairs of surrogates": spaced(
    ...[0xd800, 0xdb7f, 0xdb80, 0xdbff].flatMap((high) =>
      [0xdc00, 0xdfff].map((low) => [...surrogate(high), ...surrogate(low)]),
    ),
  ),
  "code points that are no characters": spaced(
    [0xef, 0xbf, 0xbe],
    [0xef, 0xbf, 0xbf],
    ...range(0x90, 0xaf).map((low) => [0xef, 0xb7, low]),
    [0xf0, 0x9f, 0xbf, 0xbe],
    [0xf4, 0x8f, 0xbf, 0xbf],
  ),
  "a path with a hidden slash": [
    ...ascii("/public/.."),
    0xc0,
    0xaf,
    ...ascii("admin"),
    0xe0,
    0x80,
    0xaf,
    ...ascii("secret"),
  ],
};

/** By what they are. */
export const STRESS_TEXTS: ReadonlyMap<string, Uint8Array> = new Map(
  Object.entries(KINDS).map(([what, bytes]) => [what, Uint8Array.from(bytes)]),
);

// The inside of JSON strings, as it stands in the text: from after the opening quote to the closing
// one, escapes already checked by the parser.

/** The characters that JSON is made of. */
export const enum Char {
  Space = 0x20,
  Quote = 0x22,
  Plus = 0x2b,
  Comma = 0x2c,
  Minus = 0x2d,
  Point = 0x2e,
  Slash = 0x2f,
  Zero = 0x30,
  Colon = 0x3a,
  OpenBracket = 0x5b,
  Backslash = 0x5c,
  CloseBracket = 0x5d,
  Underscore = 0x5f,
  a = 0x61,
  b = 0x62,
  e = 0x65,
  f = 0x66,
  n = 0x6e,
  r = 0x72,
  t = 0x74,
  u = 0x75,
  OpenBrace = 0x7b,
  CloseBrace = 0x7d,
}

/**
 * The code unit that is written at `p`: itself in the low 16 bits, above them the number of bytes
 * that it takes in the text.
 */
export function unitAt(p: usize): u32 {
  let unit = <u32>load<u16>(p);
  if (unit != Char.Backslash) return unit | (2 << 16);
  unit = load<u16>(p, 2);
  switch (unit) {
    case Char.b:
      return 8 | (4 << 16);
    case Char.f:
      return 12 | (4 << 16);
    case Char.n:
      return 10 | (4 << 16);
    case Char.r:
      return 13 | (4 << 16);
    case Char.t:
      return 9 | (4 << 16);
    case Char.u: {
      unit = 0;
      for (let i = 0; i < 8; i += 2) {
        // '0' to '9' end in 0 to 9; letters end in 1 to 6 and have bit 6 set.
        const digit = <u32>load<u16>(p + i, 4);
        unit = (unit << 4) | ((digit & 15) + (digit >> 6) * 9);
      }
      return unit | (12 << 16);
    }
  }
  return unit | (4 << 16);
}

/** Whether it may stand in a `\\u` escape. */
export function isHexDigit(unit: u32): bool {
  return unit - Char.Zero < 10 || (unit | 0x20) - Char.a < 6;
}

/**
 * Marks, by its highest bit, the first of four units that is a backslash or below `#`: what may end
 * a string, begin an escape or be a control character. It may mark one from U+8000 on before that;
 * higher bits mean nothing.
 */
// @ts-ignore: decorator
@inline
export function findSpecial(units: u64): u64 {
  // Subtracting borrows from the unit above only where the one below is marked.
  const backslash = (units ^ 0x005c_005c_005c_005c) - 0x0001_0001_0001_0001;
  return (backslash | (units - 0x0023_0023_0023_0023)) & 0x8000_8000_8000_8000;
}

/** The string between `p` and `end`. */
export function decodeText(p: usize, end: usize, escaped: bool): string {
  if (!escaped) return String.UTF16.decodeUnsafe(p, end - p);
  let size: usize = 0;
  for (let q = p; q < end; size += 2) q += unitAt(q) >> 16;
  // A new string of that size; what it holds at first is overwritten.
  const text = String.UTF16.decodeUnsafe(p, size);
  for (let q = changetype<usize>(text); p < end; q += 2) {
    const unit = unitAt(p);
    store<u16>(q, unit);
    p += unit >> 16;
  }
  return text;
}

/**
 * Compares two strings by code units: negative, 0 or positive. The first stands between `p` and
 * `pEnd`; so does the second when `qEscaped`, else it is taken as it is.
 */
export function compareText(p: usize, pEnd: usize, q: usize, qEnd: usize, qEscaped: bool): i32 {
  while (p < pEnd && q < qEnd) {
    const unit = load<u16>(p);
    if (unit == load<u16>(q) && unit != Char.Backslash) {
      p += 2;
      q += 2;
      continue;
    }
    const a = unitAt(p);
    const b = qEscaped ? unitAt(q) : (<u32>load<u16>(q)) | (2 << 16);
    const order = <i32>(a & 0xffff) - <i32>(b & 0xffff);
    if (order) return order;
    p += a >> 16;
    q += b >> 16;
  }
  return i32(p < pEnd) - i32(q < qEnd);
}

// Text as it stands in JSON, in UTF-8, escaped where JSON.stringify escapes.

/** How many UTF-16 units are written at once. */
// @ts-ignore: decorator
@inline
const CHUNK: usize = 512;

/** The most bytes that `escapeUnits` writes: `\u0000` for each unit, and one pair's second half. */
export const MAX_ESCAPED_SIZE: usize = 6 * 512 + 6;

/** How far the last `escapeUnits` came. */
// @ts-ignore: decorator
@lazy
export let escapedTo: usize = 0;

/**
 * Writes the units between `from` and `end` at `target`, or the first of them when there are many;
 * answers where it ends. Lone surrogates are escaped; quotes, backslashes and control characters
 * only where `inString`.
 */
export function escapeUnits(from: usize, end: usize, target: usize, inString: bool): usize {
  for (const stop = from + min(end - from, CHUNK << 1); from < stop; from += 2) {
    // Four units at a time, as long as each is one byte that needs no escape.
    while (from + 8 <= stop) {
      let units = load<u64>(from);
      if (units & 0xff80_ff80_ff80_ff80 || !isPlain(units)) break;
      units |= units >> 8;
      store<u32>(target, <u32>((units & 0xffff) | ((units >> 16) & 0xffff_0000)));
      target += 4;
      from += 8;
    }
    if (from == stop) break;
    const unit: u32 = load<u16>(from);
    if (unit < 0x80) {
      if (inString && (unit < 0x20 || unit == 0x22 || unit == 0x5c)) {
        target = escapeAscii(unit, target);
      } else {
        store<u8>(target++, <u8>unit);
      }
      continue;
    }
    if (unit < 0x800) {
      store<u8>(target, <u8>(0xc0 | (unit >> 6)));
      store<u8>(target, <u8>(0x80 | (unit & 0x3f)), 1);
      target += 2;
      continue;
    }
    if ((unit & 0xf800) == 0xd800) {
      const low: u32 = from + 2 < end ? load<u16>(from, 2) : 0;
      if (unit < 0xdc00 && (low & 0xfc00) == 0xdc00) {
        const point = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
        store<u8>(target, <u8>(0xf0 | (point >> 18)));
        store<u8>(target, <u8>(0x80 | ((point >> 12) & 0x3f)), 1);
        store<u8>(target, <u8>(0x80 | ((point >> 6) & 0x3f)), 2);
        store<u8>(target, <u8>(0x80 | (point & 0x3f)), 3);
        target += 4;
        from += 2;
      } else {
        target = escapeHex(unit, target);
      }
      continue;
    }
    store<u8>(target, <u8>(0xe0 | (unit >> 12)));
    store<u8>(target, <u8>(0x80 | ((unit >> 6) & 0x3f)), 1);
    store<u8>(target, <u8>(0x80 | (unit & 0x3f)), 2);
    target += 3;
  }
  escapedTo = from;
  return target;
}

/** Writes a quote, a backslash or a control character. */
function escapeAscii(unit: u32, target: usize): usize {
  let letter = unit;
  switch (unit) {
    case 8:
      letter = 0x62; // b
      break;
    case 9:
      letter = 0x74; // t
      break;
    case 10:
      letter = 0x6e; // n
      break;
    case 12:
      letter = 0x66; // f
      break;
    case 13:
      letter = 0x72; // r
      break;
    default:
      if (unit < 0x20) return escapeHex(unit, target);
  }
  store<u16>(target, <u16>(0x5c | (letter << 8)));
  return target + 2;
}

/** Writes `\u` and four digits. */
function escapeHex(unit: u32, target: usize): usize {
  store<u16>(target, 0x755c);
  for (let shift = 12; shift >= 0; shift -= 4) {
    const digit = (unit >> shift) & 15;
    store<u8>(target++, <u8>(digit + (digit < 10 ? 0x30 : 0x57)), 2);
  }
  return target + 2;
}

/** Whether none of four units ends a string, begins an escape or is a control character. */
// @ts-ignore: decorator
@inline
function isPlain(units: u64): bool {
  const quote = units ^ 0x0022_0022_0022_0022;
  const backslash = units ^ 0x005c_005c_005c_005c;
  const found =
    ((quote - 0x0001_0001_0001_0001) & ~quote) |
    ((backslash - 0x0001_0001_0001_0001) & ~backslash) |
    ((units - 0x0020_0020_0020_0020) & ~units);
  // A borrow may flag a unit that is plain, behind one that is not: never the other way round.
  return (found & 0x8000_8000_8000_8000) == 0;
}

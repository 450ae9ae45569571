// Numbers stand in the document as they are written and are converted when somebody asks.
import { Char } from "./text";

// AssemblyScript functions have one result: the value is left here, valid until the next call.
// @ts-ignore: decorator
@lazy
export let integerResult: i64 = 0;

/**
 * Converts the number between `p` and `end`, which may have a fraction and an exponent as long as
 * it is a whole number (1e3, 2.0). False when it is none or does not fit in 64 bits.
 */
export function readInteger(p: usize, end: usize): bool {
  const negative = load<u16>(p) == Char.Minus;
  if (negative) p += 2;
  const exponent = findExponent(p, end);
  let point = p;
  while (point < exponent && load<u16>(point) != Char.Point) point += 2;
  // How many digits stand before the point once it has moved by the exponent.
  let left = <i64>((point - p) >> 1) + readExponent(exponent, end);
  let value: u64 = 0;
  for (; p < exponent; p += 2) {
    if (p == point) continue;
    const digit = <u32>load<u16>(p) - Char.Zero;
    if (left-- > 0) {
      if (value > <u64>i64.MAX_VALUE / 10) return false;
      value = value * 10 + digit;
    } else if (digit) {
      return false;
    }
  }
  for (; value && left > 0; left--) {
    if (value > <u64>i64.MAX_VALUE / 10) return false;
    value *= 10;
  }
  if (value > <u64>i64.MAX_VALUE + u64(negative)) return false;
  integerResult = negative ? -(<i64>value) : <i64>value;
  return true;
}

/** Where the exponent's letter stands; `end` without one. */
function findExponent(p: usize, end: usize): usize {
  while (p < end && ((<u32>load<u16>(p)) | 0x20) != Char.e) p += 2;
  return p;
}

/** The exponent whose letter stands at `p`; 0 without one. Far beyond all lengths it is cut. */
function readExponent(p: usize, end: usize): i64 {
  p += 2;
  const sign = p < end ? <u32>load<u16>(p) : 0;
  if (sign == Char.Minus || sign == Char.Plus) p += 2;
  let value: i64 = 0;
  for (; p < end && value < 1_000_000_000_000; p += 2) {
    value = value * 10 + <i64>(<u32>load<u16>(p) - Char.Zero);
  }
  return sign == Char.Minus ? -value : value;
}

/**
 * Converts the number between `p` and `end` to the nearest double, ties to even; to an infinity
 * when it is too large. (AssemblyScript's own conversion gets one long number in a hundred
 * wrong.)
 */
export function readFloat(p: usize, end: usize): f64 {
  const negative = load<u16>(p) == Char.Minus;
  if (negative) p += 2;
  const exponent = findExponent(p, end);
  // The value is 0.DIGITS times ten to the power of `magnitude`, and about `leading` times ten to
  // the power of `scale`.
  let magnitude = readExponent(exponent, end);
  let scale = magnitude;
  let leading: u64 = 0;
  let exact = true;
  let fraction = false;
  let start = p;
  for (; p < exponent; p += 2) {
    const digit = <u32>load<u16>(p) - Char.Zero;
    if (digit >= 10) {
      fraction = true;
      continue;
    }
    if (leading || digit) {
      if (!leading) start = p;
      if (!fraction) magnitude++;
    } else if (fraction) {
      magnitude--;
    }
    if (leading < 1_000_000_000_000_000_000) {
      leading = leading * 10 + digit;
      if (fraction) scale--;
    } else {
      if (digit) exact = false;
      if (!fraction) scale++;
    }
  }

  let value: f64 = 0;
  if (leading) {
    if (exact && leading <= 0x20_0000_0000_0000 && scale >= -22 && scale <= 22) {
      // Both are exact as doubles, so that one operation rounds rightly.
      let power: f64 = 1;
      for (let i = abs(scale); i > 0; i--) power *= 10;
      value = scale < 0 ? <f64>leading / power : <f64>leading * power;
    } else if (magnitude > 310) {
      value = Infinity;
    } else if (magnitude > -330) {
      value = nearestDouble(start, exponent, <i32>magnitude);
    }
  }
  return negative ? -value : value;
}

// @ts-ignore: decorator
@inline
const LIMB: u64 = 1_000_000_000;
// @ts-ignore: decorator
@inline
const STEP: u64 = 29;
// Doubles that lie halfway between two others have up to 767 digits. One more says whether a
// number is above or below; the rest only counts as "not all zero".
// @ts-ignore: decorator
@inline
const MAX_DIGITS: i32 = 800;

/**
 * The double nearest to 0.DIGITS times ten to the power of `magnitude`; the digits, the first of
 * them not 0, stand between `p` and `end`, perhaps with a point among them.
 *
 * Works with limbs of nine decimal digits, the point behind the `whole`-th of them. They are scaled
 * by powers of two until two limbs stand before the point, with 58 to 60 bits; what is behind only
 * tells which way to round.
 */
function nearestDouble(p: usize, end: usize, magnitude: i32): f64 {
  // 40 limbs of room in front to grow into, 90 of digits, 115 that dividing by 2^1030 adds.
  let first = memory.data(256 * 4) + 40 * 4;
  let last = first;
  let whole = (magnitude + 8 + 9 * 40) / 9 - 40;
  let room = magnitude - 9 * (whole - 1);
  let limb: u32 = 0;
  for (let left = MAX_DIGITS; p < end; p += 2) {
    let digit = <u32>load<u16>(p) - Char.Zero;
    if (digit >= 10) continue;
    if (left-- <= 0) {
      if (!digit) continue;
      digit = 1;
      p = end;
    }
    limb = limb * 10 + digit;
    if (!--room) {
      store<u32>(last, limb);
      last += 4;
      limb = 0;
      room = 9;
    }
  }
  for (; room; room--) limb *= 10;
  store<u32>(last, limb);
  last += 4;

  let exponent = 0;
  while (whole > 2) {
    last = divide(first, last);
    exponent += <i32>STEP;
    if (!load<u32>(first)) {
      first += 4;
      whole--;
    }
  }
  while (whole < 2) {
    const carry = multiply(first, last, STEP);
    exponent -= <i32>STEP;
    if (carry) {
      first -= 4;
      store<u32>(first, carry);
      whole++;
    }
  }
  if (last < first + 8) {
    store<u32>(first, 0, 4);
    last = first + 8;
  }
  const shift = max(<i32>clz(integerPart(first)) - 5, 0);
  multiply(first, last, shift);
  exponent -= shift;

  let bits = integerPart(first);
  for (let q = first + 8; q < last; q += 4) bits |= u64(load<u32>(q) != 0);
  return assemble(bits, exponent);
}

/** Divides the limbs by 2^STEP; answers their new end. */
function divide(first: usize, last: usize): usize {
  let rest: u64 = 0;
  for (; first < last || rest; first += 4) {
    rest *= LIMB;
    if (first < last) rest += load<u32>(first);
    store<u32>(first, <u32>(rest >> STEP));
    rest &= 0x1fff_ffff;
  }
  return first;
}

/** Multiplies the limbs by 2^shift; answers the limb that goes in front. */
function multiply(first: usize, last: usize, shift: u64): u32 {
  let carry: u64 = 0;
  while (last > first) {
    last -= 4;
    carry += (<u64>load<u32>(last)) << shift;
    store<u32>(last, <u32>(carry % LIMB));
    carry /= LIMB;
  }
  return <u32>carry;
}

/** The value of two limbs. */
function integerPart(first: usize): u64 {
  return <u64>load<u32>(first) * LIMB + load<u32>(first, 4);
}

/**
 * Rounds `bits` times two to the power of `exponent` to a double. `bits` has 58 to 60 bits, the
 * last of which is set when something was cut off.
 */
function assemble(bits: u64, exponent: i32): f64 {
  // 53 bits fit, fewer in the smallest doubles, whose last bit is 2^-1074.
  const drop = max(11 - <i32>clz(bits), -1074 - exponent);
  if (drop > 60) return 0;
  const half: u64 = (<u64>1) << (drop - 1);
  const dropped = bits & (2 * half - 1);
  bits >>= drop;
  if (dropped > half || (dropped == half && bits & 1)) bits++;
  // The top bit of 53 counts one up in the exponent, and so does a carry.
  bits += (<u64>(exponent + drop + 1074)) << 52;
  return bits < 0x7ff0_0000_0000_0000 ? reinterpret<f64>(bits) : Infinity;
}

// Doubles as JavaScript writes them (ECMA-262, Number::toString): the fewest digits that read back
// as the same double, and of those the nearest. (AssemblyScript's own conversion writes a digit too
// many in one double of a thousand.)

/** The most bytes that these functions write: `-0.0000012345678901234567`. */
export const MAX_NUMBER_SIZE: usize = 25;

/** Where whole numbers end that are all doubles. */
// @ts-ignore: decorator
@inline
const MAX_EXACT: f64 = 9007199254740992;

/** Numbers of 15 digits differ as doubles. */
// @ts-ignore: decorator
@inline
const MAX_SHORT: f64 = 1e15;

/** Room for a big number: 1131 bits are needed at most. */
// @ts-ignore: decorator
@inline
const BIG: usize = 160;

/** How many digits stand before the point, as the last `shortDigits` or `exactDigits` found. */
// @ts-ignore: decorator
@lazy
let point: i32 = 0;

/** Writes `value` in decimal at `target`; answers where it ends. */
export function writeUnsigned(target: usize, value: u64): usize {
  let end = target + 1;
  for (let rest = value / 10; rest; rest /= 10) end++;
  let p = end;
  do {
    store<u8>(--p, 0x30 + <u8>(value % 10));
    value /= 10;
  } while (value);
  return end;
}

/**
 * Writes `value`, which is finite, at `target`; answers where it ends. -0 is `0`, as in JSON.
 */
export function writeDouble(target: usize, value: f64): usize {
  if (value < 0) {
    store<u8>(target++, 0x2d);
    value = -value;
  }
  if (value < MAX_EXACT && floor(value) == value) return writeUnsigned(target, <u64>value);
  const digits = memory.data(24);
  let count = shortDigits(digits, value);
  if (!count) count = exactDigits(digits, value);
  return layOut(target, digits, count);
}

/** The digits of a number that has 15 at most, up to 22 of them behind the point; 0 for others. */
function shortDigits(digits: usize, value: f64): i32 {
  let power: f64 = 1;
  for (let places = 1; places <= 22; places++) {
    power *= 10;
    const scaled = value * power;
    if (scaled >= MAX_SHORT) return 0;
    const whole = nearest(scaled);
    // Both are exact, so that the quotient is the double nearest to the decimal number.
    if (whole >= 1 && whole / power == value) {
      const count = <i32>(writeUnsigned(digits, <u64>whole) - digits);
      point = count - places;
      return count;
    }
  }
  return 0;
}

/**
 * The digits of any number above 0, by whole numbers of any size (Steele and White's algorithm, as
 * in "How to Print Floating-Point Numbers Accurately"): the value is `rest / unit`, and what lies
 * within `below / unit` and `above / unit` of it reads back as the same double.
 */
function exactDigits(digits: usize, value: f64): i32 {
  const bits = reinterpret<u64>(value);
  const biased = <i32>(bits >> 52);
  let mantissa = bits & 0x000f_ffff_ffff_ffff;
  // The gap to the next double below is half as wide at a power of two.
  const uneven = !mantissa && biased > 1;
  if (biased) mantissa |= 0x0010_0000_0000_0000;
  const exponent = max(biased, 1) - 1075;
  // A double that lies halfway to the next is read as the one whose mantissa is even.
  const inclusive = !(mantissa & 1);
  const length = 64 - <i32>clz(mantissa);
  // At most one too small.
  let magnitude = <i32>ceil(<f64>(exponent + length - 1) * 0.30102999566398114 - 1e-10);

  const rest = memory.data(160, 8);
  const unit = memory.data(160, 8);
  const below = memory.data(160, 8);
  const above = memory.data(160, 8);
  const shift = 1 + i32(uneven);
  const up = max(exponent, 0);
  const restBits = length + up + shift + <i32>ceil(<f64>max(-magnitude, 0) * 3.3219280948873626);
  const unitBits =
    max(-exponent, 0) + shift + <i32>ceil(<f64>max(magnitude, 0) * 3.3219280948873626);
  // Four bits more are ten times as much, and one more is twice.
  const size = (((<usize>max(restBits, unitBits) + 5) >> 5) + 1) << 2;
  place(rest, size, mantissa, up + shift);
  place(unit, size, 1, max(-exponent, 0) + shift);
  place(below, size, 1, up);
  place(above, size, 1, up + shift - 1);
  if (magnitude >= 0) {
    scale(unit, size, magnitude);
  } else {
    scale(rest, size, -magnitude);
    scale(below, size, -magnitude);
    scale(above, size, -magnitude);
  }
  if (reaches(rest, above, unit, size, inclusive)) {
    magnitude++;
  } else {
    multiply(rest, size, 10);
    multiply(below, size, 10);
    multiply(above, size, 10);
  }
  point = magnitude;

  let count = 0;
  while (true) {
    let digit: u8 = 0;
    while (compare(rest, unit, size) >= 0) {
      subtract(rest, unit, size);
      digit++;
    }
    const order = compare(rest, below, size);
    const low = order < 0 || (inclusive && !order);
    const high = reaches(rest, above, unit, size, inclusive);
    if (low && high) {
      // Either will do: the nearer one, the even one when both are as near.
      multiply(rest, size, 2);
      const half = compare(rest, unit, size);
      if (half > 0 || (!half && digit & 1)) digit++;
    } else if (high) {
      digit++;
    }
    store<u8>(digits + count++, 0x30 + digit);
    if (low || high) return count;
    multiply(rest, size, 10);
    multiply(below, size, 10);
    multiply(above, size, 10);
  }
}

/** Writes `count` digits with a point, zeros or an exponent, by the rules of JavaScript. */
function layOut(target: usize, digits: usize, count: i32): usize {
  if (point > 21 || point < -5) {
    store<u8>(target++, load<u8>(digits));
    if (count > 1) {
      store<u8>(target++, 0x2e);
      memory.copy(target, digits + 1, count - 1);
      target += count - 1;
    }
    const exponent = point - 1;
    store<u16>(target, exponent < 0 ? 0x2d65 : 0x2b65);
    return writeUnsigned(target + 2, abs(exponent));
  }
  const whole = min(max(point, 0), count);
  memory.copy(target, digits, whole);
  target += whole;
  if (point >= count) {
    memory.fill(target, 0x30, point - count);
    return target + (point - count);
  }
  if (point <= 0) {
    store<u8>(target++, 0x30);
    memory.fill(target + 1, 0x30, -point);
  }
  store<u8>(target++, 0x2e);
  target -= min(point, 0);
  memory.copy(target, digits + whole, count - whole);
  return target + (count - whole);
}

/** Sets a number of `size` bytes to `value` times two to the power of `shift`. */
function place(number: usize, size: usize, value: u64, shift: i32): void {
  memory.fill(number, 0, size);
  const p = number + (((<usize>shift) >> 5) << 2);
  const bit = <u64>(shift & 31);
  const low = value << bit;
  store<u32>(p, <u32>low);
  store<u32>(p, <u32>(low >> 32), 4);
  // The bits beyond 64; a value of one bit has none.
  if (bit && value > 1) store<u32>(p, <u32>(value >> (64 - bit)), 8);
}

/** Multiplies a number by ten to the power of `power`. */
function scale(number: usize, size: usize, power: i32): void {
  for (; power >= 9; power -= 9) multiply(number, size, 1_000_000_000);
  for (; power; power--) multiply(number, size, 10);
}

function multiply(number: usize, size: usize, factor: u64): void {
  let carry: u64 = 0;
  for (const end = number + size; number < end; number += 4) {
    carry += <u64>load<u32>(number) * factor;
    store<u32>(number, <u32>carry);
    carry >>= 32;
  }
}

function subtract(number: usize, other: usize, size: usize): void {
  let borrow: i64 = 0;
  for (let i: usize = 0; i < size; i += 4) {
    borrow += <i64>load<u32>(number + i) - <i64>load<u32>(other + i);
    store<u32>(number + i, <u32>borrow);
    borrow >>= 32;
  }
}

/** Negative, 0 or positive. */
function compare(a: usize, b: usize, size: usize): i32 {
  while (size) {
    size -= 4;
    const x = load<u32>(a + size);
    const y = load<u32>(b + size);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

/** Whether `a + b` is above `limit`, or `inclusive` and equal to it. */
function reaches(a: usize, b: usize, limit: usize, size: usize, inclusive: bool): bool {
  const sum = memory.data(160, 8);
  let carry: u64 = 0;
  for (let i: usize = 0; i < size; i += 4) {
    carry += <u64>load<u32>(a + i) + <u64>load<u32>(b + i);
    store<u32>(sum + i, <u32>carry);
    carry >>= 32;
  }
  const order = compare(sum, limit, size);
  return order > 0 || (inclusive && !order);
}

// Durations as configuration has them: `250ms`, `1.5s`, `2m`, `1h30m`, and those of Envoy's and
// protobuf's JSON (`0.250s`).
import { failure, Result } from "./result";

/**
 * The nanoseconds that a duration stands for: numbers, which may have a fraction, each with its unit
 * (`ns`, `us` or `µs`, `ms`, `s`, `m`, `h`), perhaps with a `-` in front; `0` needs no unit. Units
 * may come in any order and add up, as in Go. Exact: an error when it is finer than a nanosecond,
 * or does not fit in 64 bits (292 years). Never traps.
 */
export function parseDuration(text: string): Result<i64> {
  const start = changetype<usize>(text);
  const end = start + ((<usize>text.length) << 1);
  let p = start;
  const negative = peek(p, end) == 0x2d;
  if (negative) p += 2;
  if (text == "0" || text == "-0") return new Result<i64>(0);
  let sum: u64 = 0;
  do {
    const number = p;
    while (isDigit(peek(p, end))) p += 2;
    const point = p;
    if (p == number) return fault("a digit expected", p, start);
    if (peek(p, end) == 0x2e) {
      p += 2;
      while (isDigit(peek(p, end))) p += 2;
      if (p == point + 2) return fault("a digit expected", p, start);
    }
    const unit = unitAt(p, end);
    if (!unit) return fault("a unit expected: ns, us, ms, s, m or h", p, start);
    if (!multiply(number, p, point, unit)) {
      return fault(isTooFine ? "finer than a nanosecond" : TOO_LONG, number, start);
    }
    p += unitSize;
    sum += scaled;
    // Each of the two is at most 2^63.
    if (sum > <u64>i64.MAX_VALUE + u64(negative) || sum < scaled) {
      return fault(TOO_LONG, number, start);
    }
  } while (p < end);
  return new Result<i64>(negative ? -(<i64>sum) : <i64>sum);
}

// @ts-ignore: decorator
@lazy @inline
const TOO_LONG: string = "longer than 64 bits of nanoseconds";

// AssemblyScript functions have one result; these are further ones.

/** The size of the unit that the last `unitAt` found, in bytes. */
// @ts-ignore: decorator
@lazy
let unitSize: usize = 0;

/** The nanoseconds that the last `multiply` found. */
// @ts-ignore: decorator
@lazy
let scaled: u64 = 0;

/** Whether the last `multiply` failed because it was too fine; else it was too large. */
// @ts-ignore: decorator
@lazy
let isTooFine: bool = false;

/** The nanoseconds of the unit at `p`; 0 when there is none. Sets `unitSize`. */
function unitAt(p: usize, end: usize): u64 {
  const first = peek(p, end);
  const two = first | (peek(p + 2, end) << 16);
  unitSize = 4;
  switch (two) {
    case 0x73_006e: // ns
      return 1;
    case 0x73_0075: // us
    case 0x73_00b5: // the micro sign
    case 0x73_03bc: // the letter mu
      return 1_000;
    case 0x73_006d: // ms
      return 1_000_000;
  }
  unitSize = 2;
  switch (first) {
    case 0x73: // s
      return 1_000_000_000;
    case 0x6d: // m
      return 60_000_000_000;
    case 0x68: // h
      return 3_600_000_000_000;
  }
  return 0;
}

/** Multiplies the number between `p` and `end`, its point at `point`, by `unit` into `scaled`. */
function multiply(p: usize, end: usize, point: usize, unit: u64): bool {
  isTooFine = false;
  let whole: u64 = 0;
  for (; p < point; p += 2) {
    if (whole > <u64>i64.MAX_VALUE / 10) return false;
    whole = whole * 10 + (load<u16>(p) - 0x30);
    if (whole > <u64>i64.MAX_VALUE / unit + 1) return false;
  }
  whole *= unit;

  while (end > point && load<u16>(end - 2) == 0x30) end -= 2;
  let places = end > point ? ((end - point) >> 1) - 1 : 0;
  // 36 times 10^11 nanoseconds are an hour: no number of more places makes whole ones.
  isTooFine = places > 13;
  if (isTooFine) return false;
  let fraction: u64 = 0;
  for (p = point + 2; p < end; p += 2) fraction = fraction * 10 + (load<u16>(p) - 0x30);
  for (; places && unit % 10 == 0; places--) unit /= 10;
  fraction *= unit;
  for (; places; places--) {
    isTooFine = fraction % 10 != 0;
    if (isTooFine) return false;
    fraction /= 10;
  }
  scaled = whole + fraction;
  return scaled <= <u64>i64.MAX_VALUE + 1;
}

/** The code unit at `p`; 0 at the end. */
function peek(p: usize, end: usize): u32 {
  return p < end ? load<u16>(p) : 0;
}

// @ts-ignore: decorator
@inline
function isDigit(unit: u32): bool {
  return unit - 0x30 < 10;
}

function fault(error: string, p: usize, start: usize): Result<i64> {
  return failure<i64>("duration: " + error, (p - start) >> 1);
}

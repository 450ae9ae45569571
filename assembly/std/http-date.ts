// Dates in HTTP headers (RFC 9110, section 5.6.7), as seconds since 1970-01-01 00:00:00 UTC.
import { failure, Result } from "./result";

// @ts-ignore: decorator
@lazy
const DAYS: string = "SunMonTueWedThuFriSat";

// @ts-ignore: decorator
@lazy
const MONTHS: string = "JanFebMarAprMayJunJulAugSepOctNovDec";

// What follows the name of the day: `0` is a digit, `_` a space or a digit, `x` anything.
// @ts-ignore: decorator
@lazy
const IMF_FIXDATE: string = ", 00 xxx 0000 00:00:00 GMT";
// @ts-ignore: decorator
@lazy
const RFC_850: string = ", 00-xxx-00 00:00:00 GMT";
// @ts-ignore: decorator
@lazy
const ASCTIME: string = " xxx _0 00:00:00 0000";

// @ts-ignore: decorator
@lazy
const NO_DATE: string = "date: not an HTTP date";

/** The beginning of the year 0. */
// @ts-ignore: decorator
@inline
const FIRST: i64 = -62167219200;

/** The last second of the year 9999. */
// @ts-ignore: decorator
@inline
const LAST: i64 = 253402300799;

/**
 * Reads a date in any of the three formats of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`,
 * `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`. An error for everything else, for
 * days that a month does not have and times that a day does not have. The second 60 is a leap
 * second, the same as the next one. The name of the day must be one, but is not compared with the
 * date. Never traps.
 *
 * A year of two digits is the one that is less than 50 years before or at most 50 years after that
 * of `now`, in seconds; without `now`, one from 1970 to 2069.
 */
export function parseHttpDate(text: string, now: i64 = 0): Result<i64> {
  const day = dayNameLength(text);
  if (!day) return failure<i64>(NO_DATE, 0);
  const isImf = day == 3 && unitAt(text, 3) == 0x2c;
  const isAsctime = day == 3 && !isImf;
  const pattern = isImf ? IMF_FIXDATE : isAsctime ? ASCTIME : RFC_850;
  const bad = mismatch(text, day, pattern);
  if (bad >= 0) return failure<i64>(NO_DATE, bad);

  // All offsets are those of the patterns.
  const dayAt = day + (isAsctime ? 5 : 2);
  const monthAt = day + (isAsctime ? 1 : 5);
  const timeAt = day + (isImf ? 14 : isAsctime ? 8 : 12);
  let year = 0;
  if (isImf) year = digits(text, day + 9, 4);
  else if (isAsctime) year = digits(text, day + 17, 4);
  else year = fullYear(digits(text, day + 9, 2), now);

  const month = nameIndex(text, monthAt, MONTHS);
  if (month < 0) return failure<i64>("date: no such month", monthAt);
  const date = digits(text, dayAt, 2);
  if (date < 1 || date > monthLength(year, month)) {
    return failure<i64>("date: no such day in that month", dayAt);
  }
  const hour = digits(text, timeAt, 2);
  if (hour > 23) return failure<i64>("date: hour beyond 23", timeAt);
  const minute = digits(text, timeAt + 3, 2);
  if (minute > 59) return failure<i64>("date: minute beyond 59", timeAt + 3);
  const second = digits(text, timeAt + 6, 2);
  if (second > 60) return failure<i64>("date: second beyond 60", timeAt + 6);
  const seconds = hour * 3600 + minute * 60 + second;
  return new Result<i64>(<i64>daysBefore(year, month, date) * 86400 + seconds);
}

/**
 * Writes seconds since 1970 as a date for a header: `formatHttpDate(784111777)` is
 * `"Sun, 06 Nov 1994 08:49:37 GMT"`. `null` when the year is not one of 0 to 9999. Never traps.
 */
export function formatHttpDate(seconds: i64): string | null {
  if (seconds < FIRST || seconds > LAST) return null;
  const sinceFirst = seconds - FIRST;
  const days = <i32>(sinceFirst / 86400);
  const time = <i32>(sinceFirst % 86400);

  // Years that begin in March, counted from 400 years before: the leap day is the last of a year,
  // and all divisions are of positive numbers. 146,097 days are 400 years.
  const shifted = days + 146097 - 60;
  const era = shifted / 146097;
  const ofEra = shifted % 146097;
  const yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146096) / 365;
  const ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const march = (5 * ofYear + 2) / 153;
  const date = ofYear - (153 * march + 2) / 5 + 1;
  const month = march < 10 ? march + 2 : march - 10;
  const year = era * 400 + yearOfEra - 400 + (month < 2 ? 1 : 0);

  const text = changetype<string>(__new(29 << 1, idof<string>()));
  let to = changetype<usize>(text);
  // The first day of the year 0 was a Saturday.
  to = putUnits(to, DAYS, ((days + 6) % 7) * 3, 3);
  to = putUnits(to, IMF_FIXDATE, 0, 2);
  to = putDigits(to, date, 10);
  to = putUnits(to, IMF_FIXDATE, 1, 1);
  to = putUnits(to, MONTHS, month * 3, 3);
  to = putUnits(to, IMF_FIXDATE, 1, 1);
  to = putDigits(to, year, 1000);
  to = putUnits(to, IMF_FIXDATE, 1, 1);
  to = putDigits(to, time / 3600, 10);
  to = putUnits(to, IMF_FIXDATE, 16, 1);
  to = putDigits(to, (time / 60) % 60, 10);
  to = putUnits(to, IMF_FIXDATE, 16, 1);
  to = putDigits(to, time % 60, 10);
  putUnits(to, IMF_FIXDATE, 22, 4);
  return text;
}

// @ts-ignore: decorator
@inline
function unitAt(text: string, index: i32): u32 {
  return load<u16>(changetype<usize>(text) + ((<usize>index) << 1));
}

/** The length of the name of a day, in letters or in three, that a text begins with; else 0. */
function dayNameLength(text: string): i32 {
  if (text.length < 4) return 0;
  const day = nameIndex(text, 0, DAYS);
  if (day < 0) return 0;
  const next = unitAt(text, 3);
  if (next == 0x2c || next == 0x20) return 3;
  const rest =
    day == 2 ? "sday" : day == 3 ? "nesday" : day == 4 ? "rsday" : day == 6 ? "urday" : "day";
  if (text.length < 3 + rest.length) return 0;
  for (let i = 0; i < rest.length; i++) {
    if (unitAt(text, 3 + i) != unitAt(rest, i)) return 0;
  }
  return 3 + rest.length;
}

/** Which of `names`, each of three letters, is at `at`, where there are three characters; else -1. */
function nameIndex(text: string, at: i32, names: string): i32 {
  for (let i = 0; i < names.length; i += 3) {
    if (
      unitAt(text, at) == unitAt(names, i) &&
      unitAt(text, at + 1) == unitAt(names, i + 1) &&
      unitAt(text, at + 2) == unitAt(names, i + 2)
    ) {
      return i / 3;
    }
  }
  return -1;
}

/** Where a text from `at` on is not as the pattern; -1 when it is, to its end. */
function mismatch(text: string, at: i32, pattern: string): i32 {
  const end = at + pattern.length;
  for (let i = at; i < end; i++) {
    if (i == text.length) return i;
    const unit = unitAt(text, i);
    const wanted = unitAt(pattern, i - at);
    const isDigit = unit - 0x30 < 10;
    if (wanted == 0x30 ? !isDigit : wanted == 0x5f ? !isDigit && unit != 0x20 : wanted != unit) {
      if (wanted != 0x78) return i;
    }
  }
  return end < text.length ? end : -1;
}

/** The value of `count` digits, where a space is a zero. */
function digits(text: string, at: i32, count: i32): i32 {
  let value = 0;
  for (let i = at; i < at + count; i++) value = value * 10 + (unitAt(text, i) & 15);
  return value;
}

/** The year, near that of `now`, that two digits stand for. */
function fullYear(lastDigits: i32, now: i64): i32 {
  if (!now) return lastDigits + (lastDigits < 70 ? 2000 : 1900);
  // A year within a few hours is near enough; the bounds keep the number small.
  const current = <i32>((min(max(now, FIRST), LAST) - FIRST) / 31556952);
  const year = current - (current % 100) + lastDigits;
  if (year > current + 50) return year - 100;
  return year <= current - 50 ? year + 100 : year;
}

/** The days of a month; January is 0. */
function monthLength(year: i32, month: i32): i32 {
  if (month == 1) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 3 || month == 5 || month == 8 || month == 10 ? 30 : 31;
}

/** The days from 1970-01-01 to a date; January is 0. Counts as `formatHttpDate` does. */
function daysBefore(year: i32, month: i32, date: i32): i32 {
  const shifted = year + 400 - (month < 2 ? 1 : 0);
  const era = shifted / 400;
  const yearOfEra = shifted % 400;
  const march = month < 2 ? month + 10 : month - 2;
  const ofYear = (153 * march + 2) / 5 + date - 1;
  const ofEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear;
  // 719,468 days are from 0000-03-01 to 1970-01-01.
  return era * 146097 + ofEra - 146097 - 719468;
}

/** Writes `count` units of a text and returns where they end. */
function putUnits(to: usize, text: string, from: i32, count: usize): usize {
  memory.copy(to, changetype<usize>(text) + ((<usize>from) << 1), count << 1);
  return to + (count << 1);
}

/** Writes as many digits as `scale` has and returns where they end. */
function putDigits(to: usize, value: i32, scale: i32): usize {
  for (; scale; scale /= 10) {
    store<u16>(to, <u16>(0x30 + ((value / scale) % 10)));
    to += 2;
  }
  return to;
}

// What http-date.test.ts calls.
import { formatHttpDate, parseHttpDate } from "./http-date";
import { lastError, lastOffset, valueOf } from "./result.driver";

export { lastError, lastOffset };

export function parse(text: string): i64 {
  return valueOf(parseHttpDate(text));
}

export function parseAt(text: string, now: i64): i64 {
  return valueOf(parseHttpDate(text, now));
}

export function format(seconds: i64): string | null {
  return formatHttpDate(seconds);
}

// Numbers as people read them. Times come in nanoseconds.
import type { Difference, Estimate } from "../bench/report-parts.ts";

/** Shown where there is no value. */
export const NONE = "–";

/** What stands in the place of a difference that says nothing. */
export const NOT_RESOLVABLE = "not resolvable";

/** `3.92`, `0.031`, `184`: three digits that count, and no more than three behind the point. */
export function figure(value: number): string {
  if (value === 0) return "0";
  const digits = Math.max(0, Math.min(3, 2 - Math.floor(Math.log10(Math.abs(value)))));
  const text = value.toFixed(digits).replace("-", "−");
  return Number(value.toFixed(digits)) === 0 ? text.replace("−", "") : text;
}

/** Nanoseconds in microseconds. */
export function micros(nanoseconds: number): number {
  return nanoseconds / 1000;
}

/** `3.92 µs`, `1.2 ms`. */
export function time(nanoseconds: number | null): string {
  if (nanoseconds === null) return NONE;
  return Math.abs(nanoseconds) < 1e6
    ? `${figure(nanoseconds / 1e3)} µs`
    : `${figure(nanoseconds / 1e6)} ms`;
}

/** `[3.7, 4.1]` in the unit of `divisor` nanoseconds; empty without an interval. */
export function interval({ low, high }: Estimate, divisor = 1000): string {
  return low === null || high === null
    ? ""
    : `[${figure(low / divisor)}, ${figure(high / divisor)}]`;
}

/** `3.92 µs [3.7, 4.1]`, `not resolvable`, or `–`. */
export function difference(value: Difference): string {
  if (value.value === null) return NONE;
  if (!value.resolvable) return NOT_RESOLVABLE;
  return `${time(value.value)} ${interval(value, Math.abs(value.value) < 1e6 ? 1e3 : 1e6)}`.trimEnd();
}

/** `16.4 KiB`, `1.00 MiB`. */
export function bytes(count: number | null): string {
  if (count === null) return NONE;
  return count < 1024 * 1024 ? `${figure(count / 1024)} KiB` : `${figure(count / 1024 / 1024)} MiB`;
}

/** `p50`, `p99.9`. */
export function quantileName(probability: number): string {
  return `p${Number((probability * 100).toFixed(4))}`;
}

/** `32,000`. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

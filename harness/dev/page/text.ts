// Figures and times as people read them.
import type { Place } from "../events.ts";

/** Microseconds, with a unit that fits. */
export function formatMicros(micros: number): string {
  if (micros < 1_000) return `${micros} µs`;
  if (micros < 1_000_000) return `${(micros / 1_000).toFixed(1)} ms`;
  return `${(micros / 1_000_000).toFixed(1)} s`;
}

/** Milliseconds, with a unit that fits. */
export function formatMillis(millis: number): string {
  if (millis < 10) return `${millis.toFixed(1)} ms`;
  if (millis < 1_000) return `${Math.round(millis)} ms`;
  return `${(millis / 1_000).toFixed(1)} s`;
}

/** A size, in KB of 1,024 bytes. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  if (bytes < 1_024 ** 2) return `${(bytes / 1_024).toFixed(1)} KB`;
  return `${(bytes / 1_024 ** 2).toFixed(1)} MB`;
}

/** The time of day. */
export function formatClock(at: number): string {
  return new Date(at).toLocaleTimeString("en-GB");
}

/** As compilers and editors write it. */
export function formatPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** The middle of some numbers; null of none. */
export function median(numbers: readonly number[]): number | null {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

// What to measure, and for how long.
import type { WasmFilterSpec } from "../envoy/bootstrap.ts";
import type { WasmLogLine } from "../envoy/lines.ts";
import type { BurstShape } from "./measurement.ts";
import type { Traffic } from "./traffic.ts";

/**
 * How long a phase lasts: what is over first, then to the end of the round. Infinity: no limit. A
 * phase that is limited by time takes up to three times as long to have rounds enough for intervals.
 */
export interface Length {
  readonly rounds: number;
  readonly seconds: number;
}

/** How long the phases of all starts together last. */
export interface Lengths {
  readonly bursts: Length;
  readonly sides: Length;
  /** Of all rates together. */
  readonly client: Length;
  readonly throughput: Length;
}

/** What to measure. */
export interface Plan {
  /** Their names are distinct, and neither `base` nor `control`. */
  readonly filters: readonly WasmFilterSpec[];
  readonly traffic: Traffic;
  readonly burst: BurstShape;
  readonly seed: number;
  /** How often Envoy is started. */
  readonly starts: number;
  readonly lengths: Lengths;
  /** Requests a second at the fixed rates; empty chooses one that every listener can serve. */
  readonly rates: readonly number[];
  /** Called with each line that a filter logs. */
  readonly onFilterLog?: (line: WasmLogLine) => void;
}

/** A phase's part in one of several starts. */
export function lengthOfStart(length: Length, starts: number): Length {
  return { rounds: Math.ceil(length.rounds / starts), seconds: length.seconds / starts };
}

/** Whether a phase takes place at all. */
export function isWanted(length: Length): boolean {
  return length.rounds > 0 && length.seconds > 0;
}

const MOST_RATE = 2_000;
/** The part of the slowest one's capacity that a fixed rate may ask for. */
const LOAD = 0.5;

/**
 * A rate that all can serve, rounded down to two digits: it is shown to people.
 * @param capacity How many requests a second the slowest one serves, one after another.
 */
export function fixedRate(capacity: number): number {
  const rate = Math.max(1, Math.min(MOST_RATE, capacity * LOAD));
  const digit = 10 ** Math.max(0, Math.floor(Math.log10(rate)) - 1);
  return Math.floor(rate / digit) * digit;
}

/** Is told how far a run is: the phase, and which part of it is done (0 to 1). */
export type OnProgress = (phase: string, done: number) => void;

// Whether an estimate tells more than that there is noise, and what it tells in words.
import type { Difference, Estimate, Verdict } from "./report-parts.ts";

/** Whether an estimate is neither about 0 nor within what the A/A control makes of no difference. */
export function resolvable({ value, low, high }: Estimate, control: Estimate): boolean {
  const floor = farEnd(control);
  const known = value !== null && low !== null && high !== null && floor !== null;
  return known && (low > 0 || high < 0) && Math.abs(value) > floor;
}

/** How far from 0 an interval reaches. */
export function farEnd({ low, high }: Estimate): number | null {
  return low === null || high === null ? null : Math.max(Math.abs(low), Math.abs(high));
}

/** The verdict on what a filter adds to a request. */
export function verdictOn(name: string, added: Difference, floor: number | null): Verdict {
  const outcome = outcomeOf(added);
  const text =
    outcome === "not-resolvable"
      ? `what ${name} adds to a request is not resolvable${because(added, floor)}`
      : `${name} ${outcome === "more" ? "adds" : "saves"} ${amount(added)} a request`;
  return { figure: "added.timeNs", outcome, text };
}

/** The verdict on one filter against another. */
export function verdictBetween(
  name: string,
  baseline: string,
  difference: Difference,
  floor: number | null,
): Verdict {
  const outcome = outcomeOf(difference);
  const text =
    outcome === "not-resolvable"
      ? `which of ${name} and ${baseline} adds more is not resolvable${because(difference, floor)}`
      : `${name} adds ${amount(difference)} ${outcome} than ${baseline}`;
  return { figure: "versusBaseline", outcome, text };
}

function outcomeOf({ value, resolvable: told }: Difference): Verdict["outcome"] {
  if (!told || value === null) return "not-resolvable";
  return value > 0 ? "more" : "less";
}

/** "1.26 us [1.20, 1.32]", without signs: more or less is said beside it. */
export function amount({ value, low, high }: Estimate): string {
  if (value === null) return "an unknown time";
  const ends = value < 0 ? [high, low] : [low, high];
  const sign = value < 0 ? -1 : 1;
  const [from, to] = ends.map((end) => (end === null ? null : microseconds(sign * end)));
  const interval = from === null || to === null ? "" : ` [${from ?? ""}, ${to ?? ""}]`;
  return `${microseconds(Math.abs(value))} us${interval}`;
}

function because({ value, low, high }: Estimate, floor: number | null): string {
  if (value === null) return ": it was not measured";
  if (low === null || high === null) return ": too few rounds for an interval";
  if (low <= 0 && high >= 0) {
    return `: the interval [${microseconds(low)}, ${microseconds(high)}] us holds 0`;
  }
  return floor === null
    ? ": the A/A control has no interval"
    : `: the A/A control differs by up to ${microseconds(floor)} us`;
}

function microseconds(nanoseconds: number): string {
  const text = (nanoseconds / 1000).toFixed(2);
  return Number(text) === 0 ? "0.00" : text; // not "-0.00"
}

// What a reader should know before trusting the numbers, as sentences.
import type { Analysis } from "./analysis.ts";
import type { ListenerSamples, Measurement } from "./measurement.ts";
import { MIN_ROUNDS } from "./statistics.ts";

/** A/A differences above this, in nanoseconds, say that the machine was too busy to measure well. */
const QUIET_NS = 200;

export function notesOn(measurement: Measurement, analysis: Analysis): string[] {
  const { base, control, filters, rounds } = measurement;
  const notes = [base, control, ...filters].flatMap((samples) => [
    ...otherAnswers(samples),
    ...(samples.logLines === 0
      ? []
      : [
          `${samples.name} logged ${samples.logLines} lines; that they cost time is in its numbers`,
        ]),
  ]);
  if (rounds < MIN_ROUNDS) {
    notes.push(`${rounds} rounds are too few for intervals; measure longer`);
  }
  const floor = analysis.noiseFloor.timeNs;
  if (floor !== null && floor > QUIET_NS) {
    const microseconds = (floor / 1000).toFixed(2);
    notes.push(
      `the A/A control differs by up to ${microseconds} us: the machine is busy, and added times ` +
        "below that are not resolvable; measure longer, or on a quieter machine",
    );
  }
  if (base.cpu === null) {
    notes.push("the worker's CPU time is not available on this system (it needs Linux)");
  }
  return notes;
}

/** A filter that rejects the requests is not measured doing what it is for. */
function otherAnswers({ name, statuses }: ListenerSamples): string[] {
  let sent = 0;
  for (const answers of statuses.values()) sent += answers;
  return [...statuses]
    .filter(([status]) => status !== 200)
    .sort(([a], [b]) => a - b)
    .map(([status, answers]) => {
      const part = answers === sent ? "all" : `${answers} of`;
      return `${name} answered ${status} to ${part} ${sent} requests; are its --config and the --header lines right?`;
    });
}

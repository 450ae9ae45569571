// What a reader should know before trusting the numbers, as sentences.
import type { Analysis } from "./analysis.ts";
import { burstRounds, type ListenerSamples, type Measurement } from "./measurement.ts";
import { MIN_ROUNDS, MIN_STARTS } from "./statistics.ts";

/** A/A differences above this, in nanoseconds, say that the machine was too busy to measure well. */
const QUIET_NS = 200;

/** Below this part of its time on a CPU the worker was not the limit. */
const BUSY = 0.9;

/** The notes on a run, the filters' before the general ones. */
export function notesOn(measurement: Measurement, analysis: Analysis): string[] {
  const { base, control, filters, rounds: starts } = measurement;
  const rounds = burstRounds(measurement);
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
  if (analysis.blocks.kind === "stretches") {
    const processes = starts.length === 1 ? "this one start" : `these ${starts.length} starts`;
    notes.push(
      `the intervals speak for ${processes} of Envoy: another start moves a filter's cost by about ` +
        `a tenth of a microsecond; with --starts ${MIN_STARTS} or more they include that`,
    );
  }
  const busy = analysis.base.throughput?.workerBusy ?? null;
  if (busy !== null && busy < BUSY) {
    notes.push(
      `without a limit the worker was busy ${Math.round(busy * 100)} % of the time: the client was ` +
        "the limit, so throughput is a lower bound, and CPU per request tells more",
    );
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

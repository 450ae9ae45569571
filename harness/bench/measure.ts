// One run: several starts of Envoy, one after another, each measured in the same way.
import { errorOf } from "../../sdk/errors.ts";
import { measureStart } from "./measure-start.ts";
import { mergeStarts, type Measurement, type StartMeasurement } from "./measurement.ts";
import type { OnProgress, Plan } from "./plan.ts";

/** What a run gave, and why it ended before its end if it did. */
export interface RunResult {
  readonly measurement: Measurement;
  /** The failure or the signal's reason after which there were no further starts. */
  readonly endedBy: Error | null;
  /** The same as a sentence; null for a whole run. */
  readonly endedEarly: string | null;
}

/**
 * Runs the plan. What the starts before a failure or an abort gave is kept; when there is none, fails
 * as measureStart does. Nothing is left behind in any case.
 */
export async function measure(
  binary: string,
  plan: Plan,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<RunResult> {
  const starts: StartMeasurement[] = [];
  // Chosen once, so that all starts are asked the same.
  let rates = plan.rates;
  let endedBy: Error | null = null;
  while (starts.length < plan.starts && endedBy === null) {
    const nth = starts.length;
    const shown: OnProgress = (phase, done) => {
      const label = plan.starts === 1 ? phase : `start ${nth + 1} of ${plan.starts}, ${phase}`;
      onProgress(label, done);
    };
    try {
      const start = await measureStart(binary, { ...plan, rates }, nth, signal, shown);
      ({ rates } = start);
      starts.push(start);
    } catch (error) {
      if (starts.length === 0) throw error;
      endedBy = errorOf(error);
    }
  }
  const connections = plan.traffic.connections;
  return {
    measurement: mergeStarts(starts, plan.burst, connections),
    endedBy,
    endedEarly:
      endedBy === null
        ? null
        : `only ${starts.length} of ${plan.starts} starts were measured: ` +
          (signal.aborted ? "it was interrupted" : endedBy.message),
  };
}

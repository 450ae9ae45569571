// How the figures change with one dimension of the traffic: a run of bursts for each of its values,
// in one start each.
import { errorOf } from "../../sdk/errors.ts";
import { analyse } from "./analysis.ts";
import { measure } from "./measure.ts";
import type { Length, OnProgress, Plan } from "./plan.ts";
import type { SweepPoint, SweepReport } from "./report-parts.ts";
import type { Sweep } from "./sweep-options.ts";

const NONE: Length = { rounds: 0, seconds: 0 };
/** Of so many rounds of the whole run one is made at each point. */
const PART = 5;
/** Enough for intervals over starts. */
const STARTS = 6;

/** What a sweep gave so far, and what ended it early. */
export interface SweepResult {
  readonly report: SweepReport;
  readonly endedBy: Error | null;
}

/** Measures the points one after another; those before a failure or an abort are kept. */
export async function runSweep(
  binary: string,
  plan: Plan,
  sweep: Sweep,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<SweepResult> {
  const points: SweepPoint[] = [];
  let endedBy: Error | null = null;
  for (const { value, of } of sweep.points) {
    const { bursts } = plan.lengths;
    const part = {
      rounds: Math.ceil(bursts.rounds / PART),
      seconds: bursts.seconds / PART,
    };
    const atPoint: Plan = {
      ...plan,
      traffic: of(plan.traffic),
      starts: Math.min(plan.starts, STARTS),
      lengths: { bursts: part, sides: NONE, client: NONE, throughput: NONE },
    };
    try {
      const result = await measure(binary, atPoint, signal, (phase, done) => {
        onProgress(`${sweep.dimension}=${value}, ${phase}`, done);
      });
      ({ endedBy } = result);
      if (endedBy === null) points.push(pointOf(value, result.measurement, plan));
    } catch (error) {
      endedBy = errorOf(error);
    }
    if (endedBy !== null) break;
  }
  return { report: { dimension: sweep.dimension, points }, endedBy };
}

function pointOf(
  value: string,
  measurement: Parameters<typeof analyse>[0],
  { filters, seed }: Plan,
): SweepPoint {
  const { base, control, filters: analysed } = analyse(measurement, filters[0]?.name ?? "", seed);
  return {
    value,
    baseTimeNs: base.timeP50Ns,
    controlTimeNs: control.added.timeNs,
    filters: analysed.map(({ name, added: { timeNs, cpuNs } }) => ({ name, timeNs, cpuNs })),
  };
}

// How often the intervals of `bench` hold the truth, on simulated data sets.
import { Random } from "../bench/random.ts";
import { Resampling } from "../bench/resampling.ts";
import { simulate, type Simulated } from "./simulation.ts";

/** What the intervals did. */
export interface Coverage {
  /** Which part of the intervals held the truth. */
  readonly held: number;
  /** Their mean width, in nanoseconds. */
  readonly width: number;
}

/** Estimates what is added in so many data sets, as `analyse` does, and looks whether it is so. */
export function coverage(simulated: Simulated, sets: number, seed: number): Coverage {
  const random = new Random(seed);
  let held = 0;
  let width = 0;
  for (let set = 0; set < sets; set++) {
    const { rounds, base, filters } = simulate(simulated, random);
    const resampling = new Resampling(
      rounds.map(({ bursts }) => bursts),
      random,
    );
    const total = filters[0]?.total ?? new Float64Array();
    const { low, high } = resampling.estimate(resampling.paired(total, base.total));
    if (low === null || high === null) throw new Error("a data set without an interval");
    if (low <= simulated.shift && simulated.shift <= high) held++;
    width += high - low;
  }
  return { held: held / sets, width: width / sets };
}

/** The plans whose intervals are tested: the usual one, --quick, and one start with its stretches. */
export const PLANS = [
  { name: "14 starts", starts: 14, roundsPerStart: 130 },
  { name: "6 starts (--quick)", starts: 6, roundsPerStart: 40 },
  { name: "1 start", starts: 1, roundsPerStart: 400 },
] as const;

/** Of modules that are alike, and of such that differ, by so much. */
export const SHIFTS = { identical: 0, different: 1500 } as const;

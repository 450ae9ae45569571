// Samples for tests of what follows from them: a machine whose speed drifts, and listeners that take
// a known time more on it.
import { keptOf, WARM_BURST } from "../bench/measurement.ts";
import type { ListenerSamples, Measurement, PhaseRounds } from "../bench/measurement.ts";
import { Random } from "../bench/random.ts";

const KEPT = keptOf(WARM_BURST);
const STARTS = 8;
const ROUNDS: PhaseRounds = { bursts: 50, sides: 20, client: [25], throughput: 4 };

/** A machine whose speed drifts as the rounds go by, alike for all listeners. */
function drift(round: number): number {
  return 1500 * Math.sin(round / 40);
}

/** A listener that takes 8 us and what is added, give or take some 100 ns. */
export function listener(
  name: string,
  added: number,
  seed: number,
  rounds: PhaseRounds = ROUNDS,
  starts = STARTS,
): ListenerSamples {
  const random = new Random(seed);
  const around =
    (middle: number, perRound = KEPT) =>
    (_: unknown, i: number) =>
      Math.round(middle + drift(Math.floor(i / perRound)) + 200 * (random.next() - 0.5));
  const bursts = { length: starts * rounds.bursts * KEPT };
  const sides = { length: starts * rounds.sides * KEPT };
  const client = { length: starts * (rounds.client[0] ?? 0) * KEPT };
  const slices = { length: starts * rounds.throughput };
  return {
    name,
    total: Float64Array.from(bursts, around(8000 + added)),
    headers: Float64Array.from(bursts, around(7000 + added)),
    body: Float64Array.from(bursts, around(900)),
    requestSide: Float64Array.from(sides, around(5000 + added)),
    responseSide: Float64Array.from(sides, around(3000)),
    cpu: Float64Array.from({ length: starts * rounds.bursts }, around(20_000 + 2 * added, 1)),
    client: [Float64Array.from(client, around(80_000 + added))],
    throughput: {
      requestsPerSecond: Float64Array.from(slices, () => 1e9 / (20_000 + 2 * added)),
      cpu: Float64Array.from(slices, () => 20_000 + 2 * added),
      busy: Float64Array.from(slices, () => 0.99),
    },
    statuses: new Map([[200, 10_000]]),
    logLines: 0,
  };
}

/** A run with a filter that adds 1 us, one that adds twice that, and one that adds nothing. */
export function measurement(changes: Partial<Measurement> = {}): Measurement {
  return {
    burst: WARM_BURST,
    connections: 1,
    rounds: Array.from({ length: STARTS }, () => ROUNDS),
    times: Array.from({ length: STARTS * ROUNDS.bursts }, (_, round) => 1000 + 5 * round),
    rates: [2000],
    warmUpRequests: 1500,
    base: listener("base", 0, 1),
    control: listener("control", 0, 2),
    filters: [listener("noop", 1000, 3), listener("twice", 2000, 4), listener("idle", 0, 5)],
    ...changes,
  };
}

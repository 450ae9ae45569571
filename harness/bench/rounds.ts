// A phase of a measurement: rounds in which everything that is compared is visited once, in a fresh
// random order, so that the machine's drift meets all alike.
import type { Length } from "./plan.ts";
import type { Random } from "./random.ts";
import { MIN_ROUNDS } from "./statistics.ts";

/** Slow ones need more time for as many rounds as intervals need: up to so many times. */
const MOST_TIMES = 3;
/** How often a phase looks up, to tell how far it is and to see whether something has failed. */
const LOOK_UP_MS = 250;

/** What happens in a phase. */
export interface Phase<Item> {
  readonly items: readonly Item[];
  readonly length: Length;
  /** In so many parts is the phase made: each needs its part of the rounds. */
  readonly starts: number;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly visit: (item: Item) => Promise<void>;
  readonly onRound?: () => void;
  /** Called now and then with the part that is done, 0 to 1; ends the phase by throwing. */
  readonly lookUp: (done: number) => Promise<void> | void;
}

/** Visits the items round by round; returns the number of rounds. */
export async function visitRounds<Item>(phase: Phase<Item>): Promise<number> {
  const { items, length, starts, random, signal, visit, onRound, lookUp } = phase;
  await lookUp(0);
  const order = [...items];
  const start = performance.now();
  let lookedUp = start;
  let rounds = 0;
  for (let done = 0; done < 1;) {
    random.shuffle(order);
    onRound?.();
    for (const item of order) {
      signal.throwIfAborted();
      await visit(item);
      if (performance.now() - lookedUp < LOOK_UP_MS) continue;
      await lookUp(done);
      lookedUp = performance.now();
    }
    rounds++;
    const seconds = (performance.now() - start) / 1000;
    done = partDone(length, rounds, seconds, MIN_ROUNDS / starts);
  }
  await lookUp(1);
  return rounds;
}

/** Which part of a phase is done, 0 to 1. */
function partDone(length: Length, rounds: number, seconds: number, least: number): number {
  const byTime = Math.max(
    seconds / length.seconds / MOST_TIMES,
    Math.min(seconds / length.seconds, rounds / least),
  );
  return Math.min(1, Math.max(rounds / length.rounds, byTime));
}

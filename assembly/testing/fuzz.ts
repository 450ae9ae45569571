// Differential fuzzing: random inputs, and two programs that must say the same of each. A `*.fuzz.ts`
// beside a helper defines what is tried; its test runs some thousands of inputs, and
// `node scripts/fuzz.mjs` as many as one likes.
import { inspect } from "node:util";
import { Random } from "./random.ts";

/** What a helper's fuzzing consists of. */
export interface FuzzDefinition<Input> {
  /** What the command calls it. */
  readonly name: string;
  /** Makes an input: the same one for the same state of `random`. */
  input(random: Random): Input;
  /** Loads what is tested. */
  load(): Promise<FuzzTarget<Input>>;
  /**
   * Kinds of inputs of which there must be enough, as shares of all: inputs that are all refused
   * test nothing.
   */
  readonly shares?: Readonly<Record<string, number>>;
}

/** What is tested, ready to be tried. */
export interface FuzzTarget<Input> {
  /** Tries one input and answers of which kind it was. Throws where the two programs differ. */
  compare(input: Input): string;
  /** Frees what the last inputs left; called now and then. */
  collect(): void;
}

/** How many inputs are tried, and which. */
export interface FuzzOptions {
  readonly count: number;
  /** Input number n of a run is the one that a run with `seed + n` begins with. */
  readonly seed: number;
}

/** How many inputs there were of each kind. */
export type FuzzTally = ReadonlyMap<string, number>;

/** A helper's fuzzing, whatever its inputs are. */
export interface Fuzz {
  readonly name: string;
  /** Tries inputs; rejects at the first difference, with the input and how to try it again. */
  run(options: FuzzOptions): Promise<FuzzTally>;
}

/** Inputs between two collections of garbage. */
const BATCH = 100;

/** With fewer inputs than this the shares are left to chance. */
const ENOUGH = 1000;

/** Makes a `Fuzz` of its parts. */
export function defineFuzz<Input>(definition: FuzzDefinition<Input>): Fuzz {
  const { name, shares = {} } = definition;
  return {
    name,
    async run({ count, seed }) {
      const target = await definition.load();
      const tally = new Map<string, number>();
      for (let i = 0; i < count; i++) {
        if (i % BATCH === 0) target.collect();
        const input = definition.input(new Random(seed + i));
        try {
          const kind = target.compare(input);
          tally.set(kind, (tally.get(kind) ?? 0) + 1);
        } catch (cause) {
          const again = `node scripts/fuzz.mjs ${name} --seed ${seed + i} --count 1`;
          const shown = inspect(input, { depth: 8, maxArrayLength: null, maxStringLength: null });
          throw new Error(`${name}: input ${i} differs (again by ${again}):\n${shown}`, { cause });
        }
      }
      if (count >= ENOUGH) checkShares(name, shares, tally, count);
      return tally;
    },
  };
}

function checkShares(
  name: string,
  shares: Readonly<Record<string, number>>,
  tally: FuzzTally,
  count: number,
): void {
  for (const [kind, share] of Object.entries(shares)) {
    const found = tally.get(kind) ?? 0;
    if (found < share * count)
      throw new Error(
        `${name}: ${found} of ${count} inputs are ${kind}, fewer than ${share} of all`,
      );
  }
}

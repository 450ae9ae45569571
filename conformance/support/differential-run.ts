// Runs as many scenarios as it is told, and prints those that differ: scripts/differential.mjs.
import { confirmed } from "./confirmed.ts";
import { SUBJECTS, differences } from "./differential.ts";
import { foundByProbes } from "./probing.ts";
import { foundByTcpProbes } from "./tcp-probing.ts";

/** How many probes share an Envoy. */
const AT_ONCE = 50;
/** Of all scenarios, how many are requests through real filters, and how many made-up HTTP filters. */
const REQUESTS = 0.4;
const HTTP_PROBES = 0.35;

const [count = 1000, given] = process.argv.slice(2).map(Number);
const from = given ?? 1 + Math.floor(Math.random() * 1_000_000);
console.log(`${count} scenarios from number ${from}`);
let run = 0;
let differing = 0;
let once = 0;

const seeds = (first: number, length: number): number[] =>
  Array.from({ length }, (_, index) => first + index);

/** Runs them, and prints what differs. */
async function compare(
  numbers: readonly number[],
  find: (numbers: readonly number[]) => Promise<readonly { readonly seed: number }[]>,
): Promise<void> {
  run += numbers.length;
  const found = await confirmed(numbers, find);
  once += found.once;
  differing += found.differing.length;
  for (const each of found.differing) console.log(JSON.stringify(each, null, 2));
}

/** The same, as many as there are, so many at once. */
async function compareAll(
  length: number,
  find: (numbers: readonly number[]) => Promise<readonly { readonly seed: number }[]>,
): Promise<void> {
  for (let first = 0; first < length; first += AT_ONCE) {
    await compare(seeds(from + first, Math.min(AT_ONCE, length - first)), find);
  }
}

for (const subject of SUBJECTS) {
  const each = Math.ceil((count * REQUESTS) / SUBJECTS.length);
  await compare(seeds(from, each), async (numbers) =>
    (await differences(subject, numbers)).map((found) => ({
      seed: found.scenario.seed,
      subject: subject.source,
      ...found,
    })),
  );
}
await compareAll(Math.ceil(count * HTTP_PROBES), foundByProbes);
await compareAll(Math.max(0, count - run), foundByTcpProbes);
console.log(
  `${run} scenarios from number ${from}: ${differing} differ, ${once} differed once and not again`,
);
process.exitCode = differing === 0 ? 0 : 1;

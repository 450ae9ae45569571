// Runs as many scenarios as it is told, and prints those that differ: scripts/differential.mjs.
import { SUBJECTS, differences } from "./differential.ts";
import { probeDifferences } from "./probing.ts";
import { tcpDifferences } from "./tcp-probing.ts";

/** How many probes share an Envoy. */
const AT_ONCE = 50;
/** Of all scenarios, how many are requests through real filters, and how many made-up HTTP filters. */
const REQUESTS = 0.4;
const HTTP_PROBES = 0.35;

const [count = 1000, from = 1] = process.argv.slice(2).map(Number);
let run = 0;
let differing = 0;
let once = 0;

const seeds = (first: number, length: number): number[] =>
  Array.from({ length }, (_, index) => first + index);

interface Found {
  readonly seed: number;
}

/** Runs them; one that differs again by itself does not differ for lack of time. */
async function compare(
  numbers: readonly number[],
  find: (numbers: readonly number[]) => Promise<readonly Found[]>,
): Promise<void> {
  run += numbers.length;
  for (const { seed } of await find(numbers)) {
    const again = await find([seed]);
    if (again.length === 0) once++;
    differing += again.length;
    for (const each of again) console.log(JSON.stringify(each, null, 2));
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
const probes = Math.ceil(count * HTTP_PROBES);
for (let first = 0; first < probes; first += AT_ONCE) {
  await compare(seeds(from + first, Math.min(AT_ONCE, probes - first)), async (numbers) =>
    (await probeDifferences(numbers)).map(({ probe, ...seen }) => ({
      seed: probe.seed,
      plan: probe.plan,
      ...seen,
    })),
  );
}
const connections = Math.max(0, count - run);
for (let first = 0; first < connections; first += AT_ONCE) {
  await compare(seeds(from + first, Math.min(AT_ONCE, connections - first)), async (numbers) =>
    (await tcpDifferences(numbers)).map(({ probe, ...seen }) => ({
      seed: probe.seed,
      plan: probe.plan,
      steps: probe.steps,
      ...seen,
    })),
  );
}
console.log(
  `${run} scenarios from number ${from}: ${differing} differ, ${once} differed once and not again`,
);
process.exitCode = differing === 0 ? 0 : 1;

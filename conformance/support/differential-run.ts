// Runs as many scenarios as it is told, and prints those that differ: scripts/differential.mjs.
import { SUBJECTS, differences } from "./differential.ts";
import { probeDifferences } from "./probing.ts";

/** How many probes share an Envoy. */
const AT_ONCE = 50;

const [count = 1000, from = 1] = process.argv.slice(2).map(Number);
let differing = 0;
const tell = (found: readonly object[]): void => {
  differing += found.length;
  for (const each of found) console.log(JSON.stringify(each, null, 2));
};
const each = Math.ceil(count / 2 / SUBJECTS.length);
const seeds = (first: number, length: number): number[] =>
  Array.from({ length }, (_, index) => first + index);
for (const subject of SUBJECTS) tell(await differences(subject, seeds(from, each)));
for (let first = from; first < from + count / 2; first += AT_ONCE) {
  const found = await probeDifferences(seeds(first, AT_ONCE));
  tell(found.map(({ probe, ...seen }) => ({ seed: probe.seed, plan: probe.plan, ...seen })));
}
console.log(`${count} scenarios from number ${from}: ${differing} differ`);
process.exitCode = differing === 0 ? 0 : 1;

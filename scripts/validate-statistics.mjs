// Whether the 95 % intervals of `bench` hold the truth 93 to 97 times in a hundred, on simulated data
// sets with the spread, the tails and the autocorrelation of a real run. Prints a table in Markdown.
//   node scripts/validate-statistics.mjs                        with what a run gave once
//   node scripts/validate-statistics.mjs --report bench.json    with what this run gave
// --save keeps that for later; --sets N (2000) and --seed N (1); --write puts the table into
// docs/measuring.md.
import { runSource } from "./run-source.mjs";

await runSource("harness/testing/validate-statistics.ts");

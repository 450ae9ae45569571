// Whether the meters of `bench` read what a module really spends: one that spins for 5 us beside one
// that does not, in onRequestHeaders and in onLog. Prints a table in Markdown, which --write puts into
// docs/measuring.md; ends with 1 when a meter is off by more than 0.3 us. Wants a quiet machine, and
// takes a minute and a half.
//   node scripts/validate-meters.mjs [--us 5] [--seconds 30] [--starts 10] [--seed 1] [--within 0.3] [--write]
import { runSource } from "./run-source.mjs";

await runSource("harness/testing/validate-meters.ts");

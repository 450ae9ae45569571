// The in-process host beside a real Envoy, for as long as one likes:
//   node scripts/differential.mjs [how many scenarios] [from which number]
// Without one it is drawn. Prints it, and each that differs with its number, by which it can be run again.
import { runSource } from "./run-source.mjs";

await runSource("conformance/support/differential-run.ts");

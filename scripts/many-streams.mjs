// Many streams alive at once in one VM of a real Envoy, half of them with a callout in flight, in three
// waves; fails when an answer reaches the wrong stream or guest memory still grows in the third:
//   node scripts/many-streams.mjs [how many; default 10,000]
import { runSource } from "./run-source.mjs";

await runSource("conformance/support/many-streams-run.ts");

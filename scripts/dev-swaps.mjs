// Swaps by `dev` under load: `node scripts/dev-swaps.mjs [how many]`, by default 200. The tests have
// a short form of it.
import { runSource } from "./run-source.mjs";

await runSource("bin/dev-swaps-run.ts");

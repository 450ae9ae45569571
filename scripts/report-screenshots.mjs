// Takes the pictures of a report that docs/measuring.md shows:
//   as-proxy-wasm bench hello api-key --html build/report.html
//   node scripts/report-screenshots.mjs build/report.html [FOLDER; default docs/images]
import { runSource } from "./run-source.mjs";

await runSource("harness/report/screenshots.ts");

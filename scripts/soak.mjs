// Many requests through a filter that uses headers, body, JSON, shared data and a callout, with two
// workers and a real Envoy; fails when a request is lost or guest memory grows after the first 20,000:
//   node scripts/soak.mjs [how many; default a million]
import { runSource } from "./run-source.mjs";

await runSource("conformance/support/soak-run.ts");

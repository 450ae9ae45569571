// The in-process host beside a real Envoy, for as long as one likes:
//   node scripts/differential.mjs [how many scenarios] [from which number]
// Prints each that differs with its number, by which it can be run again.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "./esbuild.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await mkdir(".test-build", { recursive: true });
const out = await mkdtemp(".test-build/run-");
await bundleForNode({
  entryPoints: ["conformance/support/differential-run.ts"],
  outfile: `${out}/differential.mjs`,
});
const { status } = spawnSync(
  process.execPath,
  ["--enable-source-maps", `${out}/differential.mjs`, ...process.argv.slice(2)],
  { stdio: "inherit" },
);
await rm(out, { recursive: true, force: true });
process.exit(status ?? 1);

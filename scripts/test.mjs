// Runs the tests: bundles each *.test.ts with esbuild (Node 20 runs no TypeScript) and hands them
// to node:test with source maps on, so that a failure names the line in the source.
//   node scripts/test.mjs              all of them
//   node scripts/test.mjs sdk hello    those whose path contains one of the words
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "./esbuild.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

const words = process.argv.slice(2);
const files = [];
for (const folder of ["assembly", "sdk", "harness", "bin", "conformance", "scripts"]) {
  for (const entry of await readdir(folder, { recursive: true }).catch(() => [])) {
    const file = `${folder}/${entry}`;
    // Those in both/ are run by conformance/both.test.ts.
    if (!file.endsWith(".test.ts") || file.startsWith("conformance/both/")) continue;
    if (words.length === 0 || words.some((word) => file.includes(word))) files.push(file);
  }
}
if (files.length === 0) {
  console.error(`no test file has ${words.join(" or ")} in its path`);
  process.exit(2);
}
files.sort();

// The commands that README's reader runs are those of these sources.
execFileSync(process.execPath, ["scripts/bundle.mjs", "--no-types"], { stdio: "inherit" });

// A folder for each run, so that several can go on side by side.
await mkdir(".test-build", { recursive: true });
const out = await mkdtemp(".test-build/run-");
await bundleForNode({
  entryPoints: files,
  outbase: ".",
  outdir: out,
  outExtension: { ".js": ".mjs" },
});
const built = files.map((file) => `${out}/${file.replace(/\.ts$/, ".mjs")}`);
// Much of a test is waiting for Envoy: two at once, even where Node would run one.
const atOnce = Math.max(2, availableParallelism() - 1);
const flags = ["--enable-source-maps", "--test-timeout=180000", `--test-concurrency=${atOnce}`];
const { status } = spawnSync(process.execPath, [...flags, "--test", ...built], {
  stdio: "inherit",
});
await rm(out, { recursive: true, force: true });
process.exit(status ?? 1);

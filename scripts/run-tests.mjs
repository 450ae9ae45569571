// Bundles test files with esbuild (Node 20 runs no TypeScript) and hands them to node:test with source
// maps on, so that a failure names the line in the source.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { bundleForNode } from "./esbuild.mjs";

/**
 * Runs test files from the repository's root; answers the exit code. `onlyAsItShips` leaves out the
 * builds of filters that make faults of memory handling show; `env` is what the tests see.
 */
export async function runTests(files, { onlyAsItShips = false, env = process.env } = {}) {
  // A folder for each run, so that several can go on side by side.
  await mkdir(".test-build", { recursive: true });
  const out = await mkdtemp(".test-build/run-");
  try {
    await bundleForNode({
      entryPoints: files,
      outbase: ".",
      outdir: out,
      outExtension: { ".js": ".mjs" },
      define: { ONLY_AS_IT_SHIPS: String(onlyAsItShips) },
    });
    const built = files.map((file) => `${out}/${file.replace(/\.ts$/, ".mjs")}`);
    // Much of a test is waiting for Envoy: two at once, even where Node would run one.
    const atOnce = Math.max(2, availableParallelism() - 1);
    const flags = ["--enable-source-maps", "--test-timeout=180000", `--test-concurrency=${atOnce}`];
    const { status } = spawnSync(process.execPath, [...flags, "--test", ...built], {
      stdio: "inherit",
      env,
    });
    return status ?? 1;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

// Runs a TypeScript source of this repository as a program, with this process's arguments, and ends as
// it ends. For commands that need more than a script: node scripts/soak.mjs and its like.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "./esbuild.mjs";

/** Bundles and runs `entry`, a path from the repository's root; does not return. */
export async function runSource(entry) {
  process.chdir(fileURLToPath(new URL("..", import.meta.url)));
  await mkdir(".test-build", { recursive: true });
  const out = await mkdtemp(".test-build/run-");
  const outfile = `${out}/main.mjs`;
  await bundleForNode({ entryPoints: [entry], outfile });
  const { status } = spawnSync(
    process.execPath,
    ["--enable-source-maps", outfile, ...process.argv.slice(2)],
    { stdio: "inherit" },
  );
  await rm(out, { recursive: true, force: true });
  process.exit(status ?? 1);
}

// Takes the pictures of the live page that docs/dev.md shows: `node scripts/dev-screenshots.mjs
// [FOLDER]`, by default into docs/images. Needs what the tests need: an Envoy and a Chromium.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "./esbuild.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const folder = process.argv[2] ?? "docs/images";
await mkdir(folder, { recursive: true });
await mkdir(".test-build", { recursive: true });
const out = await mkdtemp(".test-build/run-");
await bundleForNode({
  entryPoints: ["harness/dev/testing/screenshots.ts"],
  outfile: `${out}/screenshots.mjs`,
});
const { status } = spawnSync(
  process.execPath,
  ["--enable-source-maps", `${out}/screenshots.mjs`, folder],
  { stdio: "inherit" },
);
await rm(out, { recursive: true, force: true });
process.exit(status ?? 1);

// Makes and drops instances of the in-process host, each with a stream and a connection that are not ended,
// and fails where memory grows with their number:
//   node scripts/host-memory.mjs [how many]
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "./esbuild.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await mkdir(".test-build", { recursive: true });
const out = await mkdtemp(".test-build/run-");
await bundleForNode({
  entryPoints: ["conformance/support/host-memory.ts"],
  outfile: `${out}/host-memory.mjs`,
});
const flags = ["--enable-source-maps", "--expose-gc"];
const { status } = spawnSync(
  process.execPath,
  [...flags, `${out}/host-memory.mjs`, ...process.argv.slice(2)],
  { stdio: "inherit" },
);
await rm(out, { recursive: true, force: true });
process.exit(status ?? 1);

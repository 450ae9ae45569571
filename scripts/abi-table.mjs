// Writes docs/abi.md: node scripts/abi-table.mjs
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "./esbuild.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const FILE = "docs/abi.md";

await mkdir(".test-build", { recursive: true });
const out = await mkdtemp(".test-build/run-");
try {
  const outfile = `${out}/print.mjs`;
  await bundleForNode({ entryPoints: ["conformance/support/abi-table/print.ts"], outfile });
  const { formatted } = await import(`../${outfile}`);
  await writeFile(FILE, await formatted(FILE));
} finally {
  await rm(out, { recursive: true, force: true });
}

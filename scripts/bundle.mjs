// Bundles the Node side into dist/ with esbuild, and writes its type declarations with tsc.
// `node scripts/bundle.mjs --no-types` leaves the declarations out.
import { execFileSync } from "node:child_process";
import { readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { bundleForNode, bundlePage } from "./esbuild.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

const { metafile } = await bundleForNode({
  entryPoints: [
    "bin/as-proxy-wasm.ts",
    "sdk/index.ts",
    "sdk/host/index.ts",
    "sdk/spec/index.ts",
    "sdk/test-runner/child.ts",
    "sdk/test-runner/child-reporter.ts",
    "harness/index.ts",
    "harness/test-api/index.ts",
  ],
  outbase: ".",
  outdir: "dist",
  splitting: true,
  metafile: true,
});
await bundlePage("harness/dev/page", "dist/page/dev");
// What an earlier build left is removed after the new one is whole: a command that runs meanwhile
// goes on running.
for (const entry of await readdir("dist", { recursive: true })) {
  const file = `dist/${entry}`;
  const ours = !file.startsWith("dist/page/") && /\.js(\.map)?$/.test(file);
  if (ours && !(file in metafile.outputs)) await rm(file);
}

if (!process.argv.includes("--no-types")) {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.types.json"], { stdio: "inherit" });
}

// Bundles the Node side into dist/ with esbuild, and writes its type declarations with tsc.
// `node scripts/bundle.mjs --no-types` leaves the declarations out.
import { execFileSync } from "node:child_process";
import { chmod, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

await rm("dist", { recursive: true, force: true });
await esbuild.build({
  entryPoints: ["bin/as-proxy-wasm.ts", "sdk/index.ts", "harness/index.ts"],
  outbase: ".",
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: true,
  logLevel: "warning",
});
await chmod("dist/bin/as-proxy-wasm.js", 0o755);

if (!process.argv.includes("--no-types")) {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.types.json"], { stdio: "inherit" });
}

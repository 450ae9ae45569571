// How everything is bundled: the Node side for Node 20, with source maps; pages for browsers.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

/** Bundles; `options` say what, and where it goes. */
export function bundleForNode(options) {
  return esbuild.build({
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
    ...options,
    define: {
      AS_PROXY_WASM_TOOLCHAIN: JSON.stringify(toolchainHash()),
      // Of conformance/support/filters.ts; only a run of the tests on another Envoy asks for true.
      ONLY_AS_IT_SHIPS: "false",
      ...options.define,
    },
  });
}

/** Changes with whatever may change what a build makes; see sdk/compiler/toolchain.ts. */
function toolchainHash() {
  const hash = createHash("sha256");
  for (const folder of ["sdk/compiler", "sdk/inspect"]) {
    const path = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
    for (const file of readdirSync(path).sort()) {
      if (/(?<!\.test)\.ts$/.test(file)) hash.update(`${file}\0`).update(readFileSync(path + file));
    }
  }
  return hash.digest("hex");
}

/** Bundles a page: its script and style sheet, with what goes along as it is. */
export function bundlePage(folder, out) {
  return esbuild.build({
    entryPoints: ["main.ts", "style.css", "index.html", "icon.svg"].map(
      (file) => `${folder}/${file}`,
    ),
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022"],
    charset: "utf8",
    loader: { ".html": "copy", ".svg": "copy" },
    entryNames: "[name]",
    logLevel: "warning",
  });
}

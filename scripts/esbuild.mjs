// How everything of the Node side is bundled: for Node 20, with source maps.
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
  });
}

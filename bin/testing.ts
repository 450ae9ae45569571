// The program as people start it, for tests: bundled, in a process of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { packageRoot } from "../sdk/package-root.ts";

export interface Program {
  /** The script to start with Node. */
  readonly path: string;
  /** A folder of its own, which it lies in. */
  readonly folder: string;
  remove(): Promise<void>;
}

/** Bundles the sources as they are now; the program in dist/ may be older. */
export async function bundleProgram(): Promise<Program> {
  // Beside this bundle, inside of the package: the program looks for its package from where it is.
  const folder = await mkdtemp(join(dirname(fileURLToPath(import.meta.url)), "program-"));
  await esbuild.build({
    entryPoints: [join(packageRoot(), "bin/as-proxy-wasm.ts")],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
  });
  return {
    path: join(folder, "as-proxy-wasm.js"),
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

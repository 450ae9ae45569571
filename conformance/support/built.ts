import { cachedBuild } from "../../sdk/compiler/cached-build.ts";
import { packageRoot } from "../../sdk/package-root.ts";

/** The module of a source of this repository. */
export async function builtFilter(source: string): Promise<Uint8Array> {
  return (await cachedBuild({ entry: source, cwd: packageRoot(), debug: true })).wasm;
}

// The modules of the filters in conformance/ and examples/.
import { cachedBuild } from "../../sdk/compiler/cached-build.ts";
import type { Stress } from "../../sdk/compiler/runtime-library.ts";
import { packageRoot } from "../../sdk/package-root.ts";

/** The module of a source of this repository, with a source map as the command `test` builds it. */
export async function builtFilter(source: string, stress: Stress = {}): Promise<Uint8Array> {
  return (await cachedBuild({ entry: source, cwd: packageRoot(), stress, debug: true })).wasm;
}

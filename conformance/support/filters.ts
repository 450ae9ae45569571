// Building the filters of conformance/ and examples/ for tests, and running them in a real Envoy.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { startProxy } from "../../harness/proxy.ts";
import type { Proxy, ProxyOptions } from "../../harness/proxy.ts";
import type { WasmFilterSpec } from "../../harness/envoy/bootstrap.ts";
import { cachedBuild } from "../../sdk/compiler/cached-build.ts";
import type { Stress } from "../../sdk/compiler/runtime-library.ts";
import { packageRoot } from "../../sdk/package-root.ts";
import { temporaryFolder } from "../../sdk/testing/temporary-folder.ts";

/**
 * Memory handling as it ships, and so that its faults show: a fault that one of the two ways shows, both
 * together show too. The examples go through each by itself (stress.test.ts).
 */
export const BUILDS: readonly (readonly [how: string, stress: Stress])[] = [
  ["as it ships", {}],
  ["doing both", { collectAlways: true, poisonFreed: true }],
];

/** Builds a source of this repository into a folder of the test; returns the module's path. */
export async function buildFilter(
  t: TestContext,
  source: string,
  stress: Stress = {},
): Promise<string> {
  const out = join(await temporaryFolder(t), "filter.wasm");
  // With a source map, as the command `test` builds it: what one of them has built, both find.
  const { wasm } = await cachedBuild({ entry: source, cwd: packageRoot(), stress, debug: true });
  await writeFile(out, wasm);
  return out;
}

/** An Envoy with filters, stopped when the test ends. */
export async function proxyFor(
  t: TestContext,
  filter: Omit<WasmFilterSpec, "name"> & { readonly name?: string },
  more: Omit<ProxyOptions, "filters"> = {},
): Promise<Proxy> {
  const proxy = await startProxy({ ...more, filters: [{ name: "filter", ...filter }] });
  t.after(() => proxy.stop());
  return proxy;
}

// Building the filters of conformance/ and examples/ for tests, and running them in a real Envoy.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { startProxy } from "../../harness/proxy.ts";
import type { Proxy, ProxyOptions } from "../../harness/proxy.ts";
import type { WasmFilterSpec } from "../../harness/envoy/bootstrap.ts";
import type { Stress } from "../../sdk/compiler/runtime-library.ts";
import { temporaryFolder } from "../../sdk/testing/temporary-folder.ts";
import { builtFilter } from "./built.ts";

/** Whether the builds that look for faults of memory are left out; said when tests are bundled. */
declare const ONLY_AS_IT_SHIPS: boolean;

/**
 * Memory handling as it ships, and so that its faults show: a fault that one of the two ways shows, both
 * together show too. The examples go through each by itself (stress.test.ts).
 */
export const BUILDS: readonly (readonly [how: string, stress: Stress])[] = [
  ["as it ships", {}],
  ...(ONLY_AS_IT_SHIPS
    ? []
    : ([["doing both", { collectAlways: true, poisonFreed: true }]] as const)),
];

/** The module of a source of this repository in a folder of the test, as `builtFilter`; its path. */
export async function buildFilter(
  t: TestContext,
  source: string,
  stress: Stress = {},
): Promise<string> {
  const out = join(await temporaryFolder(t), "filter.wasm");
  await writeFile(out, await builtFilter(source, stress));
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

// A plugin's end under a running Envoy: its filter's configuration is replaced.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { writeDiscovered } from "../harness/envoy/discovery.ts";
import { startProxy } from "../harness/proxy.ts";
import type { Proxy } from "../harness/proxy.ts";
import { valuesOf } from "../harness/traffic/response.ts";
import { temporaryFolder } from "../sdk/testing/temporary-folder.ts";
import { buildFilter } from "./support/filters.ts";

async function stat(proxy: Proxy, name: string): Promise<number> {
  const full = `wasmcustom.${name}`;
  return (await proxy.envoy.stats(full)).get(full) ?? 0;
}

/** Resolves once requests pass the plugin of that configuration; the runner's limit ends the wait. */
async function serves(proxy: Proxy, name: string): Promise<void> {
  for (;;) {
    const { upstream } = await proxy.send();
    if (valuesOf({ headers: upstream?.headers ?? [] }, "x-plugin")[0] === name) return;
    await sleep(10);
  }
}

test("a plugin may end later than it is asked to, and hands on what it has counted", async (t) => {
  const module = await buildFilter(t, "conformance/filters/plugin-end.ts");
  const slot = { name: "slot", path: join(await temporaryFolder(t), "filter.json") };
  const filter = { name: "filter", module, vmId: "one" };
  await writeDiscovered(slot, { ...filter, configuration: "late" });
  const proxy = await startProxy({ filters: [], discoveredFilters: [slot] });
  t.after(() => proxy.stop());
  await serves(proxy, "late");

  // The new plugin is in the same VM, which so outlives the old one. Once by Envoy's own thread, and
  // once by the worker.
  await writeDiscovered(slot, { ...filter, configuration: "early" });
  await serves(proxy, "early");
  while ((await stat(proxy, "end_deleted")) < 2) await sleep(10);
  assert.equal(await stat(proxy, "end_asked"), 2);
  assert.equal(await stat(proxy, "end_late"), 2);

  // What the plugin has counted in its last moments is handed on at its end: its timers end with it,
  // and the next plugin counts nothing.
  const before = await stat(proxy, "end_batched");
  await serves(proxy, "early");
  await writeDiscovered(slot, { ...filter, configuration: "quiet" });
  while ((await stat(proxy, "end_deleted")) < 4) await sleep(10);
  while ((await stat(proxy, "end_batched")) <= before) await sleep(10);
  assert.equal(await stat(proxy, "end_asked"), 4);
  assert.equal(await stat(proxy, "end_late"), 2);
  assert.equal(await stat(proxy, "end_too_late"), 0, "its timers went with it");
});

// The life of a plugin: starts, timers, the access log, the end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startProxy } from "../harness/proxy.ts";
import type { Proxy } from "../harness/proxy.ts";
import { ToolError } from "../sdk/errors.ts";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";

const FILTER = "conformance/filters/plugin-life.ts";

type Name = "beat" | "slow" | "single" | "cancelled" | "ticks" | "orphans";

/** How often the worker's plugin was called. */
async function calls(proxy: Proxy, name: Name): Promise<number> {
  const counts = JSON.parse((await proxy.send({ path: "/calls" })).body) as Record<Name, number>;
  return counts[name];
}

/** Resolves once it was called that often; the runner's time limit ends the wait. */
async function reaches(proxy: Proxy, name: Name, count: number): Promise<void> {
  while ((await calls(proxy, name)) < count) await sleep(10);
}

for (const [how, stress] of BUILDS) {
  test(`many timers share one tick, for plugins and for streams (${how})`, async (t) => {
    const module = await buildFilter(t, FILTER, stress);
    const proxy = await proxyFor(t, { module, configuration: "timers" });
    await reaches(proxy, "beat", 5);
    await reaches(proxy, "ticks", 5);
    await reaches(proxy, "slow", 2);
    const paths = Array.from({ length: 20 }, (_, index) => `/delay-${index}`);
    const exchanges = await Promise.all(paths.map((path) => proxy.send({ path })));
    assert.deepEqual(
      exchanges.map((exchange) => exchange.upstream?.path),
      paths,
      "each went on by its own timer",
    );
    // A stream that is gone is not called for, while later timers of others are.
    assert.equal((await proxy.send({ path: "/orphan" })).body, "0");
    assert.equal((await proxy.send({ path: "/zero" })).body, "2");
    await reaches(proxy, "slow", (await calls(proxy, "slow")) + 2);
    assert.equal(await calls(proxy, "orphans"), 0);
    assert.equal(await calls(proxy, "cancelled"), 0);
    assert.equal(await calls(proxy, "single"), 1);

    assert.equal((await proxy.send({ path: "/stop-ticks" })).body, "0");
    const ticks = await calls(proxy, "ticks");
    await reaches(proxy, "beat", (await calls(proxy, "beat")) + 5);
    assert.equal(await calls(proxy, "ticks"), ticks, "the other timers went on");
    await proxy.stop();
    const lines = proxy.envoy.wasmLogs.map((line) => line.text);
    assert.deepEqual(
      lines
        .filter((line) => line.startsWith("finite"))
        .sort()
        .reverse(),
      // Envoy's own thread runs the plugin too.
      ["finite 2 true", "finite 1 true", "finite 0 false"].flatMap((line) => [line, line]),
    );
    assert.equal(lines.filter((line) => line.startsWith("delayed")).length, paths.length);
  });
}

test("a plugin starts, is configured, ends and is deleted in each worker", async (t) => {
  const module = await buildFilter(t, FILTER);
  const proxy = await proxyFor(
    t,
    { module, configuration: "quiet", vmConfiguration: "ünï" },
    { concurrency: 2 },
  );
  assert.equal((await proxy.send()).status, 200);
  await proxy.stop();
  const lines = proxy.envoy.wasmLogs.map((line) => line.text);
  const starts = lines.filter((line) => line.startsWith("start"));
  assert.equal(starts[0], "start ünï 5 5");
  assert.ok(starts.every((line) => line === starts[0]));
  const of = (start: string): number => lines.filter((line) => line.startsWith(start)).length;
  // Envoy tries a plugin in a VM that it drops without a word, and then runs one in each worker and
  // one in its own thread.
  assert.deepEqual(
    { starts: of("start"), configures: of("configure"), dones: of("done"), deletes: of("delete") },
    { starts: 4, configures: 4, dones: 3, deletes: 3 },
    lines.join("\n"),
  );
  assert.ok(lines.indexOf("start ünï 5 5") < lines.indexOf("configure quiet"));
  assert.ok(lines.indexOf("done quiet 1") < lines.indexOf("delete quiet"));
});

test("a plugin that refuses the VM's configuration is refused by Envoy", async (t) => {
  const module = await buildFilter(t, FILTER);
  const error = await startProxy({
    filters: [{ name: "strict", module, vmConfiguration: "refuse" }],
  }).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof ToolError);
  assert.equal(error.code, "ERR_FILTER_REFUSED");
});

test("a plugin is an access logger, and a filter beside it", async (t) => {
  const module = await buildFilter(t, FILTER);
  const spec = { module, configuration: "quiet", rootId: "life" };
  const proxy = await startProxy({
    filters: [{ ...spec, name: "filter" }],
    accessLoggers: [{ ...spec, name: "logger" }],
  });
  t.after(() => proxy.stop());
  await proxy.send({ path: "/one" });
  await proxy.send({ path: "/zero" });
  await proxy.stop();
  assert.deepEqual(
    proxy.envoy.wasmLogs
      .filter((line) => line.text.startsWith("access"))
      .map(({ plugin, text }) => `${plugin}: ${text}`),
    ["logger: access /one 200", "logger: access /zero 200"],
  );
});

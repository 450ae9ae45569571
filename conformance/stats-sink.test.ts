// What a stats sink is handed, against what Envoy's /stats shows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Proxy } from "../harness/proxy.ts";
import { Guest, NUMBER_AT } from "../sdk/host/testing.ts";
import { builtFilter } from "./support/built.ts";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";
import { hostFor } from "./support/host-proxy.ts";

const FILTER = "conformance/filters/stats-sink.ts";
const COUNTER = "wasmcustom.sink_requests_with_a_name_of_its_own";
const GAUGE = "wasmcustom.sink_level";

/** What the plugin was handed, one list of lines for each time that is complete. */
function flushes(proxy: Proxy): string[][] {
  const complete: string[][] = [];
  let lines: string[] = [];
  for (const { plugin, text } of proxy.envoy.wasmLogs) {
    if (plugin !== "sink") continue;
    if (text.startsWith("flushed")) {
      complete.push(lines);
      lines = [];
    } else lines.push(text);
  }
  return complete;
}

/** The next one to begin. */
async function nextFlush(proxy: Proxy): Promise<string[]> {
  // One can be under way.
  const wanted = flushes(proxy).length + 1;
  while (flushes(proxy).length <= wanted) await sleep(20);
  return flushes(proxy)[wanted] ?? [];
}

/** The names of all statistics of a kind that were ever set. */
async function used(proxy: Proxy, type: "Counters" | "Gauges"): Promise<Set<string>> {
  const page = await proxy.envoy.admin(`/stats?usedonly&type=${type}`);
  return new Set(
    page.split("\n").flatMap((line) => (line === "" ? [] : (line.split(": ")[0] ?? []))),
  );
}

const names = (lines: readonly string[], kind: string): string[] =>
  lines.flatMap((line) => (line.startsWith(`${kind} `) ? [line.split(" ")[1] ?? ""] : []));

for (const [how, stress] of BUILDS) {
  test(`a stats sink gets every counter and gauge that was set, with its value (${how})`, async (t) => {
    const module = await buildFilter(t, FILTER, stress);
    const proxy = await proxyFor(t, { module }, { statsSinks: [{ name: "sink", module }] });
    for (let each = 0; each < 5; each++) await proxy.send();
    while (
      !flushes(proxy).some((lines) =>
        lines.some((line) => line.startsWith(`counter ${COUNTER} 15 `)),
      )
    )
      await sleep(20);
    const grown = flushes(proxy)
      .flat()
      .filter((line) => line.startsWith(`counter ${COUNTER} `));
    const deltas = grown.map((line) => Number(line.split(" ")[3]));
    assert.equal(
      deltas.reduce((sum, delta) => sum + delta, 0),
      15,
      grown.join(),
    );

    // What the admin interface counts of itself is there from the first question on.
    await used(proxy, "Counters");
    const before = [await used(proxy, "Counters"), await used(proxy, "Gauges")] as const;
    const lines = await nextFlush(proxy);
    const after = [await used(proxy, "Counters"), await used(proxy, "Gauges")] as const;
    for (const [index, kind] of (["counter", "gauge"] as const).entries()) {
      const handed = names(lines, kind);
      assert.equal(new Set(handed).size, handed.length, `no ${kind} comes twice`);
      assert.deepEqual(
        [...(before[index] ?? [])].filter((name) => !handed.includes(name)),
        [],
      );
      assert.deepEqual(
        handed.filter((name) => !after[index]?.has(name)),
        [],
      );
      assert.ok(handed.length > 30, `${handed.length} of ${kind}`);
    }
    assert.ok(lines.includes(`counter ${COUNTER} 15 0`));
    assert.ok(lines.includes(`gauge ${GAUGE} 7`));
    assert.ok(lines.includes("gauge server.concurrency 1"));
    assert.ok(!lines.includes("a snapshot outlives its callback"));
  });
}

test("on the host a stats sink gets what filters have counted, at its interval", async (t) => {
  const wasm = await builtFilter(FILTER);
  const host = await hostFor(t, { wasm, plugins: [{ name: "sink", role: "stats-sink" }] });
  const flushed = (): readonly string[] => host.logs.texts();
  host.advance(5000);
  assert.deepEqual(flushed(), ["flushed 0 0"], "what was never set is not there");
  for (let each = 0; each < 5; each++) await host.request();
  host.advance(4999);
  assert.equal(flushed().length, 1);
  host.advance(1);
  const gauge = `gauge ${GAUGE} 7`;
  assert.deepEqual(flushed().slice(1), [`counter ${COUNTER} 15 15`, gauge, "flushed 1 1"]);
  await host.request();
  host.advance(10_000);
  assert.deepEqual(flushed().slice(4), [
    ...[`counter ${COUNTER} 18 3`, gauge, "flushed 1 1"],
    ...[`counter ${COUNTER} 18 0`, gauge, "flushed 1 1"],
  ]);
});

test("on the host a stats sink gets a hundred gauges, whose size Envoy states as it does", async (t) => {
  const definer = new Guest();
  const names = Array.from(
    { length: 100 },
    (_, index) => `gauge_${"x".repeat(index % 13)}${index}`,
  );
  const record = (name: string, index: number): string =>
    `(drop (call $proxy_define_metric (i32.const 1) ${definer.text(name)} (i32.const ${NUMBER_AT})))
     (drop (call $proxy_record_metric (i32.load (i32.const ${NUMBER_AT})) (i64.const ${index})))`;
  definer.on("proxy_on_configure", names.map(record).join(""), 1);
  const host = await hostFor(t, {
    wasm: definer.wasm(),
    plugins: [{ name: "sink", role: "stats-sink", wasm: await builtFilter(FILTER) }],
    statsFlushInterval: 100,
  });
  host.advance(100);
  const expected = names.map((name, index) => `gauge wasmcustom.${name} ${index}`);
  assert.deepEqual(host.logs.texts(), [...expected, "flushed 0 100"]);
});

// What a stats sink is handed, against what Envoy's /stats shows.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Proxy } from "../harness/proxy.ts";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";

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

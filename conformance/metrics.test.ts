// Metrics as an operator sees them: on Envoy's /stats and /stats/prometheus.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Proxy } from "../harness/proxy.ts";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";

const FILTER = "conformance/filters/metrics.ts";

/** What the filter answers to each path, in turn. */
async function answers(proxy: Proxy, ...paths: string[]): Promise<string[]> {
  const bodies: string[] = [];
  for (const path of paths) bodies.push((await proxy.send({ path })).body);
  return bodies;
}

/** Resolves once a statistic of a filter has a value; the runner's time limit ends the wait. */
async function reaches(proxy: Proxy, name: string, value: number): Promise<void> {
  const full = `wasmcustom.${name}`;
  while ((await proxy.envoy.stats(full)).get(full) !== value) await sleep(20);
}

test("counters, gauges and histograms are in Envoy's statistics, and tags are labels", async (t) => {
  const module = await buildFilter(t, FILTER);
  const proxy = await proxyFor(
    t,
    { module },
    {
      statsTags: {
        reason: "(reason=\\.=(.*?);\\.;)",
        code: "(code=\\.=(.*?);\\.;)",
      },
    },
  );
  assert.deepEqual(await answers(proxy, "/count", "/count-zero", "/count"), ["0", "0", "0"]);
  await reaches(proxy, "kinds_counter", 10);
  assert.deepEqual(await answers(proxy, "/counted"), ["10"]);

  assert.deepEqual(await answers(proxy, "/gauge-set", "/gauge-add", "/gauge"), ["0", "0 0", "42"]);
  await reaches(proxy, "kinds_gauge", 42);

  assert.deepEqual(await answers(proxy, "/record", "/record", "/tagged"), ["0", "0", "0"]);
  let page = "";
  while (!page.includes("\nkinds_histogram_count{} 2")) {
    page = await proxy.envoy.admin("/stats/prometheus");
    await sleep(20);
  }
  const lines = page.split("\n");
  for (const line of [
    "# TYPE kinds_counter counter",
    "kinds_counter{} 10",
    "# TYPE kinds_gauge gauge",
    "kinds_gauge{} 42",
    "# TYPE kinds_histogram histogram",
    'kinds_tagged{reason="a.b c",code="200"} 1',
  ]) {
    assert.ok(lines.includes(line), line);
  }
  assert.match(page, /\nkinds_histogram_bucket\{le="5"\} 0\nkinds_histogram_bucket\{le="10"\} 2\n/);
});

for (const [how, stress] of BUILDS) {
  test(`batched counters reach Envoy by themselves, and lose nothing (${how})`, async (t) => {
    const proxy = await proxyFor(
      t,
      { module: await buildFilter(t, FILTER, stress) },
      { concurrency: 2 },
    );
    await Promise.all(Array.from({ length: 20 }, () => answers(proxy, "/batch")));
    await reaches(proxy, "kinds_batched", 20);
    await reaches(proxy, "kinds_batched_too", 40);
    assert.deepEqual(await answers(proxy, "/flush", "/flush", "/batch"), ["0", "0", "0"]);
    await reaches(proxy, "kinds_batched", 20 + 2 * 1100 + 1);
    await reaches(proxy, "kinds_batched_too", 42);
  });
}

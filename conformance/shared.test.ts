// Shared data and queues, between workers and between VMs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startProxy } from "../harness/proxy.ts";
import type { Proxy } from "../harness/proxy.ts";
import { BUILDS, buildFilter } from "./support/filters.ts";

const FILTER = "conformance/filters/shared.ts";

async function body(proxy: Proxy, path: string, vm = ""): Promise<string> {
  return (await proxy.send({ path, headers: [["x-vm", vm]] })).body;
}

for (const [how, stress] of BUILDS) {
  test(`shared data and queues hold between workers and VMs (${how})`, async (t) => {
    const module = await buildFilter(t, FILTER, stress);
    const proxy = await startProxy({
      concurrency: 2,
      filters: [{ name: "producer", module, vmId: "producer" }],
      // A VM of its own, in which no request is served.
      accessLoggers: [{ name: "consumer", module, vmId: "consumer", configuration: "consumer" }],
    });
    t.after(() => proxy.stop());
    assert.deepEqual((await body(proxy, "/data")).split("\n"), [
      "null", // absent
      "0",
      "''", // empty is not absent
      "0", // added
      "8", // there already
      "wert true",
      "0", // the version was right
      "8", // and is right no more
      "8", // no version is 0
      "neu",
      "0 2", // the second try won
      "2 255 255",
      "0",
      "true", // an update may leave all as it is
      "0",
      "8",
    ]);

    // All at once, in both workers: no count is lost.
    const counts = await Promise.all(Array.from({ length: 200 }, () => body(proxy, "/count")));
    assert.ok(counts.every((count) => count.startsWith("0 ")));
    assert.equal(await body(proxy, "/counted"), "200");

    assert.equal(await body(proxy, "/nowhere"), "1 1 true");
    assert.equal(await body(proxy, "/own"), "0 true '' 1");
    assert.equal(await body(proxy, "/send/lost", "nobody"), "1 1");
    const jobs = Array.from({ length: 30 }, (_, index) => `job-${index}`);
    const sent = await Promise.all(jobs.map((job) => body(proxy, `/send/${job}`, "consumer")));
    assert.deepEqual(new Set(sent), new Set(["0 0"]));
    const total = "wasmcustom.shared_messages";
    while (((await proxy.envoy.stats(total)).get(total) ?? 0) < jobs.length) await sleep(10);
    await proxy.stop();
    assert.deepEqual(
      proxy.envoy.wasmLogs
        .filter(({ plugin, text }) => plugin === "consumer" && text.startsWith("job"))
        .map(({ text }) => text.slice(4))
        .sort(),
      jobs.sort(),
    );
  });
}

// Plugins that belong to no listener: Envoy's Wasm services, one for Envoy as a whole or one a worker.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { buildFilter, proxyFor } from "./support/filters.ts";

const WORKERS = 2;
const REQUESTS = 30;

for (const singleton of [true, false]) {
  const one = singleton ? "one for Envoy as a whole" : "one for each worker";
  test(`a service ticks and takes messages without a listener, ${one}`, async (t) => {
    const module = await buildFilter(t, "conformance/filters/wasm-service.ts");
    const service = { name: "service", module, rootId: "service", vmId: "service-vm" };
    const proxy = await proxyFor(
      t,
      { module, rootId: "sender" },
      {
        concurrency: WORKERS,
        services: [{ ...service, configuration: "conf", vmConfiguration: "vm", singleton }],
      },
    );
    const told = (): string[] =>
      proxy.envoy.wasmLogs.filter(({ plugin }) => plugin === "service").map(({ text }) => text);
    const count = (text: string): number => told().filter((line) => line === text).length;
    const paths = Array.from({ length: REQUESTS }, (_, index) => `/${index}`);
    await Promise.all(
      paths.map(async (path) => {
        const { status, body } = await proxy.send({ path });
        assert.deepEqual([status, body], [200, "0"]);
      }),
    );
    const jobs = (): string[] => told().filter((line) => line.startsWith("job "));
    while (jobs().length < REQUESTS) await sleep(10);
    assert.deepEqual(jobs().sort(), paths.map((path) => `job ${path}`).sort(), "each once");
    // Envoy's own thread has one in both cases.
    const instances = singleton ? 1 : WORKERS + 1;
    while (count("third tick") < instances) await sleep(10);
    await proxy.envoy.stop();
    // One VM more has only tried the configuration.
    assert.equal(count("started with vm"), instances + 1);
    assert.equal(count("configured with conf"), instances + 1);
    assert.equal(count("third tick"), instances);
    assert.equal(count("done"), instances);
  });
}

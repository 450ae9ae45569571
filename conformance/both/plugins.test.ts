// Plugins beside a filter, and what they have in common, on either host.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { loadFilter } from "as-proxy-wasm/testing";
import type { Filter, FilterOptions } from "as-proxy-wasm/testing";

const shared = (t: TestContext, options: FilterOptions): Promise<Filter> =>
  loadFilter(t, "conformance/filters/shared.ts", options);

test("a service takes what a filter puts into its queue", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/wasm-service.ts", {
    rootId: "sender",
    plugins: [
      {
        name: "jobs",
        role: "service",
        rootId: "service",
        vmId: "service-vm",
        vmConfiguration: "the VM's",
        configuration: "its own",
      },
    ],
  });
  const started = ["configured with its own", "started with the VM's"];
  assert.deepEqual([...filter.logs.texts()].sort(), started);
  assert.equal((await filter.request({ path: "/first" })).status, 200);
  assert.equal((await filter.logs.until(/^job/)).text, "job /first");
  await filter.advance(100);
  await filter.logs.until(/^third tick$/);
});

test("requests pass the filter that they name, and plugins of one vmId share their data", async (t) => {
  const filter = await shared(t, {
    vmId: "one",
    plugins: [
      { name: "same", vmId: "one", vmConfiguration: "a VM of its own" },
      { name: "other", vmId: "two" },
    ],
  });
  for (const plugin of [undefined, "shared", "same"]) {
    const { body } = await filter.request({
      path: "/count",
      ...(plugin === undefined ? {} : { plugin }),
    });
    assert.equal(body, "0 1");
  }
  await filter.request({ path: "/count", plugin: "other" });
  assert.equal((await filter.request({ path: "/counted", plugin: "same" })).body, "3");
  assert.equal((await filter.request({ path: "/counted", plugin: "other" })).body, "1");
  await assert.rejects(filter.request({ plugin: "nobody" }), {
    code: "ERR_USAGE",
    hint: "Name one of those that are loaded: shared, same, other; or leave the name out.",
  });
});

test("an access logger is told of each stream that is over", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/plugin-life.ts", {
    configuration: "quiet",
    plugins: [{ name: "logger", role: "access-log", configuration: "quiet" }],
  });
  await filter.request({ path: "/one" });
  await filter.request({ path: "/two" });
  assert.deepEqual(
    filter.logs.texts().filter((line) => line.startsWith("access")),
    ["access /one 200", "access /two 200"],
  );
});

test("connections pass the filter that they name, and their end is told to access loggers", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/tcp.ts", {
    rootId: "edit",
    plugins: [
      { name: "plain", rootId: "close" },
      { name: "logger", role: "access-log", rootId: "ends" },
    ],
  });
  const edited = await filter.connect();
  const plain = await filter.connect({ plugin: "plain" });
  await edited.send("x");
  await plain.send("x");
  assert.equal(edited.upstream?.received, "begin:X");
  assert.equal(plain.upstream?.received, "x");
  await assert.rejects(filter.connect({ plugin: "logger" }), { code: "ERR_USAGE" });
  const over = (): number => filter.logs.texts().filter((line) => line.startsWith("over")).length;
  assert.equal(over(), 0);
  await edited.end();
  await plain.reset();
  assert.equal(over(), 2);
  await filter.logs.until(/^over, without a request: true$/);
});

test("plugins and clusters that could not be told apart are refused", async (t) => {
  await assert.rejects(shared(t, { plugins: [{ name: "shared" }] }), {
    code: "ERR_USAGE",
    message: 'two plugins are called "shared"',
  });
  await assert.rejects(shared(t, { clusters: ["one"], grpcClusters: ["two", "one"] }), {
    code: "ERR_USAGE",
    message: 'two clusters are called "one"',
  });
});

test("workers have VMs of their own, and one place for shared data", async (t) => {
  const filter = await shared(t, { host: { workers: 2 } });
  for (const worker of [0, 1, 1])
    assert.equal((await filter.request({ path: "/count", worker })).body, "0 1");
  assert.equal(await filter.sharedData("count"), "3");
  for (const workers of [0, 1.5, NaN])
    await assert.rejects(shared(t, { host: { workers } }), { code: "ERR_USAGE" });
});

test("a request to a worker of one's choice is not applicable where nobody has the choice", async (t) => {
  const filter = await shared(t, {});
  assert.equal((await filter.request({ path: "/count", worker: 0 })).status, 200);
});

test("a queue is filled and emptied from outside where that can be", async (t) => {
  const filter = await shared(t, { configuration: "consumer" });
  filter.needs("shared data");
  await filter.enqueue("jobs", "one");
  await filter.enqueue("jobs", Buffer.from([0x74, 0x77, 0x6f]));
  assert.deepEqual(filter.logs.texts(), ["job one", "job two"]);
  assert.equal(await filter.metric("shared_messages"), 2);
  assert.equal(await filter.dequeue("jobs"), null);
  await assert.rejects(filter.dequeue("others"), { code: "ERR_USAGE" });
  await filter.request({ path: "/own" });
  await filter.enqueue("own", "kept");
  assert.equal(Buffer.from((await filter.dequeue("own")) ?? []).toString(), "kept");
});

test("what a histogram was given is seen where it can be", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/metrics.ts");
  await filter.request({ path: "/record" });
  filter.needs("recorded values");
  assert.deepEqual(await filter.recorded("kinds_histogram"), [7]);
  assert.deepEqual(await filter.recorded("nothing"), []);
});

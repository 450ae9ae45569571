import assert from "node:assert/strict";
import { test } from "node:test";
import { loadFilter } from "as-proxy-wasm/testing";

test("hello greets the upstream and the client", async (t) => {
  const filter = await loadFilter(t, "hello");
  const reply = await filter.request({ path: "/greet" });
  assert.equal(reply.status, 200);
  assert.deepEqual(reply.values("x-hello"), ["client"]);
  assert.deepEqual(reply.upstream?.values("x-hello"), ["world"]);
});

test("hello replaces a greeting that is there, and leaves the rest", async (t) => {
  const filter = await loadFilter(t, "hello");
  const { upstream } = await filter.request({
    headers: [
      ["x-hello", "mallory"],
      ["x-hello", "eve"],
      ["x-other", "kept"],
    ],
  });
  assert.deepEqual(upstream?.values("x-hello"), ["world"]);
  assert.deepEqual(upstream.values("x-other"), ["kept"]);
});

test("hello counts requests", async (t) => {
  const filter = await loadFilter(t, "hello");
  for (let i = 0; i < 3; i++) await filter.request();
  assert.deepEqual([...(await filter.metrics())], [["hello_requests", 3]]);
});

test("hello makes three host calls for a request", async (t) => {
  const filter = await loadFilter(t, "hello");
  filter.needs("callbacks");
  await filter.request(); // defines the counter
  const { calls, crossings } = await filter.request();
  assert.deepEqual(calls, {
    proxy_increment_metric: 1,
    proxy_replace_header_map_value: 2,
  });
  assert.equal(crossings.callbacks, 2);
});

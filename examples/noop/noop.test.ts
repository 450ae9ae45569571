import assert from "node:assert/strict";
import { test } from "node:test";
import { loadFilter } from "as-proxy-wasm/testing";

test("noop changes nothing", async (t) => {
  const filter = await loadFilter(t, "noop");
  const { status, upstream } = await filter.request({
    path: "/a?b=c",
    headers: [["x-kept", "1"]],
  });
  assert.equal(status, 200);
  assert.equal(upstream?.path, "/a?b=c");
  // What the client sent, and what any Envoy adds.
  assert.deepEqual(upstream.headers.map(([name]) => name).sort(), [
    "host",
    "x-envoy-expected-rq-timeout-ms",
    "x-forwarded-proto",
    "x-kept",
    "x-request-id",
  ]);
});

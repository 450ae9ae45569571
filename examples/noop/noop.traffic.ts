import assert from "node:assert/strict";
import type { Traffic } from "as-proxy-wasm/harness";

export const traffic: Traffic = {
  async "noop changes nothing"(proxy) {
    const exchange = await proxy.send({ path: "/a?b=c", headers: [["x-kept", "1"]] });
    assert.equal(exchange.status, 200);
    assert.equal(exchange.upstream?.path, "/a?b=c");
    // What the client sent, and what any Envoy adds.
    assert.deepEqual(exchange.upstream.headers.map(([name]) => name).sort(), [
      "host",
      "x-envoy-expected-rq-timeout-ms",
      "x-forwarded-proto",
      "x-kept",
      "x-request-id",
    ]);
  },
};

import assert from "node:assert/strict";
import { valuesOf } from "as-proxy-wasm/harness";
import type { Traffic } from "as-proxy-wasm/harness";

export const traffic: Traffic = {
  async "hello greets the upstream and the client"(proxy) {
    const exchange = await proxy.send({ path: "/greet" });
    assert.equal(exchange.status, 200);
    assert.deepEqual(valuesOf(exchange, "x-hello"), ["client"]);
    assert.deepEqual(valuesOf({ headers: exchange.upstream?.headers ?? [] }, "x-hello"), ["world"]);
  },

  async "hello replaces a greeting that is there, and leaves the rest"(proxy) {
    const exchange = await proxy.send({
      headers: [
        ["x-hello", "mallory"],
        ["x-hello", "eve"],
        ["x-other", "kept"],
      ],
    });
    const upstream = { headers: exchange.upstream?.headers ?? [] };
    assert.deepEqual(valuesOf(upstream, "x-hello"), ["world"]);
    assert.deepEqual(valuesOf(upstream, "x-other"), ["kept"]);
  },

  async "hello counts requests"(proxy) {
    for (let i = 0; i < 3; i++) await proxy.send();
    const stats = await proxy.envoy.stats("wasmcustom.");
    assert.deepEqual([...stats], [["wasmcustom.hello_requests", 3]]);
  },
};

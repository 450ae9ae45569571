import assert from "node:assert/strict";
import { valuesOf } from "as-proxy-wasm/harness";
import type { Traffic } from "as-proxy-wasm/harness";

export const traffic: Traffic = {
  async "a request with a key reaches the upstream, without the key"(proxy) {
    for (const key of ["example-key-1", "example-key-2"]) {
      const exchange = await proxy.send({
        path: "/private",
        headers: [
          ["X-Api-Key", key],
          ["x-other", "kept"],
        ],
      });
      assert.equal(exchange.status, 200);
      assert.equal(exchange.upstream?.path, "/private");
      assert.deepEqual(valuesOf(exchange.upstream, "x-api-key"), []);
      assert.deepEqual(valuesOf(exchange.upstream, "x-other"), ["kept"]);
    }
  },

  async "a request without a key, or with a wrong one, is answered 401"(proxy) {
    const attempts: [string, string | Buffer][][] = [
      [],
      [["x-api-key", ""]],
      [["x-api-key", "example-key-3"]],
      [["x-api-key", "example-key-"]],
      [["x-api-key", "example-key-11"]],
      [["x-api-key", "EXAMPLE-KEY-1"]],
      [["x-api-key", Buffer.from([0xff, 0xfe])]],
      [
        ["x-api-key", "wrong"],
        ["x-api-key", "example-key-1"],
      ],
    ];
    for (const headers of attempts) {
      const exchange = await proxy.send({ headers });
      assert.equal(exchange.status, 401, JSON.stringify(headers));
      assert.equal(exchange.upstream, null);
      assert.equal(exchange.body, "a valid API key is required\n");
      assert.deepEqual(valuesOf(exchange, "www-authenticate"), ["ApiKey"]);
    }
  },

  async "no second key slips through behind a valid one"(proxy) {
    const exchange = await proxy.send({
      headers: [
        ["x-api-key", "example-key-1"],
        ["x-api-key", "example-key-2"],
      ],
    });
    assert.equal(exchange.status, 200);
    assert.deepEqual(valuesOf({ headers: exchange.upstream?.headers ?? [] }, "x-api-key"), []);
  },
};

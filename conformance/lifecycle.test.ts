import assert from "node:assert/strict";
import { test } from "node:test";
import { startProxy } from "../harness/proxy.ts";
import { valuesOf } from "../harness/traffic/response.ts";
import { ToolError } from "../sdk/errors.ts";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";

const FILTER = "conformance/filters/lifecycle.ts";

for (const [how, stress] of BUILDS) {
  test(`each stream has an object of its own from its headers to its end (${how})`, async (t) => {
    const module = await buildFilter(t, FILTER, stress);
    const proxy = await proxyFor(t, { module, rootId: "life", configuration: "ünïcödé" });
    const paths = Array.from({ length: 40 }, (_, index) => `/stream-${index}`);
    const exchanges = await Promise.all(paths.map((path) => proxy.send({ path })));
    for (const [index, exchange] of exchanges.entries()) {
      assert.deepEqual(valuesOf(exchange, "x-path"), [paths[index]]);
      assert.deepEqual(valuesOf({ headers: exchange.upstream?.headers ?? [] }, "x-plugin"), [
        Buffer.from("ünïcödé").toString("latin1"),
      ]);
    }
    assert.equal(
      (await proxy.envoy.stats("wasmcustom.lifecycle_created")).get("wasmcustom.lifecycle_created"),
      40,
    );
    await proxy.stop();
    const lines = proxy.envoy.wasmLogs.map((line) => line.text);
    for (const path of paths) {
      assert.deepEqual(
        lines.filter((line) => line.endsWith(` ${path}`)),
        [`log ${path}`, `delete ${path}`],
      );
    }
  });
}

test("plugins of one VM are told apart by their root context and their configuration", async (t) => {
  const module = await buildFilter(t, FILTER);
  const shared = { module, vmId: "one" };
  const proxy = await startProxy({
    filters: [
      { ...shared, name: "first", rootId: "life", configuration: "first" },
      { ...shared, name: "none", rootId: "life", configuration: "none" },
      { ...shared, name: "other", rootId: "other" },
      { ...shared, name: "last", rootId: "life", configuration: "last" },
    ],
  });
  t.after(() => proxy.stop());
  const exchange = await proxy.send({ path: "/x" });
  assert.equal(exchange.status, 200);
  const upstream = { headers: exchange.upstream?.headers ?? [] };
  assert.deepEqual(valuesOf(upstream, "x-plugin"), ["last"], "the last plugin had the last word");
  assert.deepEqual(valuesOf(upstream, "x-other"), ["1"]);
  assert.equal(
    (await proxy.envoy.stats("wasmcustom.lifecycle_created")).get("wasmcustom.lifecycle_created"),
    2,
  );
});

/** The error with which Envoy refuses to start. */
async function refused(options: Parameters<typeof startProxy>[0]): Promise<ToolError> {
  const proxy = await startProxy(options).catch((error: unknown) => error);
  assert.ok(proxy instanceof ToolError, "Envoy took it");
  assert.equal(proxy.code, "ERR_FILTER_REFUSED");
  return proxy;
}

test("a root_id that is not registered is refused, and the log names those that are", async (t) => {
  const module = await buildFilter(t, FILTER);
  const error = await refused({ filters: [{ name: "typo", module, rootId: "lief" }] });
  assert.match(
    error.detail ?? "",
    /root_id 'lief' is not registered; it must be one of: life, other/,
  );
});

test("with one registration any root_id fits", async (t) => {
  const module = await buildFilter(t, "conformance/filters/rewrite.ts");
  const proxy = await proxyFor(t, { module, rootId: "anything" });
  assert.equal((await proxy.send()).status, 200);
});

test("a configuration that the plugin refuses is refused by Envoy, with the plugin's own words", async (t) => {
  const module = await buildFilter(t, FILTER);
  const error = await refused({
    filters: [{ name: "strict", module, rootId: "life", configuration: "refuse me" }],
  });
  assert.match(error.detail ?? "", /refused as asked/);
});

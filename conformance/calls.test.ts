// Nothing unpaid for: how often a request through the examples crosses from the module to the host, by
// the name of the call. A change here is a change of what a filter costs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Reply, RequestInit } from "../sdk/host/index.ts";
import { packageRoot } from "../sdk/package-root.ts";
import { builtFilter } from "./support/built.ts";
import { hostFor } from "./support/host-proxy.ts";

/** The second request: the first pays for what is defined once. */
async function secondRequest(
  t: TestContext,
  example: string,
  request: RequestInit = {},
  configuration: Uint8Array | string = "",
): Promise<Reply> {
  const wasm = await builtFilter(`examples/${example}`);
  const host = await hostFor(t, { wasm, configuration });
  await host.request(request);
  return await host.request(request);
}

test("noop makes no host call, and is called once", async (t) => {
  const { callbacks, crossings } = await secondRequest(t, "noop");
  assert.deepEqual(
    callbacks.map(({ callback }) => callback),
    ["proxy_on_request_headers"],
  );
  assert.deepEqual(crossings, {
    callbacks: 1,
    hostCalls: 0,
    allocations: 0,
    bytesToHost: 0,
    bytesToGuest: 0,
  });
});

test("hello makes the three host calls that its source has", async (t) => {
  const { calls, crossings } = await secondRequest(t, "hello");
  assert.deepEqual(calls, { proxy_increment_metric: 1, proxy_replace_header_map_value: 2 });
  assert.equal(crossings.callbacks, 2);
  assert.equal(crossings.allocations, 0);
  assert.equal(crossings.bytesToHost, "x-helloworldx-helloclient".length);
});

const CONFIGURATION = readFileSync(join(packageRoot(), "examples/api-key/config.json"));
const KEY = "example-key-1";

test("api-key reads the key and removes it, when it is valid", async (t) => {
  const request = { headers: { "x-api-key": KEY } };
  const { calls, callbacks, crossings } = await secondRequest(t, "api-key", request, CONFIGURATION);
  assert.deepEqual(calls, { proxy_get_header_map_value: 1, proxy_remove_header_map_value: 1 });
  assert.deepEqual(
    callbacks.map(({ callback }) => callback),
    ["proxy_on_context_create", "proxy_on_request_headers", "proxy_on_delete"],
  );
  assert.equal(crossings.allocations, 1);
  assert.equal(crossings.bytesToGuest, KEY.length);
});

test("api-key reads the key and answers, when it is absent", async (t) => {
  const { calls, crossings } = await secondRequest(t, "api-key", {}, CONFIGURATION);
  assert.deepEqual(calls, { proxy_get_header_map_value: 1, proxy_send_local_response: 1 });
  assert.equal(crossings.allocations, 0);
});

// Names and addresses that Envoy knows by itself: what asks a resolver of this machine's would depend on
// it. Envoy answers these inside of the call, so the SDK hands them over with a tick.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Exchange } from "../harness/proxy.ts";
import { valuesOf } from "../harness/traffic/response.ts";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";

const FILTER = "conformance/filters/dns.ts";
const NO_NAME = "a".repeat(64);

const sent = (exchange: Exchange, name: string): string =>
  valuesOf({ headers: exchange.upstream?.headers ?? [] }, name).join();

for (const [how, stress] of BUILDS) {
  test(`Envoy looks names up, and each stream gets its own answer (${how})`, async (t) => {
    const module = await buildFilter(t, FILTER, stress);
    const proxy = await proxyFor(t, { module, configuration: "::1" });
    for (const [name, found] of [
      ["127.0.0.1", /^resolved 127\.0\.0\.1$/],
      ["2001:db8::1", /^resolved 2001:db8::1$/],
      ["localhost", /^resolved (127\.0\.0\.1|::1)( |$)/],
      [NO_NAME, /^failed$/],
    ] as const) {
      const exchange = await proxy.send({ path: `/pass/${name}` });
      assert.equal(exchange.status, 200, exchange.body);
      assert.match(sent(exchange, "x-found"), found);
    }
    assert.deepEqual((await proxy.send({ path: "/again" })).body.split("\n"), [
      "resolved 127.0.0.1",
      ...["again 0", "while under way 2", "resolved ::1"],
      ...["again 0", "while under way 2", "resolved ::1"],
    ]);
    assert.equal((await proxy.send({ path: "/refusals" })).body, "2\n2");

    const exchanges = await Promise.all(
      Array.from({ length: 200 }, (_, index) => proxy.send({ path: `/pass/127.0.0.${index}` })),
    );
    for (const [index, exchange] of exchanges.entries()) {
      assert.equal(sent(exchange, "x-found"), `resolved 127.0.0.${index}`);
      assert.equal(sent(exchange, "x-stream"), `/pass/127.0.0.${index}`);
    }

    // What asked is gone before the answer: a later one is handed over in its place.
    assert.equal((await proxy.send({ path: "/over" })).status, 200);
    assert.equal((await proxy.send({ path: "/pass/127.0.0.1" })).status, 200);
    await proxy.stop();
    const lines = proxy.envoy.wasmLogs.map(({ text }) => text);
    assert.deepEqual([...new Set(lines)], ["plugin: resolved ::1"]);
  });
}

test("a lookup says so where Envoy restricts what it needs", async (t) => {
  const module = await buildFilter(t, FILTER);
  const proxy = await proxyFor(t, {
    module,
    allowedCapabilities: [
      ...["proxy_on_context_create", "proxy_on_request_headers", "proxy_on_delete"],
      ...["proxy_get_header_map_value", "proxy_send_local_response", "clock_time_get"],
    ],
  });
  const { status, body } = await proxy.send({ path: "/pass/127.0.0.1" });
  assert.deepEqual([status, body], [500, "10"]);
});

// Time, environment variables and random bytes; and what a plugin sees where Envoy forbids its calls.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";

const FILTER = "conformance/filters/system.ts";

for (const [how, stress] of BUILDS) {
  test(`time, environment and random bytes come from Envoy (${how})`, async (t) => {
    const module = await buildFilter(t, FILTER, stress);
    const environment = { PLAIN: "value", EMPTY: "", ÜNÏ: "çödé=1" };
    const proxy = await proxyFor(t, { module, environment });
    const before = Date.now();
    const { body } = await proxy.send({ path: "/system" });
    const after = Date.now();
    const [nanoseconds, milliseconds, ...more] = body.split("\n");
    const rest = more.slice(0, -50);
    const uuids = new Set(more.slice(-50));
    assert.equal(uuids.size, 50);
    for (const uuid of uuids)
      assert.match(uuid, /^'[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}'$/);
    for (const time of [Number(nanoseconds), Number(milliseconds)]) {
      assert.ok(before <= time && time <= after, `${before} ${time} ${after}`);
    }
    assert.deepEqual(rest, [
      "true",
      "'value'",
      "''",
      "null",
      "null",
      "null",
      "'çödé=1'",
      "EMPTY,PLAIN,ÜNÏ",
      "5",
      // A thousand random bytes: some value is missing for sure, and all are not the same.
      rest[9],
      "true",
      "'value'",
    ]);
    assert.ok(Number(rest[9]) > 200, rest[9]);
  });
}

test("nothing traps where Envoy forbids every call but the answer to the request", async (t) => {
  const module = await buildFilter(t, FILTER);
  const proxy = await proxyFor(t, {
    module,
    environment: { PLAIN: "value" },
    allowedCapabilities: [
      "proxy_on_context_create",
      "proxy_on_vm_start",
      "proxy_on_configure",
      "proxy_on_request_headers",
      "proxy_on_delete",
      "proxy_get_header_map_value",
      "proxy_send_local_response",
    ],
  });
  for (let i = 0; i < 3; i++) {
    assert.deepEqual((await proxy.send({ path: "/forbidden" })).body.split("\n"), [
      "0 0",
      "null0",
      "true",
      "10 10",
      "true 10",
      "10 10",
      "10 true",
      "10 0",
      "10 10 0",
      "10",
      "0 0",
      "1",
      "null",
    ]);
  }
});

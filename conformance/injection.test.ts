import assert from "node:assert/strict";
import { test } from "node:test";
import { valuesOf } from "../harness/traffic/response.ts";
import { buildFilter, proxyFor } from "./support/filters.ts";

const BAD_ARGUMENT = "2";
const FILTER = "conformance/filters/injection.ts";

test("CR, LF and NUL are refused in names and values, on the request and the response side", async (t) => {
  const proxy = await proxyFor(t, { module: await buildFilter(t, FILTER) });
  const exchange = await proxy.send();
  assert.equal(exchange.status, 200);
  for (const side of ["x-on-request", "x-on-response"]) {
    const statuses = valuesOf(exchange, side).join().split(",");
    assert.equal(statuses.length, 4 * 7 + 1);
    assert.deepEqual(new Set(statuses), new Set([BAD_ARGUMENT]), side);
  }
  for (const headers of [exchange.headers, exchange.upstream?.headers ?? []]) {
    assert.deepEqual(
      headers.filter(([name, value]) => /evil|bad/.test(name + value)),
      [],
    );
  }
});

test("a local response leaves out the headers that would break it, and is sent", async (t) => {
  const proxy = await proxyFor(t, { module: await buildFilter(t, FILTER) });
  const exchange = await proxy.send({ path: "/deny" });
  assert.equal(exchange.status, 403);
  assert.equal(exchange.body, "denied\r\nx-body: fine\n");
  assert.deepEqual(valuesOf(exchange, "x-first"), ["1"]);
  assert.deepEqual(valuesOf(exchange, "x-last"), [Buffer.from("ü").toString("latin1")]);
  assert.deepEqual(
    exchange.headers.filter(([name]) => /evil|bad/.test(name)),
    [],
  );
});

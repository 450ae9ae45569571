import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { startProxy } from "../harness/proxy.ts";
import type { Exchange, Proxy } from "../harness/proxy.ts";
import { valuesOf } from "../harness/traffic/response.ts";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";
import { rawUpstream } from "./support/raw-upstream.ts";

type Headers = readonly (readonly [name: string, value: string])[];

const told = (exchange: Exchange, what: string): string | undefined => {
  const [value] = valuesOf(exchange, `x-${what}`);
  return value === undefined ? undefined : Buffer.from(value, "latin1").toString("utf8");
};

/** Without what Envoy itself adds with values that differ from request to request. */
const stable = (headers: Headers): Headers =>
  headers.filter(
    ([name]) => !/^(x-request-id|x-envoy-.*|date|server|x-failures|x-memory-pages)$/i.test(name),
  );

for (const [how, stress] of BUILDS) {
  test(`headers read and written by the SDK are exact (${how})`, async (t) => {
    const proxy = await proxyFor(t, {
      module: await buildFilter(t, "conformance/filters/headers.ts", stress),
    });
    const exchange = await proxy.send({
      headers: [
        ["x-empty", ""],
        ["X-Twice", "one"],
        ["x-bytes", Buffer.from([0xc0, 0xaf, 0x80, 0x41, 0xff])],
        ["x-twice", "two"],
      ],
    });
    assert.equal(exchange.status, 200);
    const expected: Record<string, string> = {
      "end-of-stream": "true",
      absent: "absent",
      empty: "''",
      first: "'one'",
      "any-case": "'one'",
      all: "one|two",
      "all-of-none": "0",
      bytes: "c0af8041ff",
      "no-bytes": "absent",
      "all-bytes": "1:c0af8041ff",
      has: "true|true|false",
      // Four ill-formed bytes and an A, as the Encoding Standard has it.
      undecodable: encodeURIComponent(
        new TextDecoder().decode(new Uint8Array([0xc0, 0xaf, 0x80, 0x41, 0xff])),
      ),
      each: "x-twice=one;x-twice=two;",
      entry: ":",
      "read-back": encodeURIComponent("ünïcödé 😀"),
      removed: "absent",
      "then-length": "true",
      "then-set": "absent",
      "then-first": "'one'",
      "then-all": "one|two",
      "then-empty": "''true",
      "then-bytes": "c0af8041ff",
      "then-no-bytes": "absent",
      "then-all-bytes": "c0af8041ff",
      "then-last": "x-request-id",
      long: "true",
      enabled: "false|true",
      status: "'200'",
    };
    for (const [what, value] of Object.entries(expected))
      assert.equal(told(exchange, what), value, what);
    const upstream = exchange.upstream?.headers ?? [];
    assert.deepEqual(valuesOf({ headers: upstream }, "x-set"), [
      Buffer.from("ünïcödé 😀").toString("latin1"),
    ]);
    assert.deepEqual(valuesOf({ headers: upstream }, "x-added"), ["1", "2"]);
    assert.deepEqual(valuesOf({ headers: upstream }, "x-twice"), []);
    await proxy.stop(); // Envoy's last lines are read by then
    assert.deepEqual(
      proxy.envoy.wasmLogs.map((line) => [line.level, line.text]),
      [
        ["info", "several\nlines, ünïcödé"],
        ["warn", ""],
      ],
    );
  });
}

/** Sends the same request through the filter and around it; what the upstream sees must be the same. */
async function sameUpstream(
  t: TestContext,
  through: Proxy,
  headers: readonly (readonly [string, string | Buffer])[],
): Promise<void> {
  const bare = await bareProxy(t);
  const wanted = { path: "/a?b=c", headers: [["host", "example"], ...headers] } as const;
  const [filtered, plain] = [await through.send(wanted), await bare.send(wanted)];
  assert.equal(plain.status, 200);
  assert.equal(filtered.status, 200);
  assert.deepEqual(valuesOf(filtered, "x-failures"), ["0"]);
  assert.equal(filtered.upstream?.method, plain.upstream?.method);
  assert.equal(filtered.upstream?.path, plain.upstream?.path);
  assert.deepEqual(sorted(filtered.upstream?.headers ?? []), sorted(plain.upstream?.headers ?? []));
}

/**
 * Envoy writes the headers that it knows best first: the order among equal names is what counts.
 * Long values are shown by their digest, which keeps a failure readable.
 */
const sorted = (headers: Headers): Headers =>
  stable(headers)
    .map(
      ([name, value]) =>
        [
          name,
          value.length < 1000 ? value : createHash("sha256").update(value).digest("hex"),
        ] as const,
    )
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));

/** The same Envoy without a filter. */
async function bareProxy(t: TestContext, upstreamPort?: number): Promise<Proxy> {
  const proxy = await startProxy({
    filters: [],
    ...(upstreamPort === undefined ? { limits: LIMITS } : { upstreamPort }),
  });
  t.after(() => proxy.stop());
  return proxy;
}

const LIMITS = { maxRequestHeadersKb: 8192, maxRequestHeadersCount: 6000 };

test("request headers come out byte for byte, whatever they hold", async (t) => {
  const proxy = await proxyFor(
    t,
    { module: await buildFilter(t, "conformance/filters/rewrite.ts") },
    { limits: LIMITS },
  );
  const everyByte = Buffer.from(
    Array.from({ length: 256 }, (_, byte) => byte).filter(
      (byte) => (byte > 0x20 && byte !== 0x7f) || byte === 0x09 || byte === 0x20,
    ),
  );
  await sameUpstream(t, proxy, [
    ["x-invalid", Buffer.from([0x80, 0x81, 0xc0, 0xaf, 0xed, 0xa0, 0x80, 0xf5, 0xff])],
    ["x-every", Buffer.concat([Buffer.from("a"), everyByte, Buffer.from("z")])],
    ["x-empty", ""],
    ["x-twice", "1"],
    ["x-other", "between"],
    ["x-twice", ""],
    ["x-twice", "3"],
    ["cookie", "a=b"],
    ["cookie", "c=d"],
    ["accept", "text/html, */*"],
    ["user-agent", "test"],
  ]);
});

test("five thousand headers come out", async (t) => {
  const proxy = await proxyFor(
    t,
    { module: await buildFilter(t, "conformance/filters/rewrite.ts") },
    { limits: LIMITS },
  );
  await sameUpstream(
    t,
    proxy,
    Array.from({ length: 5000 }, (_, index) => [`x-many-${index % 3500}`, `value ${index}`]),
  );
});

test("headers as large as Envoy allows come out", async (t) => {
  const proxy = await proxyFor(
    t,
    { module: await buildFilter(t, "conformance/filters/rewrite.ts") },
    { limits: LIMITS },
  );
  const large = Buffer.alloc(4 * 1024 * 1024, 0x80);
  await sameUpstream(t, proxy, [
    ["x-large", large],
    ["x-also", Buffer.alloc(3 * 1024 * 1024, 0x61)],
  ]);
});

test("response headers come out byte for byte, whatever they hold", async (t) => {
  const lines = [
    Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nx-invalid: "),
    Buffer.from([0x80, 0xc0, 0xaf, 0xff]),
    Buffer.from(
      "\r\nx-empty:\r\nset-cookie: a=b\r\nx-twice: 1\r\nset-cookie: c=d\r\nx-twice:\r\nx-large: ",
    ),
    Buffer.alloc(40 * 1024, 0xfe),
    Buffer.from("\r\n\r\nok"),
  ];
  const upstreamPort = await rawUpstream(t, Buffer.concat(lines));
  const module = await buildFilter(t, "conformance/filters/rewrite.ts");
  const around = await bareProxy(t, upstreamPort);
  const through = await proxyFor(t, { module }, { upstreamPort });
  const [filtered, plain] = [await through.send(), await around.send()];
  assert.deepEqual(valuesOf(filtered, "x-failures"), ["0"]);
  assert.deepEqual(valuesOf(plain, "x-twice"), ["1", ""]);
  assert.deepEqual(valuesOf(filtered, "x-invalid"), [
    Buffer.from([0x80, 0xc0, 0xaf, 0xff]).toString("latin1"),
  ]);
  assert.deepEqual(sorted(filtered.headers), sorted(plain.headers));
  assert.equal(filtered.body, "ok");
});

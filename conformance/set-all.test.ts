import assert from "node:assert/strict";
import { test } from "node:test";
import { valuesOf } from "../harness/traffic/response.ts";
import { buildFilter, proxyFor } from "./support/filters.ts";

test("a header map is replaced as a whole, or not at all", async (t) => {
  const proxy = await proxyFor(
    t,
    { module: await buildFilter(t, "conformance/filters/set-all.ts") },
    { limits: { maxRequestHeadersKb: 8192, maxRequestHeadersCount: 2000 } },
  );

  await t.test("what would break it is refused, and changes nothing", async () => {
    const exchange = await proxy.send({ path: "/limits" });
    assert.equal(exchange.status, 200);
    const refused = Array.from({ length: 4 * 2 + 3 }, () => "2");
    const taken = ["0", "1024", "0", String(1024 * 1024 - 34), "0", "0"];
    assert.deepEqual(valuesOf(exchange, "x-told"), [[...refused, "true", ...taken].join()]);
  });

  await t.test("its own entries make the same map", async () => {
    const headers = [
      ["x-twice", "1"],
      ["x-empty", ""],
      ["x-twice", "2"],
      ["cookie", "a=b"],
    ] as const;
    const [plain, same] = [
      await proxy.send({ path: "/plain", headers }),
      await proxy.send({ path: "/same", headers }),
    ];
    const stable = (all: readonly (readonly [string, string])[] = []) =>
      all.filter(([name]) => name !== "x-request-id" && name !== "host");
    assert.deepEqual(stable(same.upstream?.headers), stable(plain.upstream?.headers));
    assert.equal(same.upstream?.path, "/same");
  });

  await t.test("bytes that are no text stay as they are", async () => {
    const bytes = Buffer.from([0xc0, 0xaf, 0x80, 0x41, 0xff]);
    const exchange = await proxy.send({ path: "/bytes", headers: [["x-bytes", bytes]] });
    assert.deepEqual(valuesOf(exchange, "x-told"), ["2,0"]);
    const upstream = { headers: exchange.upstream?.headers ?? [] };
    assert.deepEqual(valuesOf(upstream, "x-bytes"), [bytes.toString("latin1")]);
    assert.deepEqual(valuesOf(upstream, "x-made"), ["a\xffb"]);
    assert.deepEqual(valuesOf(upstream, "x-bad"), []);
  });

  await t.test("new entries are all that is left", async () => {
    const exchange = await proxy.send({ path: "/new", headers: [["x-old", "1"]] });
    assert.equal(exchange.status, 200);
    const upstream = { headers: exchange.upstream?.headers ?? [] };
    assert.deepEqual(valuesOf(upstream, "x-old"), []);
    assert.deepEqual(valuesOf(upstream, "x-empty"), [""]);
    assert.deepEqual(valuesOf(upstream, "x-twice"), [
      "one",
      Buffer.from("ünïcödé").toString("latin1"),
    ]);
    assert.deepEqual(valuesOf(exchange, "x-twice"), ["1", "2"]);
    assert.deepEqual(valuesOf(exchange, "content-type"), []);
  });

  await t.test("a map without what HTTP needs is an error of that stream alone", async () => {
    for (const [path, status] of [
      ["/empty-request", 404],
      ["/without:method", 503],
      ["/without:path", 404],
      ["/without:authority", 400],
      ["/without:scheme", 200],
      ["/withoutx-forwarded-proto", 404],
      ["/empty-response", 502],
    ] as const) {
      assert.equal((await proxy.send({ path })).status, status, path);
    }
    assert.equal((await proxy.send({ path: "/plain" })).status, 200);
  });
});

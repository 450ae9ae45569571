// What a filter keeps, logs and counts, how it starts and how it traps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { loadFilter } from "as-proxy-wasm/testing";

test("metrics are counted, and batched ones come by the timer", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/metrics.ts");
  for (const path of ["/count", "/count", "/gauge-set", "/gauge-add", "/batch"]) {
    assert.match((await filter.request({ path })).body, /^0/);
  }
  assert.equal(await filter.metric("kinds_counter"), 10);
  assert.equal(await filter.metric("kinds_gauge"), 42);
  assert.equal(await filter.metric("nothing"), undefined);
  await filter.advance(1500);
  assert.equal(await filter.metric("kinds_batched"), 1);
});

test("a timer fires at its moment", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/plugin-life.ts", {
    configuration: "quiet",
  });
  filter.needs("virtual time");
  const stream = await filter.open({ path: "/delay" });
  await filter.advance(29);
  assert.equal(stream.response.status, 0);
  await filter.advance(1);
  assert.equal((await stream.reply).status, 200);
});

test("a timer lets a request go on, and is logged", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/plugin-life.ts", {
    configuration: "quiet",
    vmConfiguration: "ünï",
  });
  assert.deepEqual(filter.logs.texts(), ["start ünï 5 5", "configure quiet"]);
  const stream = await filter.open({ path: "/delay" });
  await filter.advance(60);
  assert.equal((await stream.reply).upstream?.path, "/delay");
  assert.equal((await filter.logs.until(/^delayed/)).text, "delayed /delay");
});

test("a plugin that refuses what it is started with is refused, with its reason", async (t) => {
  await assert.rejects(
    loadFilter(t, "conformance/filters/plugin-life.ts", { vmConfiguration: "refuse" }),
    (error: Error & { code?: string; detail?: string }) => {
      assert.equal(error.code, "ERR_FILTER_REFUSED");
      assert.match(error.detail ?? "", /start refuse/);
      return true;
    },
  );
});

test("shared data is the filter's own, and to be seen where that can be", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/shared.ts");
  for (const count of [1, 2, 3]) {
    assert.match((await filter.request({ path: "/count" })).body, /^0 1$/);
    assert.equal((await filter.request({ path: "/counted" })).body, String(count));
  }
  filter.needs("shared data");
  assert.equal(await filter.sharedData("count"), "3");
});

test("a trap is a 503, and told with its line", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/trap.ts");
  assert.equal((await filter.request({ path: "/fine" })).status, 200);
  assert.equal((await filter.request({ path: "/throw" })).status, 503);
  assert.equal((await filter.request({ path: "/fine" })).status, 503);
  assert.equal(filter.traps.length, 1);
  const [trap] = filter.traps;
  assert.equal(trap?.callback, "proxy_on_request_headers");
  assert.equal(trap.message, "thrown: ünïcödé");
  assert.equal(trap.place?.file, "conformance/filters/trap.ts");
  assert.match(trap.codeFrame ?? "", /throw new Error\("thrown: ünïcödé"\)/);
  assert.match(filter.logs.text(), /^critical: thrown: ünïcödé at /m);
});

test("headers, bodies and answers are bytes", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/rewrite.ts");
  const bytes = Buffer.from([0x80, 0xc0, 0xaf, 0xff]);
  const reply = await filter.request({
    method: "PUT",
    headers: [
      ["x-bytes", bytes],
      ["x-empty", ""],
      ["x-twice", "1"],
      ["x-twice", "2"],
    ],
    body: bytes,
    upstream: ({ bodyBytes }) => ({ headers: { "x-answer": bytes }, body: bodyBytes }),
  });
  assert.deepEqual(reply.upstream?.values("x-bytes"), [bytes.toString("latin1")]);
  assert.deepEqual(reply.upstream.values("x-empty"), [""]);
  assert.deepEqual(reply.upstream.values("X-Twice"), ["1", "2"]);
  assert.deepEqual(Buffer.from(reply.bodyBytes), bytes);
  assert.equal(reply.header("x-answer"), bytes.toString("latin1"));
  assert.equal(reply.header("x-failures"), "0");
});

test("capabilities that are not allowed are not there", async (t) => {
  const filter = await loadFilter(t, "hello", {
    allowedCapabilities: [
      "proxy_on_request_headers",
      "proxy_on_response_headers",
      "proxy_on_context_create",
      "proxy_log",
    ],
  });
  const reply = await filter.request();
  assert.equal(reply.status, 200);
  assert.equal(reply.header("x-hello"), null);
});

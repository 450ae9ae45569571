// The phases of a stream: what the path says is done in each callback, on either host.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { HeadersAction, loadFilter } from "as-proxy-wasm/testing";
import type { Filter, FilterOptions } from "as-proxy-wasm/testing";

const load = (t: TestContext, options: FilterOptions = {}): Promise<Filter> =>
  loadFilter(t, "conformance/filters/streams.ts", { rootId: "script", ...options });

/** The callbacks of a stream, as it has logged them, with what came of their steps. */
const callbacksOf = (filter: Filter, path: string): readonly string[] =>
  filter.logs
    .texts()
    .filter((line) => line.startsWith(`${path} `))
    .map((line) => line.slice(path.length + 1).trimEnd());

test("a stream runs through its callbacks, chunk by chunk, with trailers both ways", async (t) => {
  const upstream = { body: ["one", "two", "three"], trailers: { "x-answered": "yes" } };
  const filter = await load(t, { upstream });
  const reply = await filter.request({
    method: "POST",
    path: "/all",
    body: ["a", "bc"],
    trailers: { "x-asked": "yes" },
  });
  assert.equal(reply.status, 200);
  assert.equal(reply.body, "onetwothree");
  assert.equal(reply.trailer("x-answered"), "yes");
  assert.equal(reply.upstream?.body, "abc");
  assert.equal(reply.upstream.trailer("x-asked"), "yes");
  assert.deepEqual(callbacksOf(filter, "/all"), [
    "request-headers",
    "request-body",
    "request-body",
    "request-trailers",
    "response-headers",
    "response-body",
    "response-body",
    "response-body",
    "response-trailers",
    "log",
    "delete",
  ]);
});

for (const [at, upstreamSees] of [
  ["request-headers", false],
  ["request-end", true],
  ["response-headers", true],
] as const) {
  test(`a local response in ${at} is the client's answer`, async (t) => {
    const filter = await load(t);
    const path = `/${at}:answer`;
    const reply = await filter.request({ method: "POST", path, body: ["a"] });
    assert.equal(reply.status, 430);
    assert.equal(reply.body, `${at}\n`);
    // What was let through before the answer has reached the upstream.
    assert.equal(reply.upstream !== null, upstreamSees);
  });
}

test("streams go on side by side, each with its own upstream", async (t) => {
  const filter = await load(t);
  const first = await filter.open({ method: "POST", path: "/first", open: true });
  const second = await filter.open({ method: "POST", path: "/second", open: true });
  await second.send("2");
  await first.send("1");
  await first.send("1");
  await second.finish();
  const answered = await second.reply;
  assert.equal(answered.upstream?.body, "2");
  assert.equal(answered.upstream.path, "/second");
  assert.equal(first.response.status, 0);
  assert.equal(first.upstream?.body, "11");
  await first.finish();
  assert.equal((await first.reply).upstream?.path, "/first");
  assert.deepEqual(callbacksOf(filter, "/first").slice(0, 3), [
    "request-headers",
    "request-body",
    "request-body",
  ]);
});

test("a client that goes away ends its stream, and no other", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ method: "POST", path: "/gone", body: ["a"], open: true });
  await stream.reset();
  assert.equal((await stream.reply).reset, true);
  assert.deepEqual(callbacksOf(filter, "/gone"), [
    "request-headers",
    "request-body",
    "log",
    "delete",
  ]);
  assert.equal((await filter.request({ path: "/next" })).status, 200);
});

test("an upstream that breaks the connection is answered 503", async (t) => {
  const filter = await load(t);
  const reply = await filter.request({ path: "/broken", upstream: () => null });
  assert.equal(reply.status, 503);
  assert.match(reply.body, /^upstream connect error or disconnect\/reset before headers/);
});

test("a stream that nothing continues is a failure, and not for ever", async (t) => {
  const filter = await load(t, { timeout: 300 });
  await assert.rejects(
    filter.request({ path: "/request-headers:1" }),
    (error: Error & { code?: string }) =>
      /ERR_(TEST_TIMEOUT|FILTER_TRAPPED)/.test(error.code ?? ""),
  );
});

test("what a callback answers is seen where it can be", async (t) => {
  const filter = await load(t);
  filter.needs("callbacks");
  const stream = await filter.open({ method: "POST", path: "/request-headers:1", open: true });
  assert.equal(stream.action("proxy_on_request_headers"), HeadersAction.StopIteration);
  assert.equal(stream.action("proxy_on_request_body"), null);
  assert.equal(stream.upstream, null);
});

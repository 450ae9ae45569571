// Callouts, answered by the test.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { loadFilter } from "as-proxy-wasm/testing";
import type { Filter } from "as-proxy-wasm/testing";

const load = (t: TestContext): Promise<Filter> =>
  loadFilter(t, "conformance/filters/callouts.ts", { clusters: ["service"] });

test("a request waits for the answer to its callout", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: "/check/pass" });
  const callout = await filter.callout();
  assert.equal(callout.cluster, "service");
  assert.equal(callout.method, "GET");
  assert.equal(callout.path, "/check/pass");
  assert.equal(callout.header("host"), "service.example");
  assert.equal(stream.upstream, null);
  await callout.respond({ body: "fine" });
  const reply = await stream.reply;
  assert.equal(reply.status, 200);
  assert.equal(reply.upstream?.header("x-checked"), "fine");
  assert.equal(await filter.metric("callouts_answers"), 1);
});

test("callouts are answered in any order, and each answer is its stream's", async (t) => {
  const filter = await load(t);
  const one = await filter.open({ path: "/check/one" });
  const two = await filter.open({ path: "/check/two" });
  const [first, second] = [await filter.callout(), await filter.callout()];
  assert.deepEqual([first.path, second.path], ["/check/one", "/check/two"]);
  await second.respond({ status: 401, body: "no" });
  const denied = await two.reply;
  assert.deepEqual([denied.status, denied.body], [403, "denied: no /check/two"]);
  assert.equal(one.response.status, 0);
  await first.respond({ body: "yes" });
  assert.equal((await one.reply).upstream?.header("x-checked"), "yes");
});

test("a service that breaks the connection is told", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: "/fails/close" });
  await (await filter.callout()).fail();
  const broken = "upstream connect error or disconnect/reset before headers. reset reason:";
  assert.equal(
    (await stream.reply).body,
    `/fails/close: failure 2 ${broken} connection termination`,
  );
});

test("a service that does not answer in time is told, whoever's time it is", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: "/fails/hang" });
  await filter.callout();
  await filter.advance(150);
  assert.equal((await stream.reply).body, "/fails/hang: failure 1 upstream request timeout");
});

test("a cluster that is not there, and what HTTP does not allow, is refused", async (t) => {
  const filter = await load(t);
  const { body } = await filter.request({ path: "/refusals" });
  assert.deepEqual(body.split("\n"), new Array<string>(14).fill("refused 2"));
});

test("waiting for a callout that is not made is a failure", async (t) => {
  const filter = await loadFilter(t, "conformance/filters/callouts.ts", { timeout: 200 });
  await assert.rejects(filter.callout(), { code: "ERR_TEST_TIMEOUT" });
});

// gRPC calls and streams of a filter, answered by the test, on either host.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { loadFilter } from "as-proxy-wasm/testing";
import type { Filter, FilterOptions } from "as-proxy-wasm/testing";

const load = (t: TestContext, options: FilterOptions = {}): Promise<Filter> =>
  loadFilter(t, "conformance/filters/grpc.ts", {
    grpcClusters: ["service", "upstream"],
    ...options,
  });

const CALL = "/call?cluster=service&method=Unary&message=";
const CHAT = "/chat?cluster=service&method=Chat&message=";
const OPENED = ["unopened 1", "open 0", "twice 2", "send 0"];

test("a call is answered with a message", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: `${CALL}hello` });
  const call = await filter.grpcCallout();
  assert.equal(call.cluster, "service");
  assert.equal(call.authority, "service");
  assert.equal(call.service, "test.Service");
  assert.equal(call.method, "Unary");
  assert.deepEqual(call.metadata, [
    ["x-sent", `${CALL}hello`],
    ["x-empty", ""],
  ]);
  assert.equal(call.header("X-Sent"), `${CALL}hello`);
  assert.equal(call.header("x-other"), null);
  assert.deepEqual(call.texts, ["hello"]);
  assert.equal(call.ended, true);
  assert.equal(stream.response.status, 0);
  await call.respond("welcome");
  assert.equal(call.cancelled, false);
  assert.equal((await stream.reply).body, "sent 0\nresponse 7 748 welcome");
  // What is over is over.
  await call.close({ status: 1 });
});

test("a call fails with the service's code and message, in the characters that gRPC sends", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: `${CALL}x` });
  const call = await filter.grpcCallout();
  await assert.rejects(call.close({ status: 17 }), { code: "ERR_USAGE" });
  await call.close({ status: 7, message: "you may not, 100%: ü", trailers: { "x-why": "so" } });
  assert.equal(
    (await stream.reply).body,
    "sent 0\nfailure 7 you may not, 100%25: %C3%BC{via_upstream}",
  );
});

test("calls that are under way at once are answered in any order", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: "/parallel?cluster=service&method=Unary" });
  const calls = [];
  for (let count = 0; count < 5; count++) calls.push(await filter.grpcCallout());
  const byMessage = calls.sort((one, other) => Number(one.texts[0]) - Number(other.texts[0]));
  assert.deepEqual(
    byMessage.map(({ texts }) => texts),
    [["0"], ["1"], ["2"], ["3"], ["4"]],
  );
  const [zero, one, two, three, four] = byMessage;
  await four?.respond("four");
  await two?.close({ status: 5, message: "none" });
  // Each has a connection of its own: the others go on.
  await three?.fail();
  await zero?.respond("zero");
  await one?.respond();
  const sent = new Array<string>(5).fill("sent 0");
  const broken = "upstream connect error or disconnect/reset before headers. reset reason:";
  assert.deepEqual((await stream.reply).body.split("\n"), [
    ...sent,
    "response 4 444 four",
    "failure 5 none{via_upstream}",
    `failure 14 ${broken} connection termination{upstream_reset_before_response_started{connection_termination}}`,
    "response 4 448 zero",
    "response 0 0 ",
  ]);
});

test("a stream has initial metadata, messages both ways, and an end with trailers", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: `${CHAT}first` });
  const chat = await filter.grpcCallout();
  assert.deepEqual(chat.texts, ["first"]);
  assert.equal(chat.ended, false);
  await chat.begin({ "x-initial": "one" });
  await chat.send("hello");
  await chat.send("again");
  assert.deepEqual(chat.texts, ["first", "end-me"]);
  await chat.close({ trailers: { "x-trailing": "two" } });
  assert.deepEqual((await stream.reply).body.split("\n"), [
    ...OPENED,
    ...["initial one", "change 2", "message hello", "message again", "send 0"],
    ...["trailing two", "close 0 via_upstream", "after 1", "after 1 1"],
  ]);
});

test("a stream that is refused at once tells its code and trailers", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: `${CHAT}first` });
  const chat = await filter.grpcCallout();
  await chat.close({ status: 16, message: "who are you?", trailers: { "x-trailing": "two" } });
  assert.deepEqual((await stream.reply).body.split("\n"), [
    ...OPENED,
    ...["initial none", "change 2", "trailing two", "close 16 who are you?{via_upstream}"],
    ...["after 1", "after 1 1"],
  ]);
});

test("a stream whose connection breaks in the middle is told", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: `${CHAT}first` });
  const chat = await filter.grpcCallout();
  await chat.send("hello");
  await chat.fail();
  assert.deepEqual((await stream.reply).body.split("\n"), [
    ...OPENED,
    ...["initial none", "change 2", "message hello"],
    ...["trailing none", "close 13 upstream_reset_after_response_started{connection_termination}"],
    ...["after 1", "after 1 1"],
  ]);
});

test("a call whose connection breaks behind its message is told, and the message is not", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: `${CALL}x` });
  const call = await filter.grpcCallout();
  await call.send("half an answer");
  await call.fail();
  const { body } = await stream.reply;
  assert.equal(
    body,
    "sent 0\nfailure 13 upstream_reset_after_response_started{connection_termination}",
  );
});

test("the filter's end is seen, and what it breaks off", async (t) => {
  const filter = await load(t);
  const ending = await filter.open({ path: `${CHAT}x&end=half` });
  const ended = await filter.grpcCallout();
  assert.deepEqual([ended.texts, ended.ended, ended.cancelled], [["x"], true, false]);
  await ended.close();
  assert.equal((await ending.reply).status, 200);

  const cancelling = await filter.open({ path: `${CHAT}x` });
  const chat = await filter.grpcCallout();
  await chat.send("cancel");
  assert.equal(chat.cancelled, true);
  assert.match((await cancelling.reply).body, /\nmessage cancel\ncancel 0 1\nsend 1$/);
  // Nobody listens any more.
  await chat.send("more");
});

test("a call that is not answered in time is told, and broken off", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: "/short?cluster=service&method=Unary&message=x" });
  const call = await filter.grpcCallout();
  await filter.advance(150);
  assert.equal(call.cancelled, true);
  const { body } = await stream.reply;
  assert.equal(body, "sent 0\nfailure 14 upstream request timeout{response_timeout}");
});

test("messages are bytes, as large as they are, and clusters may have any name", async (t) => {
  const filter = await load(t);
  const stream = await filter.open({ path: "/large?cluster=upstream&method=Unary" });
  const call = await filter.grpcCallout();
  assert.equal(call.cluster, "upstream");
  assert.equal(call.messages[0]?.length, 1 << 20);
  await call.respond(call.messages[0]);
  assert.equal((await stream.reply).body, `sent 0\nresponse ${1 << 20} ${7 << 20} `);
});

test("waiting for a call that is not made is a failure that names the option", async (t) => {
  const filter = await load(t, { timeout: 200 });
  await assert.rejects(filter.grpcCallout(), (error: Error & { code?: string; hint?: string }) => {
    assert.equal(error.code, "ERR_TEST_TIMEOUT");
    assert.match(error.hint ?? "", /`grpcClusters`/);
    return true;
  });
});

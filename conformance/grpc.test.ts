import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Proxy } from "../harness/proxy.ts";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";
import { grpcServer } from "./support/grpc-server.ts";
import type { GrpcServer } from "./support/grpc-server.ts";

const FILTER = "conformance/filters/grpc.ts";

async function start(
  t: TestContext,
  module: string,
): Promise<{ server: GrpcServer; proxy: Proxy }> {
  const server = await grpcServer(t);
  const host = "127.0.0.1";
  const clusters = [
    { name: "service", host, port: server.port, http2: true },
    // Nothing listens on the port of TCP's port service multiplexer.
    { name: "refused", host, port: 1, http2: true },
  ];
  return { server, proxy: await proxyFor(t, { module }, { clusters }) };
}

/** The lines that a stream has answered with. */
async function transcript(proxy: Proxy, path: string): Promise<string[]> {
  const { status, body } = await proxy.send({ path });
  assert.equal(status, 200, body);
  return body.split("\n");
}

const CHAT = "/chat?cluster=service&method=Chat";
const CALL = "/call?cluster=service&method=Unary";

for (const [how, stress] of BUILDS) {
  test(`unary calls and streams of all ends, with a real gRPC service (${how})`, async (t) => {
    const { server, proxy } = await start(t, await buildFilter(t, FILTER, stress));
    const call = (message: string): Promise<string[]> =>
      transcript(proxy, `${CALL}&message=${message}`);
    assert.deepEqual(await call("hello"), ["sent 0", "response 5 532 hello"]);
    assert.deepEqual(await call("empty"), ["sent 0", "response 0 0 "]);
    assert.deepEqual(await call("deny"), [
      "sent 0",
      "failure 7 you%20may%20not:%20%C3%BC{via_upstream}",
    ]);
    const [, metadata = ""] = await call("metadata");
    assert.ok(metadata.endsWith(` ["${CALL}&message=metadata"],[""]`), metadata);
    assert.match((await call("host"))[1] ?? "", / service$/);
    assert.match((await call("host&authority=other.example"))[1] ?? "", / other\.example$/);
    assert.deepEqual(await transcript(proxy, "/call?cluster=service&method=None"), [
      "sent 0",
      "failure 12 The server does not implement the method /test.Service/None{via_upstream}",
    ]);
    assert.deepEqual(await transcript(proxy, "/large?cluster=service&method=Unary"), [
      "sent 0",
      `response ${1 << 20} ${7 << 20} `,
    ]);
    const parallel = await transcript(proxy, "/parallel?cluster=service&method=Unary");
    assert.deepEqual(parallel.sort(), [
      ...[0, 1, 2, 3, 4].map((index) => `response 1 ${48 + index} ${index}`),
      ...new Array<string>(5).fill("sent 0"),
    ]);
    assert.deepEqual(
      await transcript(proxy, "/refused?cluster=service&method=Unary"),
      new Array<string>(5).fill("sent 2"),
    );

    const chat = (message: string): Promise<string[]> =>
      transcript(proxy, `${CHAT}&message=${message}`);
    const opened = ["unopened 1", "open 0", "twice 2", "send 0"];
    const over = async (path: string): Promise<string[]> => {
      const lines = await chat(path);
      // Whoever closes first, the host forgets the stream: else its token would lead to freed memory.
      assert.deepEqual(await transcript(proxy, "/over"), ["host 1"], path);
      return lines;
    };
    const begun = ["initial one", "change 2"];
    const ended = ["trailing two", "close 0 OK{via_upstream}", "after 1", "after 1 1"];
    assert.deepEqual(await over("end-me"), [...opened, ...begun, ...ended]);
    assert.deepEqual(await over("again"), [
      ...[...opened, ...begun, "message again", "send 0", ...ended],
    ]);
    assert.deepEqual(await over("x&end=flag"), [
      ...[...opened, "send 2", ...begun, "message x", ...ended],
    ]);
    assert.deepEqual(await over("x&end=half"), [
      ...[...opened, "half 0 2", ...begun, "message x", ...ended],
    ]);
    assert.deepEqual(await over("&end=half"), [
      ...[...opened, "half 0 2", ...begun, "message ", ...ended],
    ]);
    assert.deepEqual(await over("fail-me"), [
      ...[...opened, ...begun, "trailing two", "close 10 as%20asked{via_upstream}"],
      ...["after 1", "after 1 1"],
    ]);
    assert.deepEqual(await chat("cancel"), [
      ...[...opened, ...begun, "message cancel", "cancel 0 1", "send 1"],
    ]);
    assert.deepEqual(server.cancelled, []);
  });
}

test("each code of gRPC comes as the service has given it", async (t) => {
  const { proxy } = await start(t, await buildFilter(t, FILTER));
  for (let code = 1; code <= 16; code++) {
    assert.deepEqual(await transcript(proxy, `${CALL}&message=code-${code}`), [
      "sent 0",
      `failure ${code} asked{via_upstream}`,
    ]);
  }
});

test("a call that is too late, cancelled or has no service says so", async (t) => {
  const { server, proxy } = await start(t, await buildFilter(t, FILTER));
  const short = await transcript(proxy, "/short?cluster=service&method=Unary&message=hang");
  // The service learns of the time limit too: whoever is first ends the call.
  const late =
    /^failure (4 Deadline%20exceeded\{via_upstream\}|14 upstream request timeout\{response_timeout\})$/;
  assert.match(short[1] ?? "", late);
  await server.untilCancelled(1);
  assert.deepEqual(
    await transcript(proxy, "/cancelled?cluster=service&method=Unary&message=hang"),
    ["sent 0", "twice 2", "cancel 0 1"],
  );
  const refused = /upstream connect error .* reset reason: remote connection failure/;
  const [sent, failure = ""] = await transcript(proxy, "/call?cluster=refused&method=Unary");
  assert.equal(sent, "sent 0");
  assert.match(failure, refused);
  assert.match(failure, /^failure 14 /);
  const chat = await transcript(proxy, "/chat?cluster=refused&method=Chat");
  const close = chat.find((line) => line.startsWith("close 14 "));
  assert.match(close ?? "", refused);
  assert.deepEqual(await transcript(proxy, "/call?cluster=nowhere&method=Unary"), ["sent 10"]);
  assert.deepEqual(await transcript(proxy, "/chat?cluster=nowhere&method=Chat"), [
    "unopened 1",
    "open 10",
  ]);
  // A name that parses as a GrpcService message, and one of more than 127 bytes.
  for (const cluster of ["%0A%03abc", "c".repeat(300)])
    assert.deepEqual(await transcript(proxy, `/call?cluster=${cluster}&method=Unary`), ["sent 10"]);
});

const STREAMS = 200;

test("what belongs to a stream that dies is cancelled at the service, and nobody else's", async (t) => {
  const { server, proxy } = await start(t, await buildFilter(t, FILTER));
  const sockets = Array.from({ length: STREAMS }, (_, index) => {
    const socket = connect({ host: "127.0.0.1", port: proxy.port, noDelay: true });
    const path = `${index % 2 === 0 ? CALL : CHAT}&message=hang`;
    socket.write(`GET ${path} HTTP/1.1\r\nhost: example\r\n\r\n`);
    return socket;
  });
  await server.untilHanging(STREAMS);
  // Those that stay are answered neither before nor after.
  const strays: string[] = [];
  for (const socket of sockets) socket.on("data", (chunk) => strays.push(chunk.toString()));
  for (const socket of sockets.slice(0, STREAMS / 2)) socket.destroy();
  await server.untilCancelled(STREAMS / 2);
  assert.deepEqual(await transcript(proxy, `${CALL}&message=hello`), [
    "sent 0",
    "response 5 532 hello",
  ]);
  assert.equal(server.cancelled.length, STREAMS / 2);
  assert.equal(server.cancelled.filter((what) => what === "chat").length, STREAMS / 4);
  assert.deepEqual(strays, []);
  for (const socket of sockets) socket.destroy();
  await server.untilCancelled(STREAMS);
});

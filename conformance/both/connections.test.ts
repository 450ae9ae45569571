// TCP connections through filters, on either host.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { NetworkAction, loadFilter, tcpEcho } from "as-proxy-wasm/testing";
import type { Connection, Filter, FilterOptions } from "as-proxy-wasm/testing";

const load = (t: TestContext, rootId: string, options: FilterOptions = {}): Promise<Filter> =>
  loadFilter(t, "conformance/filters/tcp.ts", { rootId, ...options });

/** What connections have told, without their clients' ports. */
const told = (filter: Filter): readonly string[] =>
  filter.logs.texts().map((line) => line.replace(/^\d+ /, ""));

test("a filter edits what passes in pieces, both ways, and each half close", async (t) => {
  const filter = await load(t, "edit");
  assert.equal(filter.protocol, "tcp");
  const connection = await filter.connect();
  await connection.send("Ab");
  assert.equal(connection.upstream?.received, "begin:aB");
  assert.equal(connection.received, "re:BEGIN:Ab");
  await connection.send("C");
  await connection.end();
  assert.equal(connection.upstream.received, "begin:aBc:end");
  assert.equal(connection.upstream.ended, true);
  assert.equal(connection.received, "re:BEGIN:AbC:END:er");
  assert.equal(connection.ended, true);
  assert.equal(connection.wasReset, false);
});

test("bytes that a filter holds are handed over later, with those that follow", async (t) => {
  const filter = await load(t, "hold");
  const connection = await filter.connect({ upstream: {} });
  await connection.send("par");
  assert.equal(connection.upstream?.received, "");
  await connection.send("tial\n");
  assert.equal(connection.upstream.received, "8 partial\n");
  await connection.upstream.send("an ");
  assert.equal(connection.received, "");
  await connection.upstream.send("answer\n");
  assert.equal(connection.received, "an answer\n");
  assert.equal(await filter.metric("tcp_held"), 2);
});

test("a connection that waits reaches no server before a timer lets it go on", async (t) => {
  const filter = await load(t, "wait");
  const connection = await filter.connect();
  filter.needs("virtual time");
  await connection.send("early");
  const tooEarly = connection.upstream;
  assert.equal(tooEarly, null);
  await filter.advance(1);
  assert.equal(connection.upstream?.received, "early");
});

test("a timer lets a connection go on, whoever's time it is", async (t) => {
  const filter = await load(t, "wait");
  const connection = await filter.connect();
  await connection.send("early");
  await filter.advance(50);
  assert.equal(connection.upstream?.received, "early");
  assert.equal(connection.received, "early");
});

test("a filter that the client or the server tells to close closes both ends", async (t) => {
  const filter = await load(t, "close", { tcpUpstream: {} });
  for (const [command, from] of [
    ["close downstream", "client"],
    ["close upstream", "client"],
    ["close downstream", "server"],
  ] as const) {
    const before = filter.logs.lines.length;
    const connection = await filter.connect();
    await (from === "client" ? connection.send(command) : connection.upstream?.send(command));
    assert.equal(connection.ended, true);
    assert.equal(connection.wasReset, false);
    assert.equal(connection.upstream?.ended, true);
    const closed = ["new", "downstream closed by 1", "log", "delete"];
    assert.deepEqual(told(filter).slice(before), closed);
    // Lost, as on any connection that is gone.
    await connection.send("too late");
    await connection.upstream.send("too late");
    assert.equal(connection.wasReset, false);
    assert.equal(connection.received.includes("too late"), false);
    await connection.end();
  }
});

test("each side ends by itself, and goes on to receive", async (t) => {
  const filter = await load(t, "close", { tcpUpstream: {} });
  const byClient = await filter.connect();
  await byClient.send("hi");
  await byClient.end();
  assert.deepEqual([byClient.upstream?.received, byClient.upstream?.ended], ["hi", true]);
  assert.equal(byClient.ended, false);
  await byClient.upstream?.send("bye");
  await byClient.upstream?.end();
  assert.deepEqual([byClient.received, byClient.ended], ["bye", true]);
  const UPSTREAM = "upstream closed by 0"; // unknown
  const end = ["log", "delete"];
  assert.deepEqual(told(filter), ["new", UPSTREAM, "downstream closed by 1", ...end]);

  const byServer = await filter.connect();
  await byServer.upstream?.end();
  assert.deepEqual([byServer.ended, byServer.upstream?.ended], [true, false]);
  await byServer.send("still there");
  assert.equal(byServer.upstream?.received, "still there");
  await byServer.end();
  assert.equal(byServer.upstream.ended, true);
  assert.deepEqual(told(filter).slice(5), ["new", UPSTREAM, "downstream closed by 2", ...end]);
});

test("connections go on side by side, each with its own server and its own bytes", async (t) => {
  const filter = await load(t, "edit");
  const first = await filter.connect();
  const second = await filter.connect({
    upstream: {
      connected: (socket) => {
        socket.send("220 hello\r\n");
      },
      data: (bytes, socket) => {
        socket.send(bytes.length.toString());
      },
    },
  });
  const third = await filter.connect({ upstream: tcpEcho });
  await third.send("3");
  await first.send("one");
  await second.send("two");
  await first.send("more");
  assert.equal(second.received, "re:220 HELLO\r\n9");
  assert.equal(first.upstream?.received, "begin:ONEMORE");
  assert.equal(second.upstream?.received, "begin:TWO");
  assert.equal(third.received, "re:BEGIN:3");
  await second.reset();
  await third.end();
  assert.equal(third.received, "re:BEGIN:3:END:er");
  await first.send("!");
  assert.equal(first.received, "re:BEGIN:onemore!");
});

test("a connection that one side breaks is broken for the other", async (t) => {
  const filter = await load(t, "close", { tcpUpstream: {} });
  const byClient = await filter.connect();
  await byClient.send("hi");
  await byClient.reset();
  assert.deepEqual([byClient.wasReset, byClient.ended], [true, true]);
  assert.equal(byClient.upstream?.ended, true);
  assert.deepEqual(told(filter), ["new", "downstream closed by 2", "log", "delete"]);
  const byServer = await filter.connect();
  await byServer.upstream?.reset();
  assert.deepEqual([byServer.wasReset, byServer.ended], [true, true]);
  assert.deepEqual(told(filter).slice(4), ["new", "downstream closed by 1", "log", "delete"]);
});

test("a server is told of the end, whoever closes, and not of a break", async (t) => {
  const ends: string[] = [];
  const filter = await load(t, "close");
  const connect = (name: string): Promise<Connection> =>
    filter.connect({
      upstream: {
        end: () => {
          ends.push(name);
        },
      },
    });
  const byFilter = await connect("filter");
  await byFilter.send("close downstream");
  const byClient = await connect("client");
  await byClient.end();
  const broken = await connect("broken");
  await broken.reset();
  assert.deepEqual(ends, ["filter", "client"]);
});

test("a server that nobody has started ends the connection", async (t) => {
  const filter = await load(t, "close", { tcpUpstream: null });
  const connection = await filter.connect();
  assert.equal(connection.ended, true);
  assert.equal(connection.upstream, null);
  assert.deepEqual(told(filter), ["new", "downstream closed by 1", "log", "delete"]);
  await assert.rejects(filter.connect({ upstream: tcpEcho }), { code: "ERR_USAGE" });
});

test("a connection carries bytes, and more of them than fit a buffer", async (t) => {
  const filter = await load(t, "close");
  const connection = await filter.connect();
  const bytes = Buffer.from(Array.from({ length: 1 << 19 }, (_, index) => (index * 7) & 0xff));
  await connection.send(bytes);
  assert.ok(bytes.equals(connection.receivedBytes));
  assert.ok(bytes.equals(connection.upstream?.receivedBytes ?? new Uint8Array(0)));
});

test("what a server of the test throws is the test's", async (t) => {
  const filter = await load(t, "close");
  const connection = await filter.connect({
    upstream: {
      data: () => {
        throw new Error("the server's own mistake");
      },
    },
  });
  await assert.rejects(connection.send("x"), /the server's own mistake/);
});

test("an end that has ended its side does not send", async (t) => {
  const filter = await load(t, "close", { tcpUpstream: {} });
  const connection = await filter.connect();
  await connection.end();
  await assert.rejects(connection.send("more"), { code: "ERR_USAGE" });
  await connection.upstream?.end();
  await assert.rejects(async () => connection.upstream?.send("more"), { code: "ERR_USAGE" });
  await connection.end();
});

test("what a callback of a connection answers is seen where it can be", async (t) => {
  const filter = await load(t, "hold");
  const connection = await filter.connect();
  await connection.send("no line yet");
  filter.needs("callbacks");
  assert.equal(connection.action("proxy_on_downstream_data"), NetworkAction.StopIteration);
  await connection.send("\n");
  assert.equal(connection.action("proxy_on_downstream_data"), NetworkAction.Continue);
  assert.equal(connection.calls["proxy_set_buffer_bytes"], 1);
  assert.deepEqual(
    connection.callbacks.map(({ callback }) => callback),
    [
      ...["proxy_on_context_create", "proxy_on_new_connection"],
      ...["proxy_on_downstream_data", "proxy_on_downstream_data", "proxy_on_upstream_data"],
    ],
  );
});

test("a filter is sent what it filters, and nothing else", async (t) => {
  const tcp = await load(t, "close");
  await assert.rejects(tcp.request(), {
    code: "ERR_USAGE",
    message: "the filter is loaded for TCP, and not for HTTP",
    hint: 'Send it something by filter.connect(); if the module has a filter of HTTP too, load that with { protocol: "http" }.',
  });
  await assert.rejects(tcp.open(), { code: "ERR_USAGE" });
  const http = await loadFilter(t, "hello");
  assert.equal(http.protocol, "http");
  await assert.rejects(http.connect(), { code: "ERR_USAGE" });
  await assert.rejects(load(t, "close", { protocol: "http" }), {
    code: "ERR_USAGE",
    message: "the filter has callbacks of TCP and none of HTTP",
  });
  await assert.rejects(load(t, "close", { upstream: { status: 200 } }), { code: "ERR_USAGE" });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkAction } from "./index.ts";
import type { TcpConnection, TcpUpstream } from "./index.ts";
import { Guest, RESULT, hostOf } from "./testing.ts";

const DOWNSTREAM = 2;

function bytes(guest: Guest, type: number): string {
  return guest.tellResult(`(call $proxy_get_buffer_bytes ${Guest.numbers(type, 0, -1)} ${RESULT})`);
}

test("a connection passes the filter both ways, and its end is told in Envoy's order", async (t) => {
  const guest = new Guest();
  for (const name of ["proxy_on_context_create", "proxy_on_log", "proxy_on_delete"]) {
    guest.on(name, guest.log(name));
  }
  guest.on("proxy_on_done", guest.log("proxy_on_done"), 1);
  guest.on("proxy_on_new_connection", guest.log("new"));
  guest.on("proxy_on_downstream_data", bytes(guest, DOWNSTREAM));
  guest.on("proxy_on_upstream_data", bytes(guest, 3));
  guest.on("proxy_on_upstream_connection_close", guest.log("upstream closed"));
  guest.on("proxy_on_downstream_connection_close", guest.log("downstream closed"));
  const host = await hostOf(t, guest);
  const client = host.connect();
  client.send("hello");
  assert.equal(client.upstream?.received, "hello");
  assert.equal(client.received, "hello");
  client.end();
  assert.equal(client.closed, true);
  assert.equal(client.reset, false);
  assert.deepEqual(host.logs.texts(), [
    "proxy_on_context_create",
    ...["proxy_on_context_create", "new"],
    ...["00", "hello", "00", "hello", "00", "", "00", ""],
    ...["upstream closed", "downstream closed"],
    ...["proxy_on_done", "proxy_on_log", "proxy_on_delete"],
  ]);
  assert.equal(client.calls["proxy_get_buffer_bytes"], 4);
  assert.equal(client.action("proxy_on_downstream_data"), NetworkAction.Continue);
});

test("bytes that are held stay, and are handed over with those that follow", async (t) => {
  const guest = new Guest();
  guest.on(
    "proxy_on_downstream_data",
    `${bytes(guest, DOWNSTREAM)} (if (i32.lt_u (local.get 1) (i32.const 6)) (then (return (i32.const 1))))`,
  );
  const host = await hostOf(t, guest);
  const client = host.connect();
  client.send("one");
  const { upstream } = client;
  assert.equal(upstream?.received, "");
  client.send("two");
  assert.equal(upstream.received, "onetwo");
  assert.deepEqual(host.logs.texts(), ["00", "one", "00", "onetwo"]);
});

test("a connection that a filter stops reaches no upstream before a timer continues it", async (t) => {
  const guest = new Guest();
  guest.on("proxy_on_new_connection", "", NetworkAction.StopIteration);
  guest.on(
    "proxy_on_configure",
    "(drop (call $proxy_set_tick_period_milliseconds (i32.const 10)))",
    1,
  );
  guest.on(
    "proxy_on_tick",
    `${guest.tell("(call $proxy_set_effective_context (i32.const 2))")} ${guest.tell("(call $proxy_continue_stream (i32.const 2))")}`,
  );
  const host = await hostOf(t, guest);
  const client = host.connect();
  client.send("early");
  const tooEarly = client.upstream;
  assert.equal(tooEarly, null);
  host.advance(10);
  assert.equal(client.upstream?.received, "early");
  assert.equal(client.received, "early");
});

test("a server may speak first, end and break; nobody who listens closes the connection", async (t) => {
  const guest = new Guest();
  guest.on(
    "proxy_on_downstream_connection_close",
    `(if (i32.eq (local.get 1) (i32.const 1)) (then ${guest.log("local")}))`,
  );
  const host = await hostOf(t, guest);
  const greeting: TcpUpstream = {
    connected: (socket) => {
      socket.send("220 hello\r\n");
    },
  };
  const greeted = host.connect({ upstream: greeting });
  assert.equal(greeted.received, "220 hello\r\n");
  greeted.upstream?.end("bye");
  assert.equal(greeted.received, "220 hello\r\nbye");
  assert.equal(greeted.ended, true);
  assert.equal(greeted.closed, false);
  const broken = host.connect();
  broken.upstream?.reset();
  assert.deepEqual([broken.closed, broken.reset], [true, true]);
  const refused = host.connect({ upstream: null });
  assert.deepEqual([refused.closed, refused.upstream], [true, null]);
  assert.deepEqual(host.logs.texts(), ["local", "local"]);
});

test("a trap closes the connection, and the next one at once", async (t) => {
  const guest = new Guest();
  guest.on("proxy_on_downstream_data", "(unreachable)");
  const host = await hostOf(t, guest);
  const first = host.connect();
  first.send("x");
  assert.deepEqual([first.closed, first.received], [true, ""]);
  assert.equal(host.failures[0]?.callback, "proxy_on_downstream_data");
  assert.equal(host.connect().closed, true);
});

test("what was let through before the filter closes the connection reaches the server", async (t) => {
  const guest = new Guest();
  guest.on(
    "proxy_on_downstream_data",
    guest.tell("(call $proxy_continue_stream (i32.const 2))") +
      guest.tell("(call $proxy_close_stream (i32.const 2))"),
    NetworkAction.StopIteration,
  );
  const host = await hostOf(t, guest);
  const client = host.connect();
  client.send("last words");
  assert.deepEqual(
    [client.closed, client.upstream?.closed, client.upstream?.received, client.received],
    [true, true, "last words", ""],
  );
});

test("a server is told of the end when the connection is closed, and not when it is broken", async (t) => {
  const guest = new Guest();
  guest.on(
    "proxy_on_downstream_data",
    `(if (local.get 1) (then ${guest.tell("(call $proxy_close_stream (i32.const 2))")}))`,
  );
  const ends: string[] = [];
  const host = await hostOf(t, guest);
  const connect = (name: string): TcpConnection =>
    host.connect({ upstream: { end: (socket) => ends.push(`${name}: ${socket.received}`) } });
  const closed = connect("closed");
  closed.send("what the filter closes for");
  assert.deepEqual([closed.upstream?.ended, closed.upstream?.closed], [true, true]);
  const broken = connect("broken");
  broken.break();
  assert.deepEqual([broken.upstream?.ended, broken.upstream?.closed], [false, true]);
  connect("by itself").upstream?.reset();
  assert.deepEqual(ends, ["closed: "]);
});

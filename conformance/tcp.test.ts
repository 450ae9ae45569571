import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap } from "../harness/envoy/bootstrap.ts";
import type { WasmFilterSpec } from "../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { startEnvoy } from "../harness/envoy/process.ts";
import type { RunningEnvoy } from "../harness/envoy/process.ts";
import type { Stress } from "../sdk/compiler/runtime-library.ts";
import { BUILDS, buildFilter } from "./support/filters.ts";
import { TcpClient, tcpServer } from "./support/tcp.ts";

/** What the upstream has received on each connection, in the order of the connections. */
interface Upstream {
  readonly connections: { received: string; readonly socket: Socket }[];
  readonly port: number;
}

/** Answers each piece with itself; the end with `bye` and its own end. */
async function echoServer(t: TestContext): Promise<Upstream> {
  const connections: Upstream["connections"] = [];
  const port = await tcpServer(t, (socket) => {
    const connection = { received: "", socket };
    connections.push(connection);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      connection.received += chunk;
      socket.write(chunk, "latin1");
    });
    socket.on("end", () => socket.end("bye"));
  });
  return { connections, port };
}

async function start(
  t: TestContext,
  stress: Stress = {},
  more: readonly WasmFilterSpec[] = [],
): Promise<{ envoy: RunningEnvoy; upstream: Upstream }> {
  const upstream = await echoServer(t);
  const module = await buildFilter(t, "conformance/filters/tcp.ts", stress);
  const envoy = await startEnvoy({
    binary: (await locateEnvoy({})).path,
    bootstrap: bootstrap({
      listeners: [],
      tcpListeners: [
        ...["edit", "hold", "wait", "close"].map((name) => ({
          name,
          filters: [{ name, module, rootId: name, vmId: "tcp" }],
          cluster: "upstream",
        })),
        ...more.map((filter) => ({ name: filter.name, filters: [filter], cluster: "upstream" })),
      ],
      clusters: [{ name: "upstream", host: "127.0.0.1", port: upstream.port }],
    }),
  });
  t.after(() => envoy.stop());
  return { envoy, upstream };
}

/** Waits until a counter of the filter has a value. */
async function counted(envoy: RunningEnvoy, name: string, value: number): Promise<void> {
  const stat = `wasmcustom.${name}`;
  while (((await envoy.stats(stat)).get(stat) ?? 0) < value) await sleep(10);
}

for (const [how, stress] of BUILDS) {
  test(`TCP filters edit both directions of many connections, each with its own state (${how})`, async (t) => {
    const { envoy, upstream } = await start(t, stress);
    const sizes = Array.from({ length: 50 }, (_, index) => index * 997);
    const results = await Promise.all(
      sizes.map(async (size) => {
        const client = await TcpClient.open(t, envoy.port("edit"));
        const text = `${String(size)}|${"xY".repeat(size)}|`;
        client.send(text);
        client.socket.end();
        return { text, received: await client.closed };
      }),
    );
    const turn = (text: string): string =>
      text.replace(/[a-z]/gi, (c) => String.fromCharCode(c.charCodeAt(0) ^ 0x20));
    for (const { text, received } of results) {
      const sent = `begin:${turn(text)}:end`;
      assert.ok(upstream.connections.some((each) => each.received === sent));
      assert.equal(received, `re:${turn(`${sent}bye`)}:er`);
    }
  });
}

test("a TCP filter holds the bytes of both directions until it lets them go on", async (t) => {
  const shared = await buildFilter(t, "conformance/filters/tcp-shared.ts");
  const { envoy, upstream } = await start(t, {}, [{ name: "shared", module: shared }]);
  const client = await TcpClient.open(t, envoy.port("hold"));
  client.send("par");
  await counted(envoy, "tcp_held", 1);
  assert.equal(upstream.connections.map((each) => each.received).join(""), "");
  client.send("tial\n");
  await client.until("8 partial\n");
  // The upstream's bytes are held too.
  const socket = upstream.connections[0]?.socket;
  assert.ok(socket);
  socket.write("to the ");
  await counted(envoy, "tcp_held", 2);
  assert.equal(client.received, "8 partial\n");
  socket.write("client\n");
  await client.until("to the client\n");
  assert.equal(client.received, "8 partial\nto the client\n");

  const other = await TcpClient.open(t, envoy.port("hold"));
  other.send("continue\n");
  await other.until("9 continue\n");

  const waiting = await TcpClient.open(t, envoy.port("wait"));
  waiting.send("after a while");
  await waiting.until("after a while");

  const shouting = await TcpClient.open(t, envoy.port("shared"));
  shouting.send("hello");
  await shouting.until("HELLO");
});

test("TCP filters close connections, and are told who closed them", async (t) => {
  const { envoy, upstream } = await start(t);
  const port = envoy.port("close");
  const lives = new Map<number, string[]>();
  /** Opens a connection that is to live as told; `end` answers the other end's end. */
  const open = async (...life: string[]): Promise<TcpClient> => {
    const client = await TcpClient.open(t, port);
    client.socket.once("end", () => client.socket.end());
    lives.set(client.socket.localPort ?? 0, ["new", ...life, "log", "delete"]);
    return client;
  };
  const UPSTREAM = "upstream closed by 0"; // unknown
  const LOCAL = "downstream closed by 1";
  const REMOTE = "downstream closed by 2";

  const byClient = await open(UPSTREAM, LOCAL);
  byClient.send("hi");
  await byClient.until("hi");
  byClient.socket.end();
  assert.equal(await byClient.closed, "hibye", "a half-close leaves the other direction open");

  const byUpstream = await open(UPSTREAM, REMOTE);
  byUpstream.send("hi");
  await byUpstream.until("hi");
  upstream.connections.at(-1)?.socket.end();
  assert.equal(await byUpstream.closed, "hi");

  for (const command of ["close downstream", "close upstream"]) {
    const byFilter = await open(LOCAL);
    byFilter.send(command);
    await byFilter.closed;
  }

  const byReset = await open(REMOTE);
  byReset.send("hi");
  await byReset.until("hi");
  const behind = upstream.connections.at(-1)?.socket;
  assert.ok(behind);
  // Not events.once, which would fail where the upstream is reset in turn.
  const gone = new Promise((resolve) => behind.once("close", resolve));
  byReset.socket.resetAndDestroy();
  await gone;

  await envoy.stop();
  const lines = envoy.wasmLogs.map((line) => line.text);
  for (const [from, life] of lives) {
    assert.deepEqual(
      lines.filter((line) => line.startsWith(`${from} `)),
      life.map((what) => `${from} ${what}`),
    );
  }
});

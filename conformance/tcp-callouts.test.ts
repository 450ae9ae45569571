// Callouts that belong to TCP connections.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap } from "../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { startEnvoy } from "../harness/envoy/process.ts";
import { BUILDS, buildFilter } from "./support/filters.ts";
import { heldService } from "./support/held-service.ts";
import { TcpClient, tcpServer } from "./support/tcp.ts";

const NAMES = Array.from({ length: 20 }, (_, index) => `name-${index}`);
const refused = (name: string): boolean => name.endsWith("0");
const leaves = (name: string): boolean => name.endsWith("5");

for (const [how, stress] of BUILDS) {
  test(`the callouts of TCP connections are answered each to its own, and to none that is gone (${how})`, async (t) => {
    const service = await heldService(t);
    let upstreamReceived = "";
    const upstream = await tcpServer(t, (socket) => {
      socket.on("data", (chunk) => {
        upstreamReceived += chunk.toString("latin1");
        socket.write(chunk);
      });
      socket.on("end", () => socket.end());
    });
    const host = "127.0.0.1";
    const module = await buildFilter(t, "conformance/filters/tcp-callouts.ts", stress);
    const envoy = await startEnvoy({
      binary: (await locateEnvoy({})).path,
      bootstrap: bootstrap({
        listeners: [],
        tcpListeners: [
          { name: "tcp", filters: [{ name: "guarded", module }], cluster: "upstream" },
        ],
        clusters: [
          { name: "upstream", host, port: upstream },
          { name: "service", host, port: service.port, http2: true },
        ],
      }),
    });
    t.after(() => envoy.stop());
    /** Waits until the filter has logged that so many connections are closed. */
    const untilClosed = async (count: number): Promise<void> => {
      while (envoy.wasmLogs.filter(({ text }) => text.includes(" closed ")).length < count)
        await sleep(10);
    };

    const clients = await Promise.all(
      NAMES.map(async (name) => {
        const client = await TcpClient.open(t, envoy.port("tcp"));
        client.send(name);
        return { name, client };
      }),
    );
    await service.untilHeld(NAMES.length);
    assert.equal(upstreamReceived, "", "all wait");
    const leaving = clients.filter(({ name }) => leaves(name));
    for (const { client } of leaving) client.socket.resetAndDestroy();
    await untilClosed(leaving.length);
    service.answerAll();
    for (const { name, client } of clients) {
      if (leaves(name)) continue;
      if (refused(name)) {
        if (!client.socket.readableEnded) await once(client.socket, "end");
        client.socket.end();
        assert.equal(await client.closed, "");
      } else {
        await client.until(`${name}:${name}`);
        client.send("|more");
        await client.until(`${name}:|more`);
        assert.equal(client.received, `${name}:${name}${name}:|more`);
        client.socket.end();
      }
    }
    await untilClosed(NAMES.length);
    assert.deepEqual(
      envoy.wasmLogs.map(({ text }) => text).sort(),
      NAMES.map((name) => `${name} closed with '${leaves(name) ? "" : name}'`).sort(),
    );
  });
}

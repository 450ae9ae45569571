import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { bootstrap } from "../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { startEnvoy } from "../harness/envoy/process.ts";
import { guardedFolder } from "../harness/guarded-folder.ts";
import { Guest, NUMBER_AT } from "../sdk/host/testing.ts";
import { builtFilter } from "./support/built.ts";
import { buildFilter } from "./support/filters.ts";
import { hostFor } from "./support/host-proxy.ts";
import { metadataFrame, sharedSocket } from "./support/http2-metadata.ts";

/** An upstream that answers each request with a METADATA frame of three entries in the middle of its body. */
async function upstream(t: TestContext): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const http2 = createHttp2Server();
    http2.on("stream", (stream) => {
      stream.resume();
      stream.on("end", () => {
        stream.respond({ ":status": 200 });
        stream.write("ans", () => {
          socket.write(metadataFrame(stream.id ?? 0, { a: "1", b: "2", c: "3" }));
          stream.end("wer");
        });
      });
    });
    http2.emit("connection", sharedSocket(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** What the filter logs of them. */
const SEEN = ["request 2", "request 1", "response 3"];

/** Sends a request with two METADATA frames in the middle of its body; resolves with the answer. */
async function send(port: number): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  const session = connectHttp2("http://example", { createConnection: () => sharedSocket(socket) });
  const request = session.request({ ":method": "POST", ":path": "/" });
  await new Promise((written) => request.write("bo", written));
  socket.write(metadataFrame(1, { a: "1", b: "2" }));
  socket.write(metadataFrame(1, { c: "3" }));
  request.end("dy");
  let text = "";
  for await (const chunk of request) text += String(chunk);
  session.destroy();
  return text;
}

/** How long a filter holds a request. */
const HELD_MS = 60;

/** Logs what it is called for; its headers' answer stops the request until its timer lets it go on. */
function holding(answer: number): Uint8Array {
  const guest = new Guest({ more: "(global $stream (mut i32) (i32.const 0))" });
  const size = `(i32.store (i32.const ${NUMBER_AT}) (local.get 1)) ${guest.tellNumber("(i32.const 0)")}`;
  for (const name of ["request_metadata", "request_body", "response_headers"]) {
    guest.on(`proxy_on_${name}`, guest.log(name) + size);
  }
  guest.on(
    "proxy_on_request_headers",
    `${guest.log("request_headers")} (global.set $stream (local.get 0))
     (drop (call $proxy_set_tick_period_milliseconds (i32.const ${HELD_MS})))`,
    answer,
  );
  guest.on(
    "proxy_on_tick",
    `${guest.log("tick")} (drop (call $proxy_set_tick_period_milliseconds (i32.const 0)))
     (drop (call $proxy_set_effective_context (global.get $stream)))
     (drop (call $proxy_continue_stream (i32.const 0)))`,
  );
  return guest.wasm();
}

/** All that stops, and the headers alone. */
const ANSWERS = [4, 1];

test("METADATA frames of HTTP/2 reach the filter as a number of entries, both ways", async (t) => {
  const module = await buildFilter(t, "conformance/filters/http2-metadata.ts");
  const folder = await guardedFolder();
  t.after(() => folder.remove());
  const upstreamCluster = { kind: "cluster", cluster: "upstream" } as const;
  const holders = await Promise.all(
    ANSWERS.map(async (answer) => {
      const name = `holding-${answer}`;
      const path = join(folder.path, `${name}.wasm`);
      await writeFile(path, holding(answer));
      const filter = { name, module: path, allowOnHeadersStopIteration: true };
      return { name, metadata: true, filters: [filter], upstream: upstreamCluster };
    }),
  );
  const envoy = await startEnvoy({
    binary: (await locateEnvoy({})).path,
    bootstrap: bootstrap({
      listeners: [
        {
          name: "metadata",
          metadata: true,
          filters: [{ name: "metadata", module }],
          upstream: upstreamCluster,
        },
        ...holders,
      ],
      clusters: [{ name: "upstream", host: "127.0.0.1", port: await upstream(t), http2: true }],
    }),
  });
  t.after(() => envoy.stop());
  assert.equal(await send(envoy.port("metadata")), "answer");
  for (const { name } of holders) assert.equal(await send(envoy.port(name)), "answer");
  await envoy.stop();
  const seenBy = (name: string): readonly string[] =>
    envoy.wasmLogs.filter(({ plugin }) => plugin === name).map(({ text }) => text);
  assert.deepEqual(seenBy("metadata"), SEEN);
  for (const answer of ANSWERS) {
    const host = await hostFor(t, {
      wasm: holding(answer),
      upstream: { body: ["answer"], metadata: [{ a: "1" }] },
    });
    const exchange = host.open({ method: "POST", body: ["bo"], open: true });
    exchange.sendMetadata({ a: "1", b: "2" });
    exchange.sendMetadata({ c: "3" });
    exchange.send("dy");
    exchange.finish();
    host.advance(HELD_MS);
    assert.equal((await exchange.reply).status, 200);
    // The host tells the end apart from the last bytes, as HTTP/1 does; HTTP/2 does not here.
    const until = (lines: readonly string[]): string =>
      lines
        .slice(0, lines.indexOf("response_headers"))
        .join(" ")
        .replace(" request_body 00 00000000", "");
    const inEnvoy = until(seenBy(`holding-${answer}`));
    assert.match(inEnvoy, /request_metadata 00 00000002 request_metadata 00 00000001/);
    assert.equal(until(host.logs.texts()), inEnvoy);
  }
});

test("on the host METADATA reaches the filter as it does in Envoy", async (t) => {
  const host = await hostFor(t, {
    wasm: await builtFilter("conformance/filters/http2-metadata.ts"),
    upstream: { body: ["ans", "wer"], metadata: [{ a: "1", b: "2", c: "3" }] },
  });
  const exchange = host.open({ method: "POST", body: ["bo"], open: true });
  exchange.sendMetadata({ a: "1", b: "2" });
  exchange.sendMetadata({ c: "3" });
  exchange.send("dy");
  exchange.finish();
  const { body, upstream: sent } = await exchange.reply;
  assert.deepEqual([body, sent?.body], ["answer", "body"]);
  assert.deepEqual(host.logs.texts(), SEEN);
});

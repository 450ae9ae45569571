import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectHttp2, createServer as createHttp2Server } from "node:http2";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { bootstrap } from "../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { startEnvoy } from "../harness/envoy/process.ts";
import { buildFilter } from "./support/filters.ts";
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

test("METADATA frames of HTTP/2 reach the filter as a number of entries, both ways", async (t) => {
  const module = await buildFilter(t, "conformance/filters/http2-metadata.ts");
  const envoy = await startEnvoy({
    binary: (await locateEnvoy({})).path,
    bootstrap: bootstrap({
      listeners: [
        {
          name: "metadata",
          metadata: true,
          filters: [{ name: "metadata", module }],
          upstream: { kind: "cluster", cluster: "upstream" },
        },
      ],
      clusters: [{ name: "upstream", host: "127.0.0.1", port: await upstream(t), http2: true }],
    }),
  });
  t.after(() => envoy.stop());
  assert.equal(await send(envoy.port("metadata")), "answer");
  await envoy.stop();
  assert.deepEqual(
    envoy.wasmLogs.map(({ text }) => text),
    ["request 2", "request 1", "response 3"],
  );
});

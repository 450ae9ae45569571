// What a service of the network does at the wrong moment, or never; conformance/host-services.test.ts has the rest.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { ToolError } from "../../errors.ts";
import type { Header } from "../http/header-map.ts";
import { createHost } from "../index.ts";
import { encodePairs } from "../pairs.ts";
import { Guest, NUMBER_AT, hostOf } from "../testing.ts";

async function listening(
  t: TestContext,
  server: Server,
): Promise<{ name: string; host: string; port: number }> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { name: "service", host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

/** A guest that asks the service and waits; `answered` is what it does with the answer. */
function asking(answered: string, further: readonly Header[] = []): Guest {
  const guest = new Guest();
  const own: Header[] = [
    [":method", "GET"],
    [":path", "/a"],
    [":authority", "b"],
  ];
  const replaced = own.map((header) => further.find(([name]) => name === header[0]) ?? header);
  const headers = encodePairs([...replaced, ...further.filter(([name]) => !name.startsWith(":"))]);
  const pairs = guest.text(Buffer.from(headers).toString("latin1"));
  guest.on(
    "proxy_on_request_headers",
    `(drop (call $proxy_http_call ${guest.text("service")} ${pairs} ${Guest.numbers(0, 0, 0, 0, 5000, NUMBER_AT)}))`,
    4,
  );
  return guest.on("proxy_on_http_call_response", answered);
}

/** Lets the request go on that waits for the answer. */
const RESUME = `(drop (call $proxy_set_effective_context (i32.const 2)))
  (drop (call $proxy_continue_stream (i32.const 0)))`;

test("an answer whose callback never returns fails who waits for the response, and nothing else", async (t) => {
  const service = await listening(
    t,
    createServer((_request, response) => response.end("answered")),
  );
  const guest = asking("(loop $for_ever (br $for_ever))");
  const host = await hostOf(t, guest, { services: [service], timeLimit: 200 });
  await assert.rejects(host.request(), /proxy_on_http_call_response did not return within 200 ms/);
  assert.match(host.problems.join(), /did not return/);
});

test("a service that never answers is left when the host is closed", async (t) => {
  const server = createServer();
  const service = await listening(t, server);
  const host = await createHost({ wasm: asking("").wasm(), services: [service] });
  const exchange = host.open();
  const [request] = (await once(server, "request")) as [{ socket: NodeJS.EventEmitter }];
  const closed = once(request.socket, "close");
  await host.close();
  await closed;
  await assert.rejects(exchange.reply, /never continued it/);
});

test("a callout that no HTTP client would send fails, and nothing else does", async (t) => {
  const service = await listening(
    t,
    createServer((_request, response) => response.end("answered")),
  );
  const cases: readonly Header[] = [
    ["x y", "1"],
    [":method", "G E T"],
    [":path", "/a b"],
    [":path", "/\u00e9"],
  ];
  for (const http2 of [false, true]) {
    for (const header of cases) {
      const guest = asking(RESUME, [header]);
      const host = await hostOf(t, guest, { services: [{ ...service, http2 }], clusters: [] });
      const reply = await host.request();
      assert.equal(reply.status, 200, `${http2 ? "HTTP/2" : "HTTP/1.1"}, ${header.join(": ")}`);
      assert.deepEqual(host.failures, []);
    }
  }
});

test("a service without an address is refused, by its name", async () => {
  const wasm = new Guest().wasm();
  for (const port of [0, -1, 65_536, 1.5]) {
    await assert.rejects(
      createHost({ wasm, services: [{ name: "auth", host: "127.0.0.1", port }] }),
      (error) => error instanceof ToolError && error.message.includes("the service auth has no"),
    );
  }
});

// Callouts of the host to real services: what a filter hears of them, and what they are sent, is what it is
// in Envoy.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { guardedFolder } from "../harness/guarded-folder.ts";
import { encodePairs } from "../sdk/host/pairs.ts";
import { Guest, NUMBER_AT, RESULT } from "../sdk/host/testing.ts";
import { builtFilter } from "./support/built.ts";
import { buildFilter, proxyFor } from "./support/filters.ts";
import { hostFor } from "./support/host-proxy.ts";
import { rawUpstream } from "./support/raw-upstream.ts";
import { startService } from "./support/service.ts";

const FILTER = "conformance/filters/callouts.ts";
const HEADERS = [
  ["host", "example"],
  ["x-request-id", "1e023880-dce8-40ab-8449-ee42cd419754"],
] as const;
const PATHS = [
  ...["pass", "deny"].map((each) => `/check/${each}`),
  ...["close", "half", "503", "504"].map((each) => `/fails/${each}`),
  ...["empty", "text", "binary", "large", "trailers", "none"].map((each) => `/whole/${each}`),
  ...["/kept", "/parallel", "/chain", "/refusals"],
];

test("callouts to real services end the same on the host and in Envoy", async (t) => {
  const service = await startService(t);
  const module = await buildFilter(t, FILTER);
  const envoy = await proxyFor(t, { module }, { clusters: service.clusters });
  const host = await hostFor(t, {
    wasm: await builtFilter(FILTER),
    clusters: [],
    services: service.clusters,
  });
  const lines = (body: string): readonly string[] => body.split("\n").sort();
  for (const path of PATHS) {
    const real = await envoy.send({ path, headers: HEADERS });
    const sentByEnvoy = service.received.splice(0);
    const { body, status } = await host.request({ path, headers: HEADERS });
    const sentByHost = service.received.splice(0);
    assert.equal(status, real.status, path);
    assert.deepEqual(lines(body), lines(real.body), path);
    // Each on a connection of its own: they come in any order.
    const sent = (all: typeof sentByHost): readonly string[] =>
      all
        .map(({ body: bytes, headers, path: to }) => {
          const pairs = headers.map(([name, value]) => `${name.toLowerCase()}: ${value}`);
          return [to, bytes.toString("latin1"), ...pairs.sort()].join("\n");
        })
        .sort();
    assert.deepEqual(sent(sentByHost), sent(sentByEnvoy), path);
  }
  const refused = await host.request({ path: "/fails/refused" });
  assert.match(refused.body, /reset reason: remote connection failure$/);
  const stream = host.open({ path: "/fails/hang" });
  await service.untilReceived(1);
  host.advance(60_000);
  assert.equal((await stream.reply).body, "/fails/hang: failure 1 upstream request timeout");
  assert.deepEqual(host.problems, []);
});

/** As a service may write them: in capitals, twice, with spaces, with trailers behind chunks. */
const ANSWERS = [
  "HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nX-Twice: 1\r\nconnection: keep-alive\r\nx-twice:  2 \r\nx-empty:\r\nx-bytes: \xff\x80\r\nset-cookie: a\r\nset-cookie: b\r\n\r\nab",
  "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\nvary: a\r\nvary: b\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
  "HTTP/1.1 204 Nothing\r\nserver: its own\r\ndate: today\r\n\r\n",
];

test("a callout's answer has the headers, in the order, that it has in Envoy", async (t) => {
  const guest = new Guest({ more: "(global $stream (mut i32) (i32.const 0))" });
  const asked = encodePairs([
    [":method", "GET"],
    [":path", "/a"],
    [":authority", "b"],
  ]);
  const pairs = guest.text(Buffer.from(asked).toString("latin1"));
  guest.on(
    "proxy_on_request_headers",
    `(global.set $stream (local.get 0))
     (drop (call $proxy_http_call ${guest.text("service")} ${pairs} ${Guest.numbers(0, 0, 0, 0, 5000, NUMBER_AT)}))`,
    4,
  );
  guest.on(
    "proxy_on_http_call_response",
    `${guest.tellResult(`(call $proxy_get_header_map_pairs ${Guest.numbers(6)} ${RESULT})`)}
     ${guest.tellResult(`(call $proxy_get_buffer_bytes ${Guest.numbers(4, 0, -1)} ${RESULT})`)}
     (drop (call $proxy_set_effective_context (global.get $stream)))
     (drop (call $proxy_continue_stream (i32.const 0)))`,
  );
  let asks = 0;
  const port = await rawUpstream(t, () =>
    Buffer.from(ANSWERS[asks++ % ANSWERS.length] ?? "", "latin1"),
  );
  const services = [{ name: "service", host: "127.0.0.1", port }];
  const folder = await guardedFolder();
  t.after(() => folder.remove());
  const module = join(folder.path, "guest.wasm");
  await writeFile(module, guest.wasm());
  const envoy = await proxyFor(t, { module }, { clusters: services });
  const host = await hostFor(t, { wasm: guest.wasm(), services });
  for (let each = 0; each < ANSWERS.length; each++) await envoy.send();
  for (let each = 0; each < ANSWERS.length; each++) await host.request();
  await envoy.stop();
  // How long the service took is by chance, and so is the size of that number before the names.
  const stable = (text: string): string =>
    text.replace(/^.*(?=:status)/s, "").replace(/(?<=-service-time\0)\d+/, "0");
  assert.deepEqual(
    host.logs.texts().map(stable),
    envoy.envoy.wasmLogs.map(({ text }) => stable(text)),
  );
  assert.equal(host.logs.lines.length, 4 * ANSWERS.length);
});

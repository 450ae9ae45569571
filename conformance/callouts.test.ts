import assert from "node:assert/strict";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { Exchange, Proxy } from "../harness/proxy.ts";
import { valuesOf } from "../harness/traffic/response.ts";
import { envoySince } from "./support/envoy-version.ts";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";
import { startService } from "./support/service.ts";
import type { Service } from "./support/service.ts";

const FILTER = "conformance/filters/callouts.ts";
const SHARED = "conformance/filters/callouts-shared.ts";

async function start(
  t: TestContext,
  module: string,
  configuration = "",
): Promise<{ service: Service; proxy: Proxy }> {
  const service = await startService(t);
  const proxy = await proxyFor(t, { module, configuration }, { clusters: service.clusters });
  return { service, proxy };
}

/** The lines that a stream has answered with. */
async function transcript(proxy: Proxy, path: string): Promise<string[]> {
  const { status, body } = await proxy.send({ path });
  assert.equal(status, 200, body);
  return body.split("\n");
}

const sent = (exchange: Exchange, name: string): readonly string[] =>
  valuesOf({ headers: exchange.upstream?.headers ?? [] }, name);

for (const [how, stress] of BUILDS) {
  test(`callouts of all kinds do what their stream asks for (${how})`, async (t) => {
    const { service, proxy } = await start(t, await buildFilter(t, FILTER, stress));

    const passed = await proxy.send({ path: "/check/pass" });
    assert.equal(passed.status, 200);
    assert.deepEqual(sent(passed, "x-checked"), ["/check/pass"]);
    assert.deepEqual(sent(passed, "x-stream"), ["/check/pass"]);
    const denied = await proxy.send({ path: "/check/deny" });
    assert.equal(denied.status, 403);
    assert.equal(denied.body, "denied: /check/deny /check/deny");

    const parallel = await transcript(proxy, "/parallel");
    assert.deepEqual(
      parallel.sort((a, b) => parseInt(a) - parseInt(b)),
      Array.from({ length: 20 }, (_, index) => `${index}: 200 /echo/${index}`),
    );
    assert.deepEqual(await transcript(proxy, "/chain"), [
      "failure 2",
      ...Array.from({ length: 19 }, (_, index) => `/echo/${19 - index}`),
    ]);
    const refusals = await transcript(proxy, "/refusals");
    assert.deepEqual(refusals, new Array<string>(14).fill("refused 2"));
    const [response] = valuesOf(await proxy.send({ path: "/response" }), "x-asked");
    assert.equal(response, "/echo/response");
    assert.ok(!service.received.some(({ headers }) => headers.some(([name]) => /evil/.test(name))));
  });
}

test("a timeout, a broken connection and a broken answer are failures, an answer of 5xx is none", async (t) => {
  const { proxy } = await start(t, await buildFilter(t, FILTER));
  // Since 1.39 Envoy keeps to itself what the system said of the connection.
  const why = (await envoySince("1.39"))
    ? ""
    : ", transport failure reason: delayed connect error: Connection refused";
  const broken = "upstream connect error or disconnect/reset before headers. reset reason:";
  for (const [path, expected] of [
    ["/fails/hang", "failure 1 upstream request timeout"],
    ["/fails/close", `failure 2 ${broken} connection termination`],
    ["/fails/refused", `failure 2 ${broken} remote connection failure${why}`],
    ["/fails/half", "failure 3 the response broke off"],
    ["/fails/halfhang", "failure 3 the response broke off"],
    ["/fails/503", "503 its own"],
    ["/fails/504", "504 its own"],
  ] as const) {
    assert.deepEqual(await transcript(proxy, path), [`${path}: ${expected}`]);
  }
});

test("requests and answers go over byte for byte, with and without headers, body and trailers", async (t) => {
  const { service, proxy } = await start(t, await buildFilter(t, FILTER));
  const sumOf = (bytes: Uint8Array): number =>
    bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) >>> 0, 0);
  const cases: readonly (readonly [string, Buffer])[] = [
    ["/empty", Buffer.alloc(0)],
    ["/text", Buffer.from("ünïcödé")],
    ["/binary", Buffer.from([0, 1, 0xff, 0xfe, 0])],
    ["/large", Buffer.alloc(1 << 20, 7)],
    ["/trailers", Buffer.from("with trailers")],
  ];
  for (const [path, body] of cases) {
    const lines = await transcript(proxy, `/whole${path}`);
    const received = service.received.at(-1);
    assert.ok(received);
    assert.equal(received.path, path);
    assert.ok(received.body.equals(body), path);
    const values = (name: string): readonly string[] => valuesOf(received, name);
    assert.deepEqual(values("x-text"), [Buffer.from("ü").toString("latin1")]);
    assert.deepEqual(values("x-empty"), [""]);
    assert.deepEqual(values("x-bytes")[0], "\xff\x80A");
    assert.equal(values("x-twice").join(), "1,2");
    const answered = body.length === 0 ? Buffer.from(path) : body;
    const [trailer, trailers] = path === "/trailers" ? ["'t'", "1"] : ["null", "0"];
    assert.deepEqual(lines, [
      `size ${answered.length} ${answered.length}`,
      `sum ${sumOf(answered)}`,
      "header 'ü'",
      "empty ''",
      "none null",
      "status '200'",
      `trailer ${trailer}`,
      `trailers ${trailers}`,
      "change 2222",
    ]);
    // Envoy takes a request's trailers, and does not send them.
    assert.deepEqual({ ...received.trailers }, {});
  }
  assert.deepEqual((await transcript(proxy, "/whole/none")).slice(0, 3), [
    "size 0 0",
    "sum 0",
    "header null",
  ]);
  assert.deepEqual(await transcript(proxy, "/kept"), ["kept 0", "null"], "nothing is left of it");
});

test("a callout of a stream that is over is sent, and not called back", async (t) => {
  const { service, proxy } = await start(t, await buildFilter(t, FILTER));
  assert.equal((await proxy.send({ path: "/logged" })).status, 200);
  await service.untilReceived(2);
  assert.deepEqual(service.received.map(({ path }) => path).sort(), ["/deleted", "/logged"]);
  // Their answers have reached Envoy when that of a later one has been handled.
  assert.equal((await proxy.send({ path: "/check/pass" })).status, 200);
  assert.equal(await answersOf(proxy), 1);
});

async function answersOf(proxy: Proxy): Promise<number | undefined> {
  const name = "wasmcustom.callouts_answers";
  return (await proxy.envoy.stats(name)).get(name);
}

const STREAMS = 1000;

/** What a client without an end of its own has received, once its response is whole. */
function head(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      const length = /\r\ncontent-length: (\d+)/.exec(text)?.[1];
      if (end > 0 && length !== undefined && text.length >= end + 4 + Number(length)) resolve(text);
    });
    socket.on("error", reject);
    socket.on("close", () => {
      reject(new Error(`closed after '${text}'`));
    });
  });
}

for (const [kind, filter, rounds] of [
  ["with fields", FILTER, 3],
  ["that is shared", SHARED, 1],
] as const) {
  test(`of ${STREAMS} streams in flight half may die, and the others get their own answers (a filter ${kind})`, async (t) => {
    const { service, proxy } = await start(t, await buildFilter(t, filter));
    const pages: number[] = [];
    for (let round = 0; round < rounds; round++) {
      service.hold();
      const before = service.received.length;
      const sockets = Array.from({ length: STREAMS }, (_, index) => {
        const socket = connect({ host: "127.0.0.1", port: proxy.port, noDelay: true });
        const end = index % 4 < 2 ? "deny" : "pass";
        socket.write(`GET /check/${end}/${round}/${index} HTTP/1.1\r\nhost: example\r\n\r\n`);
        return socket;
      });
      await service.untilReceived(before + STREAMS);
      for (const [index, socket] of sockets.entries()) if (index % 2 === 1) socket.destroy();
      while ((await activeOf(proxy)) > STREAMS / 2);
      const responses = sockets.filter((_, index) => index % 2 === 0).map(head);
      service.release();
      for (const [at, response] of (await Promise.all(responses)).entries()) {
        const index = 2 * at;
        const path = `/check/${index % 4 < 2 ? "deny" : "pass"}/${round}/${index}`;
        if (path.includes("deny")) {
          assert.match(response, new RegExp(`^HTTP/1.1 403 [^]*denied: ${path} ${path}$`));
          pages[round] = Number(/x-memory-pages: (\d+)/.exec(response)?.[1]);
        } else {
          assert.match(response, new RegExp(`^HTTP/1.1 200 [^]*"x-checked",\\s*"${path}"`));
          assert.match(response, new RegExp(`"x-stream",\\s*"${path}"`));
        }
      }
      for (const socket of sockets) socket.destroy();
      assert.equal(await answersOf(proxy), ((round + 1) * STREAMS) / 2);
    }
    assert.equal(pages[rounds - 1], pages[1] ?? pages[0], "what died leaves nothing behind");
  });
}

async function activeOf(proxy: Proxy): Promise<number> {
  const name = "http.proxy.downstream_rq_active";
  return (await proxy.envoy.stats(name)).get(name) ?? 0;
}

for (const [when, configuration] of [
  ["when it is configured", "ask"],
  ["when a timer of it runs", "later"],
] as const) {
  test(`a plugin may send callouts ${when}, and from their answers`, async (t) => {
    const { proxy } = await start(t, await buildFilter(t, FILTER), configuration);
    // Three in a row in the main thread's VM and in the worker's.
    while ((await answersOf(proxy)) !== 6);
    await proxy.stop();
    const lines = proxy.envoy.wasmLogs.map(({ text }) => text);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith("plugin: sent 0")),
      new Array<string>(6).fill("plugin: 200 /echo/plugin"),
    );
  });
}

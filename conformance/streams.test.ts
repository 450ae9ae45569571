// Answers, resets and continuations at every point of a stream, also where Envoy itself would crash:
// one Envoy goes through it all, and is the same at the end.
import assert from "node:assert/strict";
import { connect } from "node:http2";
import type { IncomingHttpHeaders } from "node:http2";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { RunningEnvoy } from "../harness/envoy/process.ts";
import { request } from "../harness/traffic/client.ts";
import { valuesOf } from "../harness/traffic/response.ts";
import type { RawResponse } from "../harness/traffic/response.ts";
import { bodyUpstream } from "./support/body-upstream.ts";
import { CHUNKED, chunked } from "./support/chunked.ts";
import { BUILDS, buildFilter } from "./support/filters.ts";
import { envoyWith } from "./support/listeners.ts";

/** What the client gets: a status and a body (`*`: whatever the upstream says), or a reset. */
type Outcome = readonly [status: number, body: string] | "reset";

interface Case {
  /** For each callback the steps of `filters/streams.ts`. */
  readonly script: string;
  readonly outcome: Outcome;
  /** What came of the steps, by callback. */
  readonly steps?: Readonly<Record<string, string>>;
  /** Sent chunked, with trailers. Default: no body. */
  readonly body?: readonly string[];
  /** Makes the upstream's response end with trailers. */
  readonly responseTrailers?: true;
}

const BODY = ["hel", "lo"];
const OK = [200, "*"] as const;
/** `Status.BadArgument`: the SDK kept the call from Envoy. */
const REFUSED = 2;

const CASES: readonly Case[] = [
  { script: "none", outcome: OK },
  { script: "none", outcome: OK, body: BODY, responseTrailers: true },

  // An answer of the filter's own, at each point.
  { script: "request-headers:answer", outcome: [430, "request-headers\n"] },
  { script: "request-headers:answer", outcome: [430, "request-headers\n"], body: BODY },
  { script: "request-body:answer", outcome: [430, "request-body\n"], body: BODY },
  { script: "request-trailers:answer", outcome: [430, "request-trailers\n"], body: BODY },
  { script: "request-headers:1;request-body:answer", outcome: [430, "request-body\n"], body: BODY },
  { script: "request-headers:answer-bytes", outcome: [430, "\0\0\0"] },
  { script: "response-headers:answer", outcome: [430, "response-headers\n"] },
  { script: "response-headers:1;response-body:answer", outcome: [430, "response-body\n"] },
  // The response's headers have gone already.
  { script: "response-body:answer", outcome: "reset" },
  { script: "response-trailers:answer", outcome: "reset", responseTrailers: true },

  // The second answer is dropped: in the same callback, where it would crash Envoy in a response
  // callback, and in a callback for the first one.
  {
    script: "request-headers:answer,answer",
    outcome: [430, "request-headers\n"],
    steps: { "request-headers": "answer=1,answer=0" },
  },
  {
    script: "request-body:answer,answer,answer",
    outcome: [430, "request-body\n"],
    body: BODY,
  },
  {
    script: "response-headers:answer,answer",
    outcome: [430, "response-headers\n"],
    steps: { "response-headers": "answer=1,answer=0" },
  },
  {
    script: "response-headers:1;response-body:answer,answer",
    outcome: [430, "response-body\n"],
    steps: { "response-body": "answer=1,answer=0" },
  },
  {
    script: "request-headers:answer;response-headers:answer",
    outcome: [430, "request-headers\n"],
    steps: { "response-headers": "answer=0" },
  },
  {
    script: "request-headers:answer;response-headers:answer,answer;response-end:answer",
    outcome: [430, "request-headers\n"],
    steps: { "response-headers": "answer=0,answer=0", "response-end": "answer=0" },
  },
  {
    script: "request-body:answer;response-headers:answer;response-end:close-request",
    outcome: [430, "request-body\n"],
    body: BODY,
    steps: { "response-headers": "answer=0", "response-end": `close-request=${REFUSED}` },
  },

  // In the last callbacks an answer would call them again without end, and a reset crash Envoy.
  { script: "log:answer", outcome: OK, steps: { log: "answer=0" } },
  { script: "delete:answer", outcome: OK, steps: { delete: "answer=0" } },
  {
    script: "log:close-request,close-response,continue-request,continue-response",
    outcome: OK,
    steps: {
      log: `close-request=${REFUSED},close-response=${REFUSED},continue-request=${REFUSED},continue-response=${REFUSED}`,
    },
  },
  {
    script: "delete:close-request,continue-response",
    outcome: OK,
    steps: { delete: `close-request=${REFUSED},continue-response=${REFUSED}` },
  },

  // Resets, at each point, once.
  { script: "request-headers:close-request", outcome: "reset" },
  { script: "request-body:close-request", outcome: "reset", body: BODY },
  { script: "request-trailers:close-request,1", outcome: "reset", body: BODY },
  { script: "response-headers:close-response", outcome: "reset" },
  { script: "response-body:close-response", outcome: "reset" },
  {
    script: "request-headers:close-request,close-request,answer,close-response",
    outcome: "reset",
    steps: {
      "request-headers": `close-request=0,close-request=${REFUSED},answer=0,close-response=${REFUSED}`,
    },
  },
  {
    script: "response-headers:close-request,answer,continue-response",
    outcome: "reset",
    steps: { "response-headers": `close-request=0,answer=0,continue-response=${REFUSED}` },
  },
  {
    script: "response-headers:answer,close-request",
    outcome: [430, "response-headers\n"],
    steps: { "response-headers": `answer=1,close-request=${REFUSED}` },
  },

  // Going on in a callback of the same direction: Envoy would lose what follows.
  {
    script: "request-headers:continue-request;request-body:continue-request",
    outcome: OK,
    body: BODY,
    steps: {
      "request-headers": `continue-request=${REFUSED}`,
      "request-body": `continue-request=${REFUSED}`,
    },
  },
  {
    script: "response-headers:continue-response;response-body:continue-response",
    outcome: OK,
    responseTrailers: true,
    steps: {
      "response-headers": `continue-response=${REFUSED}`,
      "response-body": `continue-response=${REFUSED}`,
    },
  },
  {
    script: "response-headers:continue-request",
    outcome: OK,
    body: BODY,
    steps: { "response-headers": "continue-request=0" },
  },
  // Before there is a response, Envoy would crash.
  {
    script: "request-headers:continue-response",
    outcome: OK,
    steps: { "request-headers": `continue-response=${REFUSED}` },
  },
  {
    script: "request-body:continue-response;request-trailers:continue-response",
    outcome: OK,
    body: BODY,
    steps: {
      "request-body": `continue-response=${REFUSED}`,
      "request-trailers": `continue-response=${REFUSED}`,
    },
  },

  // Stopping: each later part goes on with what was held before it.
  { script: "request-headers:1", outcome: OK, body: BODY },
  { script: "request-headers:1;request-body:1", outcome: OK, body: BODY },
  { script: "request-headers:1;request-body:2", outcome: OK, body: BODY },
  { script: "request-body:1", outcome: OK, body: BODY },
  { script: "request-body:2", outcome: OK, body: BODY },
  { script: "response-headers:1", outcome: OK },
  { script: "response-headers:1;response-body:1", outcome: OK, responseTrailers: true },
  { script: "response-body:2", outcome: OK, responseTrailers: true },
  // Dropped parts are gone, the rest goes on.
  { script: "request-body:3", outcome: [200, ""], body: BODY },
];

/** Which part of the upstream's answer says what body it was sent. */
const sentText = (response: RawResponse): string =>
  (JSON.parse(response.body.toString()) as { text: string }).text;

async function start(t: TestContext, module: string): Promise<RunningEnvoy> {
  const filter = (rootId: string) => ({ name: rootId, module, rootId, vmId: "streams" });
  return envoyWith(t, await bodyUpstream(t), [
    { name: "script", trailers: true, filters: [filter("script")] },
    { name: "shared-answers", filters: [filter("shared-answers")] },
  ]);
}

/** Sends what the case says; checks what the client gets. */
async function play(envoy: RunningEnvoy, one: Case, path: string): Promise<void> {
  const { body, outcome, responseTrailers } = one;
  const answer = { chunk: "answer", times: 2, trailers: { "x-t": "1" } };
  const exchange = request({
    port: envoy.port("script"),
    path,
    timeout: 20_000,
    headers: [
      ...(body ? CHUNKED : []),
      ...(responseTrailers ? [["x-answer", JSON.stringify(answer)] as const] : []),
    ],
    ...(body ? { method: "POST", body: chunked(body, "x-t: 1\r\n") } : {}),
  });
  if (outcome === "reset") {
    await assert.rejects(exchange, /closed within the response|ECONNRESET/, path);
    return;
  }
  const response = await exchange;
  const [status, text] = outcome;
  assert.equal(response.status, status, path);
  if (status !== 200) assert.equal(response.body.toString(), text, path);
  else if (responseTrailers) assert.equal(response.body.toString(), "answeranswer", path);
  else assert.equal(sentText(response), text === "*" ? (body ?? []).join("") : text, path);
}

for (const [how, stress] of BUILDS) {
  test(`a stream is answered, reset and continued at every point (${how})`, async (t) => {
    const envoy = await start(t, await buildFilter(t, "conformance/filters/streams.ts", stress));
    // The first part makes each path one of its own.
    const cases = CASES.map((one, index) => ({ ...one, path: `/case:${index};${one.script}` }));
    for (const one of cases) {
      // Envoy closes a connection a second after a reset: those go side by side, with all others.
      if (one.outcome !== "reset") await play(envoy, one, `${one.path};alone:1`);
    }
    await Promise.all(cases.map((one) => play(envoy, one, one.path)));

    const shared = await Promise.all(
      Array.from({ length: 20 }, () => request({ port: envoy.port("shared-answers") })),
    );
    for (const response of shared) {
      assert.deepEqual([response.status, response.body.toString()], [433, "first\n"]);
    }

    await envoy.stop(); // Envoy's last lines are read by then
    const lines = new Set(envoy.wasmLogs.map(({ text }) => text));
    for (const { path, outcome, steps = {} } of cases) {
      for (const played of outcome === "reset" ? [path] : [path, `${path};alone:1`]) {
        const found = [...lines].filter((line) => line.startsWith(`${played} `));
        for (const [callback, outcomes] of Object.entries(steps)) {
          const line = `${played} ${callback} ${outcomes}`;
          assert.ok(lines.has(line), `${line} is not among:\n${found.join("\n")}`);
        }
      }
    }
  });
}

test("an answer has the status that was given, 500 for one that is none, and gRPC's own", async (t) => {
  const envoy = await start(t, await buildFilter(t, "conformance/filters/streams.ts"));
  const port = envoy.port("script");
  for (const status of [200, 201, 204, 299, 304, 400, 503, 599]) {
    const response = await request({ port, path: `/request-headers:answer-${status}` });
    assert.equal(response.status, status);
    assert.deepEqual(valuesOf(response, "grpc-status"), []);
  }
  const plain = await request({ port, path: "/request-headers:answer-grpc" });
  assert.deepEqual([plain.status, plain.body.toString()], [430, "not here"]);
  assert.deepEqual(valuesOf(plain, "grpc-status"), []);

  const session = connect(`http://127.0.0.1:${port}`);
  t.after(() => {
    session.destroy();
  });
  const call = async (script: string): Promise<IncomingHttpHeaders> => {
    const stream = session.request({
      ":method": "POST",
      ":path": `/${script}`,
      "content-type": "application/grpc",
    });
    stream.end();
    const headers = await new Promise<IncomingHttpHeaders>((resolve) =>
      stream.on("response", resolve),
    );
    stream.resume();
    return headers;
  };
  const given = await call("request-headers:answer-grpc");
  assert.equal(given[":status"], 200);
  assert.deepEqual([given["grpc-status"], given["grpc-message"]], ["5", "not here"]);
  const derived = await call("request-headers:answer-403");
  assert.deepEqual([derived["grpc-status"], derived["grpc-message"]], ["7", "odd"]);
  session.close();

  for (const status of [0, 1, 100, 101, 199, 600, 65_736, 4_294_967_295]) {
    const response = await request({ port, path: `/request-headers:answer-${status}` });
    assert.deepEqual([response.status, response.body.toString()], [500, "odd"]);
  }
});

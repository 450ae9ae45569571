// A filter that calls gRPC services hears the same of a service on the host as of a real one in Envoy.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { GrpcService } from "../sdk/host/index.ts";
import { builtFilter } from "./support/built.ts";
import { buildFilter, proxyFor } from "./support/filters.ts";
import { grpcServer } from "./support/grpc-server.ts";
import { hostFor } from "./support/host-proxy.ts";

const FILTER = "conformance/filters/grpc.ts";

/** What support/grpc-server.ts does, on the host. */
const SERVICE: GrpcService = {
  called(callout) {
    if (callout.kind === "stream") {
      callout.begin({ "x-initial": "one" });
      return;
    }
    const [message = new Uint8Array(0)] = callout.messages;
    const text = Buffer.from(message).toString();
    if (callout.method !== "Unary") {
      const path = `/${callout.service}/${callout.method}`;
      callout.close(12, `The server does not implement the method ${path}`);
    } else if (text === "deny") callout.close(7, encodeURI("you may not: ü"));
    else if (text === "empty") callout.respond();
    else if (text === "host") callout.respond(callout.authority);
    else if (text === "metadata") {
      const values = ["x-sent", "x-empty"].map((name) => JSON.stringify([callout.header(name)]));
      callout.respond(values.join());
    } else if (text !== "hang") callout.respond(message);
  },
  message(bytes, callout) {
    const text = Buffer.from(bytes).toString();
    const trailers = { "x-trailing": "two" };
    if (text === "end-me") callout.close(0, "OK", trailers);
    else if (text === "fail-me") callout.close(10, encodeURI("as asked"), trailers);
    else callout.send(bytes);
  },
  end(callout) {
    callout.close(0, "OK", { "x-trailing": "two" });
  },
};

const CALL = "/call?cluster=service&method=Unary&message=";
const CHAT = "/chat?cluster=service&method=Chat&message=";
const PATHS = [
  ...["hello", "empty", "deny", "metadata", "host", "host&authority=other.example"].map(
    (each) => CALL + each,
  ),
  "/call?cluster=service&method=None",
  "/large?cluster=service&method=Unary",
  "/refused?cluster=service&method=Unary",
  "/cancelled?cluster=service&method=Unary&message=hang",
  "/call?cluster=nowhere&method=Unary",
  "/chat?cluster=nowhere&method=Chat",
  "/call?cluster=%0A%03abc&method=Unary",
  ...["end-me", "again", "x&end=flag", "x&end=half", "&end=half", "fail-me", "cancel"].flatMap(
    (each) => [CHAT + each, "/over"],
  ),
];

test("gRPC calls and streams end the same on the host and in Envoy", async (t) => {
  const server = await grpcServer(t);
  const module = await buildFilter(t, FILTER);
  const services = [{ name: "service", host: "127.0.0.1", port: server.port, http2: true }];
  const envoy = await proxyFor(t, { module }, { clusters: services });
  const host = await hostFor(t, {
    wasm: await builtFilter(FILTER),
    clusters: ["service"],
    grpcService: SERVICE,
  });
  const throughNetwork = await hostFor(t, {
    wasm: await builtFilter(FILTER),
    clusters: [],
    services,
  });
  for (const path of PATHS) {
    const real = await envoy.send({ path });
    assert.equal((await host.request({ path })).body, real.body, path);
    assert.equal((await throughNetwork.request({ path })).body, real.body, `${path}, real service`);
  }
  assert.deepEqual([...host.problems, ...throughNetwork.problems], []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "node:net";
import { startProxy } from "../harness/proxy.ts";
import { buildFilter } from "./support/filters.ts";
import { grpcServer } from "./support/grpc-server.ts";
import { startService } from "./support/service.ts";

/** What the module calls and exports. */
const CAPABILITIES = [
  ...["proxy_log", "proxy_on_context_create", "proxy_on_configure", "proxy_on_delete"],
  ...["proxy_on_request_headers", "proxy_on_http_call_response", "proxy_on_grpc_receive"],
  ...["proxy_on_grpc_close", "proxy_get_header_map_value", "proxy_get_buffer_bytes"],
  ...["proxy_send_local_response", "proxy_set_effective_context", "proxy_get_status"],
  ...["proxy_http_call", "proxy_grpc_call", "proxy_grpc_stream", "proxy_grpc_send"],
  ...["proxy_grpc_close", "proxy_grpc_cancel"],
];

const DENIED = "call failure you%20may%20not:%20%C3%BC{via_upstream}";
const SENT = ["http sent 0", "call sent 0", "open sent 0"];

/** What comes of all calls, by what Envoy restricts. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "": [
    ...[...SENT, "send 0", "half 0", "http 200 /", DENIED],
    ...["chat hello", "chat end 0 OK{via_upstream}"],
  ],
  proxy_http_call: [
    ...["http sent 10", "call sent 0", "open sent 0", "send 0", "half 0", DENIED],
    ...["chat hello", "chat end 0 OK{via_upstream}"],
  ],
  proxy_grpc_call: [
    ...["http sent 0", "call sent 10", "open sent 0", "send 0", "half 0"],
    ...["http 200 /proxy_grpc_call", "chat hello", "chat end 0 OK{via_upstream}"],
  ],
  proxy_grpc_stream: [
    ...["http sent 0", "call sent 0", "open sent 10", "http 200 /proxy_grpc_stream", DENIED],
  ],
  proxy_grpc_send: [
    ...[...SENT, "send 10", "half 0", "http 200 /proxy_grpc_send", DENIED],
    ...["chat end 0 OK{via_upstream}"],
  ],
  proxy_grpc_close: [
    ...[...SENT, "send 0", "half 10", "cancel 0", "http 200 /proxy_grpc_close", DENIED],
  ],
  proxy_get_status: [
    ...[...SENT, "send 0", "half 0", "http 200 /proxy_get_status", "call failure "],
    ...["chat hello", "chat end 0 "],
  ],
};

/** Without it no callback can act on its stream, and none is made. */
const EFFECTIVE_CONTEXT = "proxy_set_effective_context";

test("what Envoy restricts is answered by a status, and nothing traps", async (t) => {
  const module = await buildFilter(t, "conformance/filters/callouts-restricted.ts");
  const service = await startService(t);
  const grpc = await grpcServer(t);
  const proxy = await startProxy({
    filters: [...Object.keys(EXPECTED), EFFECTIVE_CONTEXT].map((name) => ({
      name: name || "unrestricted",
      module,
      configuration: `/${name}`,
      ...(name === "" ? {} : { allowedCapabilities: CAPABILITIES.filter((each) => each !== name) }),
    })),
    clusters: [
      ...service.clusters,
      { name: "grpc", host: "127.0.0.1", port: grpc.port, http2: true },
    ],
  });
  t.after(() => proxy.stop());
  for (const [name, lines] of Object.entries(EXPECTED)) {
    const { status, body } = await proxy.send({ path: `/${name}` });
    assert.equal(status, 200);
    assert.deepEqual(body.split("\n"), [...lines].sort(), name);
  }
  const before = service.received.length;
  const socket = connect({ host: "127.0.0.1", port: proxy.port, noDelay: true });
  socket.write(`GET /${EFFECTIVE_CONTEXT} HTTP/1.1\r\nhost: example\r\n\r\n`);
  await service.untilReceived(before + 1);
  socket.destroy();
  const passing = await proxy.send({ path: "/passing" });
  assert.equal(passing.upstream?.path, "/passing", "all filters still work");
});

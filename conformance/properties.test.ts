import assert from "node:assert/strict";
import { test } from "node:test";
import { bootstrap } from "../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { startEnvoy } from "../harness/envoy/process.ts";
import { request } from "../harness/traffic/client.ts";
import { envoySince } from "./support/envoy-version.ts";
import { buildFilter } from "./support/filters.ts";
import { withMetadata } from "./support/metadata.ts";
import { rawUpstream } from "./support/raw-upstream.ts";
import { TcpClient, tcpServer } from "./support/tcp.ts";

const RESPONSE = Buffer.from(
  "HTTP/1.1 203 Fine\r\nx-answer: yes\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nx-end: 1\r\n\r\n",
);
const FILTER = "conformance/filters/properties.ts";

/** What is said of each property: a text, or what it looks like where the test cannot know it. */
type Expected = Record<string, string | RegExp>;

const TIME = /^\d{19}$/;
const DURATION = /^\d+$/;
const ABSENT = /^(?:-|NaN|false|\{\})$/;

/** A map of texts without its order, which Envoy chooses. */
function sorted(text: string): string {
  const inside = /^[{[](.*)[\]}]$/.exec(text)?.[1];
  return inside === undefined ? text : inside.split(", ").sort().join(", ");
}

/** What the filter tells of metadata that the test has put at `place`. */
function metadata(name: string, place: string): Expected {
  return {
    [`${name}.text`]: `"${place}"`,
    [`${name}.number`]: "-1.5",
    [`${name}.bool`]: "true",
    [`${name}.map`]: `{a: b, ü: ${place}}`,
    [`${name}.list`]: `[x, ${place}]`,
    [`${name}.all`]: "[a, b, c]",
  };
}

/** The expected without what Envoy has since 1.37 only, where it is older. */
function asOf(since37: boolean, expected: Expected): Expected {
  const later = /^(?:request|response)\.headersSize$/;
  return since37
    ? expected
    : Object.fromEntries(Object.entries(expected).filter(([name]) => !later.test(name)));
}

/** Compares what a phase has told; what is not expected must be absent. */
function compare(lines: readonly string[], phase: string, expected: Expected): void {
  const told = new Map<string, string>();
  for (const line of lines) {
    const [, when, name, value] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
    if (when === phase && name !== undefined && value !== undefined) told.set(name, value);
  }
  assert.ok(told.size > 100, `${phase}: ${told.size} properties`);
  for (const [name, value] of told) {
    const wanted = expected[name] ?? ABSENT;
    if (typeof wanted === "string") {
      assert.equal(sorted(value), sorted(wanted), `${phase}: ${name}`);
    } else assert.match(value, wanted, `${phase}: ${name}`);
  }
  for (const name of Object.keys(expected)) assert.ok(told.has(name), `${phase}: ${name}`);
}

test("typed getters answer what Envoy knows in each phase of a stream, and null for the rest", async (t) => {
  const module = await buildFilter(t, FILTER);
  const upstream = await rawUpstream(t, RESPONSE);
  const echo = await tcpServer(t, (socket) => socket.pipe(socket));
  const filter = { name: "plugin", module, vmId: "vm" };
  const envoy = await startEnvoy({
    binary: (await locateEnvoy({})).path,
    bootstrap: withMetadata(
      bootstrap({
        listeners: [
          {
            name: "http",
            trailers: true,
            filters: [{ ...filter, rootId: "http" }],
            upstream: { kind: "cluster", cluster: "upstream" },
          },
        ],
        tcpListeners: [{ name: "tcp", filters: [{ ...filter, rootId: "tcp" }], cluster: "echo" }],
        clusters: [
          { name: "upstream", host: "127.0.0.1", port: upstream },
          { name: "echo", host: "127.0.0.1", port: echo },
        ],
      }),
    ),
  });
  t.after(() => envoy.stop());
  const port = envoy.port("http");
  await request({
    port,
    method: "PUT",
    path: "/a/b?c=d&e",
    headers: [
      ["x-one", "1"],
      ["x-one", "2"],
      ["user-agent", "tester"],
      ["referer", "http://from.example/"],
      ["x-request-id", "my-id"],
    ],
  });
  const client = await TcpClient.open(t, envoy.port("tcp"));
  const from = client.socket.localPort;
  client.send("hi");
  await client.until("hi");
  client.socket.end();
  await client.closed;
  await envoy.stop();
  const lines = envoy.wasmLogs.map((line) => line.text);

  assert.deepEqual(
    lines.filter((line) => line.startsWith("set ")),
    ["set empty 0", "set text 0", "set bytes 0", "set nul 2"],
  );
  const everywhere: Expected = {
    "connection.id": /^\d+$/,
    "connection.mtls": '"false"',
    "connection.requestedServerName": '""',
    "source.address": /^"127\.0\.0\.1:\d+"$/,
    "source.port": /^\d+$/,
    "request.time": TIME,
    "request.headers": "{}",
    "response.headers": "{}",
    "response.trailers": "{}",
    "plugin.name": '"plugin"',
    "plugin.vmId": '"vm"',
    "xds.listenerDirection": "1",
    ...metadata("xds.listenerMetadata", "listener"),
    "xds.filterChainName": '"chain"',
    "xds.nodeId": '"node-id"',
    "xds.nodeCluster": '"node-cluster"',
    "xds.node": /^\d{4,} bytes$/,
    getInteger: /^\d+$/,
    "getInteger.text": "7",
    getBool: "true",
    getDouble: "0.5",
    getMap: "{}",
    "getMap.text": ABSENT,
    getBytes: "8 bytes",
  };
  const onRequest: Expected = {
    ...everywhere,
    "request.path": '"/a/b?c=d&e"',
    "request.urlPath": '"/a/b"',
    "request.query": '"c=d&e"',
    "request.host": `"127.0.0.1:${port}"`,
    "request.scheme": '"http"',
    "request.method": '"PUT"',
    "request.protocol": '"HTTP/1.1"',
    "request.referer": '"http://from.example/"',
    "request.userAgent": '"tester"',
    "request.id": /^".+"$/,
    "request.headers": /:path: \/a\/b.*/,
    "request.headersSize": /^\d{3}$/,
    "request.size": "0",
    "request.totalSize": /^\d{3}$/,
    "response.flags": "0",
    "response.headersSize": "0",
    "response.size": "0",
    "response.totalSize": "0",
    "destination.address": `"127.0.0.1:${port}"`,
    "destination.port": String(port),
    "upstream.endpointCount": "1",
    "upstream.requestAttemptCount": "0",
    "xds.clusterName": '"upstream"',
    ...metadata("xds.clusterMetadata", "cluster"),
    "xds.routeName": '"route"',
    ...metadata("xds.routeMetadata", "route"),
    "xds.virtualHostName": '"http"',
    ...metadata("xds.virtualHostMetadata", "virtual host"),
    "plugin.rootId": '"http"',
    header: '"1,2"',
    getText: '"/a/b?c=d&e"',
    getMap: /x-one: 1,2/,
    getBytesMap: "3 bytes",
    getList: "[x, dynamic]",
    has: "true",
    set: '"välue"',
    filterState: '"välue"',
    "filterState.bytes": "3 bytes",
    "filterState.has": "true",
    ...metadata("metadata", "dynamic"),
    // Set by a filter, and only under one namespace.
    "metadata.all": "-",
  };
  const behind: Expected = {
    "upstream.address": `"127.0.0.1:${upstream}"`,
    "upstream.port": String(upstream),
    "upstream.localAddress": /^"127\.0\.0\.1:\d+"$/,
    "upstream.endpointCount": "1",
    "upstream.requestAttemptCount": "1",
    "upstream.connectionPoolReadyDuration": DURATION,
    "upstream.locality": "8 bytes",
    "upstream.transportFailureReason": '""',
    ...metadata("xds.upstreamHostMetadata", "endpoint"),
    ...metadata("xds.upstreamHostLocalityMetadata", "locality"),
  };
  const onResponse: Expected = {
    ...onRequest,
    ...behind,
    "response.code": "203",
    "response.codeDetails": '"via_upstream"',
    // What Envoy takes the HTTP status for: no gRPC was spoken.
    "response.grpcStatus": "2",
    "response.headers": /:status: 203/,
    "response.header": '"yes"',
    "response.headersSize": /^\d+$/,
    "response.totalSize": /^\d+$/,
  };
  const since37 = await envoySince("1.37");
  const check = (phase: string, expected: Expected): void => {
    compare(lines, phase, asOf(since37, expected));
  };
  check("request", onRequest);
  // The request's headers are gone between its end and the log.
  const gone = /^request\.(?!protocol|time)|^header|^getText|^getMap|^getBytesMap|^has/;
  check("response", {
    ...Object.fromEntries(Object.entries(onResponse).filter(([name]) => !gone.test(name))),
    "request.headersSize": "0",
    "request.size": "0",
    "request.totalSize": "0",
  });
  check("log", {
    ...onResponse,
    "request.duration": DURATION,
    "response.trailers": "{x-end: 1}",
    "response.trailer": '"1"',
    "response.size": String("hello".length),
    "response.backendLatency": DURATION,
  });

  const tcpPort = envoy.port("tcp");
  const onConnection: Expected = {
    ...everywhere,
    "source.address": `"127.0.0.1:${from}"`,
    "source.port": String(from),
    "destination.address": `"127.0.0.1:${tcpPort}"`,
    "destination.port": String(tcpPort),
    "plugin.rootId": '"tcp"',
    "request.headersSize": "0",
    "request.size": "0",
    "request.totalSize": "0",
    "response.flags": "0",
    "response.headersSize": "0",
    "response.size": "0",
    "response.totalSize": "0",
    "upstream.requestAttemptCount": "0",
    "upstream.transportFailureReason": '""',
  };
  check("new", onConnection);
  check("end", {
    ...onConnection,
    ...behind,
    "upstream.address": `"127.0.0.1:${echo}"`,
    "upstream.port": String(echo),
    "xds.clusterName": '"echo"',
    ...metadata("xds.clusterMetadata", "cluster"),
    "request.size": "2",
    "request.totalSize": "2",
    "response.size": "2",
    "response.totalSize": "2",
  });
});

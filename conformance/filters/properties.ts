// Logs every property as `PHASE NAME VALUE` in each phase of a stream; absent ones are `-`. Texts
// have quotes around them, maps and lists are shown as such.
import {
  Action,
  HttpFilter,
  Metadata,
  RequestHeaders,
  ResponseHeaders,
  SpiffeId,
  TcpFilter,
  NetworkAction,
  DownstreamData,
  log,
  properties,
  registerHttpFilter,
  registerTcpFilter,
} from "as-proxy-wasm";

let phase: string = "";

function tell(name: string, value: string): void {
  log.info(phase + " " + name + " " + value);
}

function text(name: string, value: string | null): void {
  tell(name, value === null ? "-" : '"' + value + '"');
}

function number(name: string, value: i64): void {
  tell(name, value == -1 ? "-" : value.toString());
}

function bytes(name: string, value: Uint8Array | null): void {
  tell(name, value === null ? "-" : value.length.toString() + " bytes");
}

function map(name: string, value: Map<string, string> | null): void {
  if (value === null) return tell(name, "-");
  const keys = value.keys();
  let shown = "{";
  for (let i = 0; i < keys.length; i++) {
    shown += (i > 0 ? ", " : "") + keys[i] + ": " + value.get(keys[i]);
  }
  tell(name, shown + "}");
}

function list(name: string, value: string[] | null): void {
  tell(name, value === null ? "-" : "[" + value.join(", ") + "]");
}

function spiffe(name: string, value: SpiffeId | null): void {
  text(name, value === null ? null : value.trustDomain + " " + value.path);
}

/** Metadata, as far as the test has put some everywhere under the namespace `test`. */
function metadata(name: string, value: Metadata): void {
  text(name + ".text", value.text("test", "text"));
  tell(name + ".number", value.number("test", "number").toString());
  tell(name + ".bool", value.bool("test", "bool").toString());
  map(name + ".map", value.map("test", "map"));
  list(name + ".list", value.list("test", "list"));
  bytes(name + ".null", value.bytes("test", "null"));
  const all = value.all("whole");
  list(name + ".all", all === null ? null : all.keys());
  text(name + ".absent", value.text("test", "absent"));
}

function request(): void {
  text("request.path", properties.request.path());
  text("request.urlPath", properties.request.urlPath());
  text("request.query", properties.request.query());
  text("request.host", properties.request.host());
  text("request.scheme", properties.request.scheme());
  text("request.method", properties.request.method());
  text("request.protocol", properties.request.protocol());
  text("request.referer", properties.request.referer());
  text("request.userAgent", properties.request.userAgent());
  text("request.id", properties.request.id());
  map("request.headers", properties.request.headers());
  number("request.headersSize", properties.request.headersSize());
  number("request.time", properties.request.time());
  number("request.duration", properties.request.duration());
  number("request.size", properties.request.size());
  number("request.totalSize", properties.request.totalSize());
}

function response(): void {
  number("response.code", properties.response.code());
  text("response.codeDetails", properties.response.codeDetails());
  number("response.flags", properties.response.flags());
  number("response.grpcStatus", properties.response.grpcStatus());
  map("response.headers", properties.response.headers());
  number("response.headersSize", properties.response.headersSize());
  map("response.trailers", properties.response.trailers());
  number("response.size", properties.response.size());
  number("response.totalSize", properties.response.totalSize());
  number("response.backendLatency", properties.response.backendLatency());
}

function source(): void {
  text("source.address", properties.source.address());
  number("source.port", properties.source.port());
}

function destination(): void {
  text("destination.address", properties.destination.address());
  number("destination.port", properties.destination.port());
}

function connection(): void {
  number("connection.id", properties.connection.id());
  text(
    "connection.mtls",
    properties.connection.mtls() ? "true" : properties.connection.mtls(true) ? null : "false",
  );
  text("connection.requestedServerName", properties.connection.requestedServerName());
  text("connection.tlsVersion", properties.connection.tlsVersion());
  text("connection.subjectLocalCertificate", properties.connection.subjectLocalCertificate());
  text("connection.subjectPeerCertificate", properties.connection.subjectPeerCertificate());
  text("connection.dnsSanLocalCertificate", properties.connection.dnsSanLocalCertificate());
  text("connection.dnsSanPeerCertificate", properties.connection.dnsSanPeerCertificate());
  text("connection.uriSanLocalCertificate", properties.connection.uriSanLocalCertificate());
  text("connection.uriSanPeerCertificate", properties.connection.uriSanPeerCertificate());
  spiffe("connection.peerSpiffeId", properties.connection.peerSpiffeId());
  text(
    "connection.sha256PeerCertificateDigest",
    properties.connection.sha256PeerCertificateDigest(),
  );
  text("connection.peerCertificate", properties.connection.peerCertificate());
  text("connection.transportFailureReason", properties.connection.transportFailureReason());
  text("connection.terminationDetails", properties.connection.terminationDetails());
}

function upstream(): void {
  text("upstream.address", properties.upstream.address());
  number("upstream.port", properties.upstream.port());
  text("upstream.localAddress", properties.upstream.localAddress());
  number("upstream.endpointCount", properties.upstream.endpointCount());
  number("upstream.requestAttemptCount", properties.upstream.requestAttemptCount());
  number("upstream.connectionPoolReadyDuration", properties.upstream.connectionPoolReadyDuration());
  bytes("upstream.locality", properties.upstream.locality());
  text("upstream.tlsVersion", properties.upstream.tlsVersion());
  text("upstream.subjectLocalCertificate", properties.upstream.subjectLocalCertificate());
  text("upstream.subjectPeerCertificate", properties.upstream.subjectPeerCertificate());
  text("upstream.dnsSanLocalCertificate", properties.upstream.dnsSanLocalCertificate());
  text("upstream.dnsSanPeerCertificate", properties.upstream.dnsSanPeerCertificate());
  text("upstream.uriSanLocalCertificate", properties.upstream.uriSanLocalCertificate());
  text("upstream.uriSanPeerCertificate", properties.upstream.uriSanPeerCertificate());
  text("upstream.sha256PeerCertificateDigest", properties.upstream.sha256PeerCertificateDigest());
  text("upstream.peerCertificate", properties.upstream.peerCertificate());
  text("upstream.transportFailureReason", properties.upstream.transportFailureReason());
}

function xds(): void {
  text("xds.clusterName", properties.xds.clusterName());
  metadata("xds.clusterMetadata", properties.xds.clusterMetadata());
  text("xds.routeName", properties.xds.routeName());
  metadata("xds.routeMetadata", properties.xds.routeMetadata());
  text("xds.virtualHostName", properties.xds.virtualHostName());
  metadata("xds.virtualHostMetadata", properties.xds.virtualHostMetadata());
  metadata("xds.upstreamHostMetadata", properties.xds.upstreamHostMetadata());
  metadata("xds.upstreamHostLocalityMetadata", properties.xds.upstreamHostLocalityMetadata());
  number("xds.listenerDirection", <i64>properties.xds.listenerDirection());
  metadata("xds.listenerMetadata", properties.xds.listenerMetadata());
  text("xds.filterChainName", properties.xds.filterChainName());
  text("xds.nodeId", properties.xds.nodeId());
  text("xds.nodeCluster", properties.xds.nodeCluster());
  bytes("xds.node", properties.xds.node());
}

function plugin(): void {
  text("plugin.name", properties.plugin.name());
  text("plugin.rootId", properties.plugin.rootId());
  text("plugin.vmId", properties.plugin.vmId());
}
/** The forms by path, and what is beside the typed ones. */
function others(): void {
  text("header", properties.request.header("x-one"));
  text("header.absent", properties.request.header("x-none"));
  text("header.nul", properties.request.header("x-one\0"));
  text("response.header", properties.response.header("x-answer"));
  text("response.trailer", properties.response.trailer("x-end"));
  text("getText", properties.getText(["request", "path"]));
  text("getText.nul", properties.getText(["request\0path"]));
  text("getText.none", properties.getText([]));
  number("getInteger", properties.getInteger(["source", "port"]));
  number("getInteger.text", properties.getInteger(["request", "path"], 7));
  tell("getBool", properties.getBool(["request", "path"], true).toString());
  tell("getDouble", properties.getDouble(["request", "path"], 0.5).toString());
  map("getMap", properties.getMap(["request", "headers"]));
  map("getMap.text", properties.getMap(["request", "path"]));
  const raw = properties.getBytesMap(["request", "headers"]);
  bytes("getBytesMap", raw !== null && raw.has("x-one") ? raw.get("x-one") : null);
  list("getList", properties.getList(["metadata", "filter_metadata", "test", "list"]));
  bytes("getBytes", properties.getBytes(["source", "port"]));
  tell("has", properties.has(["request", "path"]).toString());
  tell("has.not", properties.has(["request", "nothing"]).toString());
  text("set", properties.getText(["test.key"]));
  text("filterState", properties.filterState().text("wasm.test.key"));
  bytes("filterState.bytes", properties.filterState().bytes("wasm.test.bytes"));
  tell("filterState.has", properties.filterState().has("wasm.test.key").toString());
  tell("filterState.has.not", properties.filterState().has("nothing").toString());
  text("upstreamFilterState", properties.upstreamFilterState().text("nothing"));
  metadata("metadata", properties.metadata());
}

function report(when: string): void {
  phase = when;
  request();
  response();
  source();
  destination();
  connection();
  upstream();
  xds();
  plugin();
  others();
}

class Reporter extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    phase = "set";
    tell("empty", properties.set("test.empty", "").toString());
    tell("text", properties.set("test.key", "välue").toString());
    tell("bytes", properties.setBytes("test.bytes", new Uint8Array(3)).toString());
    tell("nul", properties.set("test\0key", "").toString());
    report("request");
    return Action.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    report("response");
    return Action.Continue;
  }

  override onLog(): void {
    report("log");
  }
}
registerHttpFilter<Reporter>("http");

class TcpReporter extends TcpFilter {
  override onNewConnection(): NetworkAction {
    report("new");
    return NetworkAction.Continue;
  }

  override onDownstreamData(data: DownstreamData): NetworkAction {
    report("data");
    return NetworkAction.Continue;
  }

  override onLog(): void {
    report("end");
  }
}
registerTcpFilter<TcpReporter>("tcp");

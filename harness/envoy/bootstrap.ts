// Envoy's bootstrap, written as plain objects in the names of Envoy's own API (v3, proto3 JSON).
// Listeners and the admin interface bind 127.0.0.1 and, unless a port is asked for, port 0: the
// real ports are read back from the running Envoy, so that nothing can take them in between.
import { isIP } from "node:net";
import { proxyProtocolSocket } from "./proxy-protocol.ts";
import { tcpFilters } from "./tcp-listener.ts";
import type { NetworkFilter, TcpListenerSpec } from "./tcp-listener.ts";
import { discoveredFilter } from "./discovery.ts";
import type { DiscoveredFilterSpec, DiscoveredHttpFilter } from "./discovery.ts";
import { luaFilter } from "./lua.ts";
import type { LuaHttpFilter } from "./lua.ts";
import { TYPE, pluginConfig, wasmAccessLog } from "./wasm-plugin.ts";
import type { PluginConfig, WasmAccessLog, WasmFilterSpec } from "./wasm-plugin.ts";

export type { TcpListenerSpec } from "./tcp-listener.ts";
export type { FailurePolicy, WasmFilterSpec } from "./wasm-plugin.ts";

/** What answers the requests that the filters let through. */
export type Upstream =
  | { readonly kind: "direct"; readonly status: number; readonly body: string }
  | { readonly kind: "cluster"; readonly cluster: string }
  /** Requests with the header go to the cluster; Envoy answers the others itself. */
  | {
      readonly kind: "either";
      readonly header: string;
      readonly cluster: string;
      readonly status: number;
      readonly body: string;
    };

/** A certificate with its private key, in PEM. */
export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
}

/** One HTTP listener with its filters, in the order in which requests pass them. */
export interface ListenerSpec {
  readonly name: string;
  readonly filters: readonly WasmFilterSpec[];
  readonly upstream: Upstream;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Envoy's format string with its line end; a relative path is in the Envoy's own folder. */
  readonly accessLog?: { readonly path: string; readonly format: string };
  /** Filters behind those, whose configuration is in files. */
  readonly discoveredFilters?: readonly DiscoveredFilterSpec[];
  /** Lua around all those filters: `outer` is passed first by requests and last by responses. */
  readonly scripts?: { readonly outer: string; readonly inner: string };
  /** Wasm plugins that are told of each complete request. */
  readonly accessLoggers?: readonly WasmFilterSpec[];
  /** In KiB, at most 8192 (Envoy's default is 60). Also the limit for the upstream's responses. */
  readonly maxRequestHeadersKb?: number;
  /** Envoy's default is 100. Also the limit for the upstream's responses. */
  readonly maxRequestHeadersCount?: number;
  /** Whether trailers of HTTP/1.1 are passed on, both ways; else Envoy 1.40 drops them. */
  readonly trailers?: boolean;
  /** Whether METADATA frames of HTTP/2 are passed on, both ways; else Envoy 1.40 drops them. */
  readonly metadata?: boolean;
  /** How much of a body Envoy buffers, both ways. Envoy's default is 1 MiB. */
  readonly bufferLimitBytes?: number;
  /** Up to how many bytes of a request's body are gathered before the filters see it, in one piece. */
  readonly gatherRequestBytes?: number;
  /** Speaks TLS to clients, HTTP/1.1 or HTTP/2 as they ask. Default: plain text. */
  readonly tls?: TlsIdentity;
  /** How long the upstream's whole answer may take; 0 waits without end. Envoy's default is 15 s. */
  readonly upstreamTimeoutMs?: number;
}

/** A Wasm plugin that belongs to no listener. */
export interface ServiceSpec extends WasmFilterSpec {
  /** Whether there is one VM, in Envoy's own thread; else there is one in each worker too. */
  readonly singleton: boolean;
}

/** An upstream service, in plain text. `host` is an IP address or a name. */
export interface ClusterSpec {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Whether it speaks HTTP/2 from the first byte on, as gRPC services do. Default: HTTP/1.1. */
  readonly http2?: boolean;
  /** Of HTTP/2: how many requests share a connection at once. Default: as many as the service takes. */
  readonly streamsAtOnce?: number;
  /** Whether each connection begins with a line that says whose it is (PROXY protocol, version 1). */
  readonly proxyProtocol?: boolean;
  /** How many requests, and connections, each may be under way at once. Envoy's default is 1024. */
  readonly maxRequests?: number;
}

interface SocketAddress {
  readonly socket_address: { readonly address: string; readonly port_value: number };
}
interface LimitOptions {
  readonly max_headers_count?: number;
  readonly max_response_headers_kb?: number;
}
interface Http1Options {
  readonly enable_trailers?: boolean;
}
interface Http2Options {
  readonly allow_metadata?: boolean;
  readonly max_concurrent_streams?: number;
}
interface WasmHttpFilter {
  readonly name: string;
  readonly typed_config: { readonly "@type": string; readonly config: PluginConfig };
}
interface RouterHttpFilter {
  readonly name: string;
  readonly typed_config: { readonly "@type": string };
}
interface BufferHttpFilter {
  readonly name: string;
  readonly typed_config: { readonly "@type": string; readonly max_request_bytes: number };
}
interface WasmStatsSink {
  readonly name: string;
  readonly typed_config: { readonly "@type": string; readonly config: PluginConfig };
}
interface WasmService {
  readonly name: string;
  readonly typed_config: {
    readonly "@type": string;
    readonly config: PluginConfig;
    readonly singleton: boolean;
  };
}
interface FileAccessLog {
  readonly name: string;
  readonly typed_config: {
    readonly "@type": string;
    readonly path: string;
    readonly log_format: { readonly text_format_source: { readonly inline_string: string } };
  };
}
type RouteAction =
  | {
      readonly direct_response: {
        readonly status: number;
        readonly body: { readonly inline_string: string };
      };
    }
  | { readonly route: { readonly cluster: string; readonly timeout?: string } };
type Route = {
  readonly match: {
    readonly prefix: string;
    readonly headers?: readonly { readonly name: string; readonly present_match: true }[];
  };
} & RouteAction;
interface HttpConnectionManager {
  readonly "@type": string;
  readonly stat_prefix: string;
  readonly access_log: readonly (FileAccessLog | WasmAccessLog)[];
  readonly max_request_headers_kb?: number;
  readonly common_http_protocol_options?: LimitOptions;
  readonly http_protocol_options?: Http1Options;
  readonly http2_protocol_options?: Http2Options;
  readonly http_filters: readonly (
    BufferHttpFilter | WasmHttpFilter | DiscoveredHttpFilter | LuaHttpFilter | RouterHttpFilter
  )[];
  readonly route_config: {
    readonly max_direct_response_body_size_bytes?: number;
    readonly virtual_hosts: readonly {
      readonly name: string;
      readonly domains: readonly string[];
      readonly routes: readonly Route[];
    }[];
  };
}
interface HttpFilterChain {
  readonly name: string;
  readonly typed_config: HttpConnectionManager;
}
interface Listener {
  readonly name: string;
  readonly enable_reuse_port: boolean;
  readonly address: SocketAddress;
  readonly per_connection_buffer_limit_bytes?: number;
  readonly filter_chains: readonly {
    readonly filters: readonly (NetworkFilter | HttpFilterChain)[];
    readonly transport_socket?: TransportSocket;
  }[];
}
interface TransportSocket {
  readonly name: string;
  readonly typed_config: {
    readonly "@type": string;
    readonly common_tls_context: {
      readonly alpn_protocols?: readonly string[];
      readonly tls_certificates: readonly {
        readonly certificate_chain: { readonly inline_string: string };
        readonly private_key: { readonly inline_string: string };
      }[];
    };
  };
}
interface Cluster {
  readonly name: string;
  readonly type: "STATIC" | "STRICT_DNS";
  readonly dns_lookup_family: "V4_PREFERRED";
  readonly connect_timeout: string;
  readonly per_connection_buffer_limit_bytes?: number;
  readonly circuit_breakers?: {
    readonly thresholds: readonly {
      readonly max_connections: number;
      readonly max_pending_requests: number;
      readonly max_requests: number;
    }[];
  };
  readonly typed_extension_protocol_options?: Readonly<Record<string, HttpProtocolOptions>>;
  readonly transport_socket?: {
    readonly name: string;
    readonly typed_config: { readonly "@type": string };
  };
  readonly load_assignment: {
    readonly cluster_name: string;
    readonly endpoints: readonly {
      readonly lb_endpoints: readonly { readonly endpoint: { readonly address: SocketAddress } }[];
    }[];
  };
}
interface Watchdog {
  readonly kill_timeout: string;
}
interface HttpProtocolOptions {
  readonly "@type": string;
  readonly common_http_protocol_options: LimitOptions;
  readonly explicit_http_config:
    | { readonly http_protocol_options: Http1Options }
    | { readonly http2_protocol_options: Http2Options };
}

/** What Envoy reads at its start. `JSON.stringify` of it is a valid configuration file. */
export interface Bootstrap {
  readonly node?: { readonly id: string; readonly cluster: string };
  readonly stats_config?: {
    readonly stats_tags: readonly { readonly tag_name: string; readonly regex: string }[];
  };
  readonly stats_flush_interval?: string;
  readonly stats_sinks?: readonly WasmStatsSink[];
  readonly bootstrap_extensions?: readonly WasmService[];
  readonly watchdogs?: {
    readonly main_thread_watchdog: Watchdog;
    readonly worker_watchdog: Watchdog;
  };
  readonly admin: { readonly address: SocketAddress };
  readonly static_resources: {
    readonly listeners: readonly Listener[];
    readonly clusters: readonly Cluster[];
  };
}

const HTTP_PROTOCOL_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** Writes the bootstrap of an Envoy with these listeners and clusters. */
export function bootstrap(spec: {
  readonly listeners: readonly ListenerSpec[];
  readonly tcpListeners?: readonly TcpListenerSpec[];
  readonly clusters: readonly ClusterSpec[];
  /** Regular expressions that take tags out of statistics' names, by the tag. */
  readonly statsTags?: Readonly<Record<string, string>>;
  /** Wasm plugins that Envoy hands its statistics out to, four times a second. */
  readonly statsSinks?: readonly WasmFilterSpec[];
  /** Wasm plugins that belong to no listener. */
  readonly services?: readonly ServiceSpec[];
  /** Ends Envoy (SIGABRT) once one of its threads has been busy with one thing for so long. */
  readonly hangTimeoutMs?: number;
}): Bootstrap {
  const tags = Object.entries(spec.statsTags ?? {});
  const sinks = (spec.statsSinks ?? []).map(wasmStatsSink);
  const services = (spec.services ?? []).map(wasmService);
  return {
    // Envoy reads no configuration from files without a name of its own.
    ...(spec.listeners.some((each) => (each.discoveredFilters ?? []).length > 0)
      ? { node: { id: "envoy", cluster: "envoy" } }
      : {}),
    ...(tags.length === 0
      ? {}
      : { stats_config: { stats_tags: tags.map(([tag_name, regex]) => ({ tag_name, regex })) } }),
    ...(sinks.length === 0 ? {} : { stats_flush_interval: "0.25s", stats_sinks: sinks }),
    ...(services.length === 0 ? {} : { bootstrap_extensions: services }),
    ...watchdogs(spec.hangTimeoutMs),
    admin: { address: loopback(0) },
    static_resources: {
      listeners: [
        ...spec.listeners.map((one) =>
          listener(one, [{ name: "http", typed_config: connectionManager(one) }]),
        ),
        ...(spec.tcpListeners ?? []).map((one) => listener(one, tcpFilters(one))),
      ],
      clusters: spec.clusters.map((one) => cluster(one, spec.listeners)),
    },
  };
}

function watchdogs(milliseconds: number | undefined): Pick<Bootstrap, "watchdogs"> {
  if (milliseconds === undefined) return {};
  const watchdog = { kill_timeout: `${milliseconds / 1000}s` };
  return { watchdogs: { main_thread_watchdog: watchdog, worker_watchdog: watchdog } };
}

function loopback(port: number): SocketAddress {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}

function listener(
  spec: Pick<ListenerSpec, "name" | "port" | "bufferLimitBytes" | "tls">,
  filters: Listener["filter_chains"][number]["filters"],
): Listener {
  return {
    name: spec.name,
    // With SO_REUSEPORT a port that another process has taken with it would be shared in silence.
    enable_reuse_port: false,
    address: loopback(spec.port ?? 0),
    ...bufferLimit(spec.bufferLimitBytes),
    filter_chains: [
      { filters, ...(spec.tls === undefined ? {} : { transport_socket: downstreamTls(spec.tls) }) },
    ],
  };
}

function downstreamTls(identity: TlsIdentity): TransportSocket {
  return {
    name: "tls",
    typed_config: {
      "@type": `${TYPE}envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext`,
      common_tls_context: {
        alpn_protocols: ["h2", "http/1.1"],
        tls_certificates: [
          {
            certificate_chain: { inline_string: identity.certificate },
            private_key: { inline_string: identity.key },
          },
        ],
      },
    },
  };
}

function bufferLimit(
  bytes: number | undefined,
): Pick<Listener, "per_connection_buffer_limit_bytes"> {
  return bytes === undefined ? {} : { per_connection_buffer_limit_bytes: bytes };
}

function connectionManager(spec: ListenerSpec): HttpConnectionManager {
  const { maxRequestHeadersKb: kb, maxRequestHeadersCount: count } = spec;
  return {
    "@type": `${TYPE}envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: spec.name,
    access_log: [
      ...(spec.accessLog === undefined ? [] : [fileAccessLog(spec.accessLog)]),
      ...(spec.accessLoggers ?? []).map(wasmAccessLog),
    ],
    ...(kb === undefined ? {} : { max_request_headers_kb: kb }),
    ...(count === undefined ? {} : { common_http_protocol_options: { max_headers_count: count } }),
    ...(spec.trailers === true ? { http_protocol_options: { enable_trailers: true } } : {}),
    ...(spec.metadata === true ? { http2_protocol_options: { allow_metadata: true } } : {}),
    http_filters: [
      ...(spec.gatherRequestBytes === undefined ? [] : [bufferFilter(spec.gatherRequestBytes)]),
      ...(spec.scripts === undefined ? [] : [luaFilter("outer", spec.scripts.outer)]),
      ...spec.filters.map(wasmFilter),
      ...(spec.discoveredFilters ?? []).map(discoveredFilter),
      ...(spec.scripts === undefined ? [] : [luaFilter("inner", spec.scripts.inner)]),
      {
        name: "router",
        typed_config: { "@type": `${TYPE}envoy.extensions.filters.http.router.v3.Router` },
      },
    ],
    route_config: {
      ...directBodyLimit(spec.upstream),
      virtual_hosts: [{ name: spec.name, domains: ["*"], routes: routes(spec) }],
    },
  };
}

/** Envoy refuses to answer with more than 4 KiB by itself unless told. */
function directBodyLimit(
  upstream: Upstream,
): Pick<HttpConnectionManager["route_config"], "max_direct_response_body_size_bytes"> {
  const bytes = upstream.kind === "cluster" ? 0 : Buffer.byteLength(upstream.body);
  return bytes > 4096 ? { max_direct_response_body_size_bytes: bytes } : {};
}

function routes({ upstream, upstreamTimeoutMs: ms }: ListenerSpec): readonly Route[] {
  const match = { prefix: "/" };
  const timeout = ms === undefined ? {} : { timeout: `${ms / 1000}s` };
  if (upstream.kind === "cluster")
    return [{ match, route: { cluster: upstream.cluster, ...timeout } }];
  const { status, body } = upstream;
  const direct: Route = { match, direct_response: { status, body: { inline_string: body } } };
  if (upstream.kind === "direct") return [direct];
  const headers = [{ name: upstream.header, present_match: true as const }];
  const { cluster } = upstream;
  return [{ match: { ...match, headers }, route: { cluster, ...timeout } }, direct];
}

function bufferFilter(bytes: number): BufferHttpFilter {
  return {
    name: "buffer",
    typed_config: {
      "@type": `${TYPE}envoy.extensions.filters.http.buffer.v3.Buffer`,
      max_request_bytes: bytes,
    },
  };
}

function fileAccessLog(log: { readonly path: string; readonly format: string }): FileAccessLog {
  return {
    name: "file",
    typed_config: {
      "@type": `${TYPE}envoy.extensions.access_loggers.file.v3.FileAccessLog`,
      path: log.path,
      log_format: { text_format_source: { inline_string: log.format } },
    },
  };
}

function wasmStatsSink(spec: WasmFilterSpec): WasmStatsSink {
  return {
    name: spec.name,
    typed_config: {
      "@type": `${TYPE}envoy.extensions.stat_sinks.wasm.v3.Wasm`,
      config: pluginConfig(spec),
    },
  };
}

function wasmService(spec: ServiceSpec): WasmService {
  return {
    name: "envoy.bootstrap.wasm",
    typed_config: {
      "@type": `${TYPE}envoy.extensions.wasm.v3.WasmService`,
      config: pluginConfig(spec),
      singleton: spec.singleton,
    },
  };
}

function wasmFilter(spec: WasmFilterSpec): WasmHttpFilter {
  return {
    name: spec.name,
    typed_config: {
      "@type": `${TYPE}envoy.extensions.filters.http.wasm.v3.Wasm`,
      config: pluginConfig(spec),
    },
  };
}

function cluster(spec: ClusterSpec, listeners: readonly ListenerSpec[]): Cluster {
  const users = listeners.filter(
    ({ upstream }) => upstream.kind === "cluster" && upstream.cluster === spec.name,
  );
  const count = Math.max(0, ...users.map((user) => user.maxRequestHeadersCount ?? 0));
  const kb = Math.max(0, ...users.map((user) => user.maxRequestHeadersKb ?? 0));
  const buffer = Math.max(0, ...users.map((user) => user.bufferLimitBytes ?? 0));
  const trailers = users.some((user) => user.trailers === true);
  const metadata = users.some((user) => user.metadata === true);
  const limits: LimitOptions = {
    ...(count === 0 ? {} : { max_headers_count: count }),
    ...(kb === 0 ? {} : { max_response_headers_kb: kb }),
  };
  const { streamsAtOnce: streams } = spec;
  const options: HttpProtocolOptions = {
    "@type": `${TYPE}${HTTP_PROTOCOL_OPTIONS}`,
    common_http_protocol_options: limits,
    explicit_http_config:
      spec.http2 === true
        ? {
            http2_protocol_options: {
              ...(metadata ? { allow_metadata: true } : {}),
              ...(streams === undefined ? {} : { max_concurrent_streams: streams }),
            },
          }
        : { http_protocol_options: trailers ? { enable_trailers: true } : {} },
  };
  const address = { socket_address: { address: spec.host, port_value: spec.port } };
  return {
    name: spec.name,
    type: isIP(spec.host) === 0 ? "STRICT_DNS" : "STATIC",
    dns_lookup_family: "V4_PREFERRED",
    connect_timeout: "5s",
    ...bufferLimit(buffer === 0 ? undefined : buffer),
    ...circuitBreakers(spec.maxRequests),
    ...(count === 0 && kb === 0 && !trailers && spec.http2 !== true
      ? {}
      : { typed_extension_protocol_options: { [HTTP_PROTOCOL_OPTIONS]: options } }),
    ...(spec.proxyProtocol === true ? { transport_socket: proxyProtocolSocket() } : {}),
    load_assignment: {
      cluster_name: spec.name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }],
    },
  };
}

function circuitBreakers(max: number | undefined): Pick<Cluster, "circuit_breakers"> {
  if (max === undefined) return {};
  const threshold = { max_connections: max, max_pending_requests: max, max_requests: max };
  return { circuit_breakers: { thresholds: [threshold] } };
}

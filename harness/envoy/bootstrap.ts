// Envoy's bootstrap, written as plain objects in the names of Envoy's own API (v3, proto3 JSON).
// Listeners and the admin interface bind 127.0.0.1 and, unless a port is asked for, port 0: the
// real ports are read back from the running Envoy, so that nothing can take them in between.
import { isIP } from "node:net";

/** What Envoy does once a filter's VM has trapped: 503 for ever, no filter, or a new VM. */
export type FailurePolicy = "FAIL_CLOSED" | "FAIL_OPEN" | "FAIL_RELOAD";

/** One Wasm HTTP filter of a listener. */
export interface WasmFilterSpec {
  /** The plugin's name, as in Envoy's statistics and messages. */
  readonly name: string;
  /** The absolute path of the .wasm file. */
  readonly module: string;
  /** Which of the module's registrations to use; empty by default. */
  readonly rootId?: string;
  /** The plugin's configuration, handed to the filter byte for byte (as a StringValue). */
  readonly configuration?: string;
  /** Filters of the same module and the same vmId share a VM. Default: the name. */
  readonly vmId?: string;
  /** Default: FAIL_CLOSED, as in Envoy. */
  readonly failurePolicy?: FailurePolicy;
}

/** What answers the requests that the filters let through. */
export type Upstream =
  | { readonly kind: "direct"; readonly status: number; readonly body: string }
  | { readonly kind: "cluster"; readonly cluster: string };

/** One HTTP listener with its filters, in the order in which requests pass them. */
export interface ListenerSpec {
  readonly name: string;
  readonly filters: readonly WasmFilterSpec[];
  readonly upstream: Upstream;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Envoy's format string with its line end; a relative path is in the Envoy's own folder. */
  readonly accessLog?: { readonly path: string; readonly format: string };
  /** In KiB, at most 8192 (Envoy's default is 60). Also the limit for the upstream's responses. */
  readonly maxRequestHeadersKb?: number;
  /** Envoy's default is 100. Also the limit for the upstream's responses. */
  readonly maxRequestHeadersCount?: number;
}

/** An upstream service, in plain HTTP/1.1. `host` is an IP address or a name. */
export interface ClusterSpec {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

interface SocketAddress {
  readonly socket_address: { readonly address: string; readonly port_value: number };
}
interface StringValue {
  readonly "@type": string;
  readonly value: string;
}
interface LimitOptions {
  readonly max_headers_count?: number;
  readonly max_response_headers_kb?: number;
}
interface WasmHttpFilter {
  readonly name: string;
  readonly typed_config: {
    readonly "@type": string;
    readonly config: {
      readonly name: string;
      readonly root_id: string;
      readonly failure_policy: FailurePolicy;
      readonly allow_on_headers_stop_iteration: boolean;
      readonly configuration?: StringValue;
      readonly vm_config: {
        readonly vm_id: string;
        readonly runtime: string;
        readonly code: { readonly local: { readonly filename: string } };
      };
    };
  };
}
interface RouterHttpFilter {
  readonly name: string;
  readonly typed_config: { readonly "@type": string };
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
  | { readonly route: { readonly cluster: string } };
interface HttpConnectionManager {
  readonly "@type": string;
  readonly stat_prefix: string;
  readonly access_log: readonly FileAccessLog[];
  readonly max_request_headers_kb?: number;
  readonly common_http_protocol_options?: LimitOptions;
  readonly http_filters: readonly (WasmHttpFilter | RouterHttpFilter)[];
  readonly route_config: {
    readonly virtual_hosts: readonly {
      readonly name: string;
      readonly domains: readonly string[];
      readonly routes: readonly ({ readonly match: { readonly prefix: string } } & RouteAction)[];
    }[];
  };
}
interface Listener {
  readonly name: string;
  readonly enable_reuse_port: boolean;
  readonly address: SocketAddress;
  readonly filter_chains: readonly {
    readonly filters: readonly {
      readonly name: string;
      readonly typed_config: HttpConnectionManager;
    }[];
  }[];
}
interface Cluster {
  readonly name: string;
  readonly type: "STATIC" | "STRICT_DNS";
  readonly dns_lookup_family: "V4_PREFERRED";
  readonly connect_timeout: string;
  readonly typed_extension_protocol_options?: Readonly<Record<string, HttpProtocolOptions>>;
  readonly load_assignment: {
    readonly cluster_name: string;
    readonly endpoints: readonly {
      readonly lb_endpoints: readonly { readonly endpoint: { readonly address: SocketAddress } }[];
    }[];
  };
}
interface HttpProtocolOptions {
  readonly "@type": string;
  readonly common_http_protocol_options: LimitOptions;
  readonly explicit_http_config: { readonly http_protocol_options: Record<string, never> };
}

/** What Envoy reads at its start. `JSON.stringify` of it is a valid configuration file. */
export interface Bootstrap {
  readonly admin: { readonly address: SocketAddress };
  readonly static_resources: {
    readonly listeners: readonly Listener[];
    readonly clusters: readonly Cluster[];
  };
}

const TYPE = "type.googleapis.com/";
const HTTP_PROTOCOL_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** Writes the bootstrap of an Envoy with these listeners and clusters. */
export function bootstrap(spec: {
  readonly listeners: readonly ListenerSpec[];
  readonly clusters: readonly ClusterSpec[];
}): Bootstrap {
  return {
    admin: { address: loopback(0) },
    static_resources: {
      listeners: spec.listeners.map(listener),
      clusters: spec.clusters.map((one) => cluster(one, spec.listeners)),
    },
  };
}

function loopback(port: number): SocketAddress {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}

function listener(spec: ListenerSpec): Listener {
  return {
    name: spec.name,
    // With SO_REUSEPORT a port that another process has taken with it would be shared in silence.
    enable_reuse_port: false,
    address: loopback(spec.port ?? 0),
    filter_chains: [{ filters: [{ name: "http", typed_config: connectionManager(spec) }] }],
  };
}

function connectionManager(spec: ListenerSpec): HttpConnectionManager {
  const { maxRequestHeadersKb: kb, maxRequestHeadersCount: count } = spec;
  return {
    "@type": `${TYPE}envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: spec.name,
    access_log: spec.accessLog === undefined ? [] : [fileAccessLog(spec.accessLog)],
    ...(kb === undefined ? {} : { max_request_headers_kb: kb }),
    ...(count === undefined ? {} : { common_http_protocol_options: { max_headers_count: count } }),
    http_filters: [
      ...spec.filters.map(wasmFilter),
      {
        name: "router",
        typed_config: { "@type": `${TYPE}envoy.extensions.filters.http.router.v3.Router` },
      },
    ],
    route_config: {
      virtual_hosts: [
        {
          name: spec.name,
          domains: ["*"],
          routes: [{ match: { prefix: "/" }, ...routeAction(spec.upstream) }],
        },
      ],
    },
  };
}

function routeAction(upstream: Upstream): RouteAction {
  if (upstream.kind === "cluster") return { route: { cluster: upstream.cluster } };
  return { direct_response: { status: upstream.status, body: { inline_string: upstream.body } } };
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

function wasmFilter(spec: WasmFilterSpec): WasmHttpFilter {
  const { configuration } = spec;
  return {
    name: spec.name,
    typed_config: {
      "@type": `${TYPE}envoy.extensions.filters.http.wasm.v3.Wasm`,
      config: {
        name: spec.name,
        root_id: spec.rootId ?? "",
        failure_policy: spec.failurePolicy ?? "FAIL_CLOSED",
        // Without it Envoy turns StopIteration of a headers callback into "stop everything, the
        // body callbacks too".
        allow_on_headers_stop_iteration: true,
        ...(configuration === undefined
          ? {}
          : {
              configuration: {
                "@type": `${TYPE}google.protobuf.StringValue`,
                value: configuration,
              },
            }),
        vm_config: {
          vm_id: spec.vmId ?? spec.name,
          runtime: "envoy.wasm.runtime.v8",
          code: { local: { filename: spec.module } },
        },
      },
    },
  };
}

function cluster(spec: ClusterSpec, listeners: readonly ListenerSpec[]): Cluster {
  const users = listeners.filter(
    ({ upstream }) => upstream.kind === "cluster" && upstream.cluster === spec.name,
  );
  const count = Math.max(0, ...users.map((user) => user.maxRequestHeadersCount ?? 0));
  const kb = Math.max(0, ...users.map((user) => user.maxRequestHeadersKb ?? 0));
  const limits: LimitOptions = {
    ...(count === 0 ? {} : { max_headers_count: count }),
    ...(kb === 0 ? {} : { max_response_headers_kb: kb }),
  };
  const options: HttpProtocolOptions = {
    "@type": `${TYPE}${HTTP_PROTOCOL_OPTIONS}`,
    common_http_protocol_options: limits,
    explicit_http_config: { http_protocol_options: {} },
  };
  const address = { socket_address: { address: spec.host, port_value: spec.port } };
  return {
    name: spec.name,
    type: isIP(spec.host) === 0 ? "STRICT_DNS" : "STATIC",
    dns_lookup_family: "V4_PREFERRED",
    connect_timeout: "5s",
    ...(count === 0 && kb === 0
      ? {}
      : { typed_extension_protocol_options: { [HTTP_PROTOCOL_OPTIONS]: options } }),
    load_assignment: {
      cluster_name: spec.name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }],
    },
  };
}

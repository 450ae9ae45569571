// Clusters: the services that requests and callouts go to.
import { isIP } from "node:net";
import type { ListenerSpec } from "./listener-spec.ts";
import { bufferLimit } from "./protocol-options.ts";
import type {
  BufferOptions,
  Http1Options,
  Http2Options,
  LimitOptions,
  SocketAddress,
} from "./protocol-options.ts";
import { proxyProtocolSocket } from "./proxy-protocol.ts";
import { TYPE } from "./wasm-plugin.ts";

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

/** A cluster of Envoy's. */
export interface Cluster extends BufferOptions {
  readonly name: string;
  readonly type: "STATIC" | "STRICT_DNS";
  readonly dns_lookup_family: "V4_PREFERRED";
  readonly connect_timeout: string;
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
interface HttpProtocolOptions {
  readonly "@type": string;
  readonly common_http_protocol_options: LimitOptions;
  readonly explicit_http_config:
    | { readonly http_protocol_options: Http1Options }
    | { readonly http2_protocol_options: Http2Options };
}

const HTTP_PROTOCOL_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** Writes a cluster; the limits of the listeners that use it are its own, too. */
export function cluster(spec: ClusterSpec, listeners: readonly ListenerSpec[]): Cluster {
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

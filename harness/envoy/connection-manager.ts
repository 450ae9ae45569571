// The HTTP connection manager: filters, routes and access logs of an HTTP listener.
import { discoveredFilter } from "./discovery.ts";
import type { DiscoveredHttpFilter } from "./discovery.ts";
import type { ListenerSpec, Upstream } from "./listener-spec.ts";
import { luaFilter } from "./lua.ts";
import type { LuaHttpFilter } from "./lua.ts";
import type { Http1Options, Http2Options, LimitOptions } from "./protocol-options.ts";
import { TYPE, pluginConfig, wasmAccessLog } from "./wasm-plugin.ts";
import type { PluginConfig, WasmAccessLog, WasmFilterSpec } from "./wasm-plugin.ts";

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
/** The one network filter of an HTTP listener. */
export interface HttpConnectionManager {
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

/** Writes the connection manager of a listener. */
export function connectionManager(spec: ListenerSpec): HttpConnectionManager {
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

function wasmFilter(spec: WasmFilterSpec): WasmHttpFilter {
  return {
    name: spec.name,
    typed_config: {
      "@type": `${TYPE}envoy.extensions.filters.http.wasm.v3.Wasm`,
      config: pluginConfig(spec),
    },
  };
}

// What the harness asks of an HTTP listener.
import type { DiscoveredFilterSpec } from "./discovery.ts";
import type { WasmFilterSpec } from "./wasm-plugin.ts";

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

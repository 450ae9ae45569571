// A listener for TCP connections: Wasm filters in front of Envoy's TCP proxy.
import { TYPE, pluginConfig, wasmAccessLog } from "./wasm-plugin.ts";
import type { PluginConfig, WasmAccessLog, WasmFilterSpec } from "./wasm-plugin.ts";

/** One TCP listener with its filters, in the order in which connections pass them. */
export interface TcpListenerSpec {
  readonly name: string;
  readonly filters: readonly WasmFilterSpec[];
  /** The cluster that connections are proxied to. */
  readonly cluster: string;
  /** Wasm plugins that are told of each connection that is over. */
  readonly accessLoggers?: readonly WasmFilterSpec[];
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** How much of the client's bytes Envoy reads while filters hold them. Envoy's default is 1 MiB. */
  readonly bufferLimitBytes?: number;
}

/** One network filter, as Envoy's configuration has it. */
export interface NetworkFilter {
  readonly name: string;
  readonly typed_config:
    | { readonly "@type": string; readonly config: PluginConfig }
    | {
        readonly "@type": string;
        readonly stat_prefix: string;
        readonly cluster: string;
        readonly access_log: readonly WasmAccessLog[];
      };
}

/** The network filters of a TCP listener. */
export function tcpFilters(spec: TcpListenerSpec): NetworkFilter[] {
  return [
    ...spec.filters.map((filter) => ({
      name: filter.name,
      typed_config: {
        "@type": `${TYPE}envoy.extensions.filters.network.wasm.v3.Wasm`,
        config: pluginConfig(filter),
      },
    })),
    {
      name: "tcp_proxy",
      typed_config: {
        "@type": `${TYPE}envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy`,
        stat_prefix: spec.name,
        cluster: spec.cluster,
        access_log: (spec.accessLoggers ?? []).map(wasmAccessLog),
      },
    },
  ];
}

// Envoy's bootstrap, written as plain objects in the names of Envoy's own API (v3, proto3 JSON).
import { cluster } from "./cluster.ts";
import type { Cluster, ClusterSpec } from "./cluster.ts";
import { httpListener, loopback, tcpListener } from "./listener.ts";
import type { Listener } from "./listener.ts";
import type { ListenerSpec } from "./listener-spec.ts";
import type { SocketAddress } from "./protocol-options.ts";
import type { TcpListenerSpec } from "./tcp-listener.ts";
import { TYPE, pluginConfig } from "./wasm-plugin.ts";
import type { PluginConfig, WasmFilterSpec } from "./wasm-plugin.ts";

export type { ClusterSpec } from "./cluster.ts";
export type { ListenerSpec, TlsIdentity, Upstream } from "./listener-spec.ts";
export type { TcpListenerSpec } from "./tcp-listener.ts";
export type { FailurePolicy, WasmFilterSpec } from "./wasm-plugin.ts";

/** A Wasm plugin that belongs to no listener. */
export interface ServiceSpec extends WasmFilterSpec {
  /** Whether there is one VM, in Envoy's own thread; else there is one in each worker too. */
  readonly singleton: boolean;
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
interface Watchdog {
  readonly kill_timeout: string;
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
        ...spec.listeners.map(httpListener),
        ...(spec.tcpListeners ?? []).map(tcpListener),
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

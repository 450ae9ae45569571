// The Envoy of a test: a listener with the filter, one that answers by itself, the upstream and the services.
import { ToolError } from "../../sdk/errors.ts";
import type { FilterOptions, FurtherPlugin, Protocol } from "../../sdk/test-api/options.ts";
import { configurationBytes } from "../../sdk/test-api/configuration.ts";
import { pluginsOf } from "../../sdk/test-api/further-plugins.ts";
import { pluginOptions } from "../../sdk/test-api/plugin-options.ts";
import { bootstrap } from "../envoy/bootstrap.ts";
import type { Bootstrap, ClusterSpec, ListenerSpec, WasmFilterSpec } from "../envoy/bootstrap.ts";

/** The listener that answers by itself; see settle.ts. */
export const BARRIER = "barrier";
/** Not a name that a test would give a cluster. */
const UPSTREAM = "test upstream";
/** Nothing listens on the port of TCP's port service multiplexer. */
const NOBODYS_PORT = 1;

/** What an Envoy is made for. */
export interface TestEnvoy {
  /** The first filter's. */
  readonly name: string;
  /** The absolute path of the .wasm file. */
  readonly module: string;
  readonly options: FilterOptions;
  readonly protocol: Protocol;
  /** Of the server behind the filter, on 127.0.0.1. */
  readonly upstreamPort: number;
  /** Of the services that the filter calls. */
  readonly clusters: readonly ClusterSpec[];
}

/** The name of the listener with that filter. */
export function listenerOf(filter: string): string {
  return `test ${filter}`;
}

/** What that Envoy reads at its start. Throws ERR_CONFIG_INVALID for a configuration that it cannot have. */
export function testBootstrap(test: TestEnvoy): Bootstrap {
  const { options, protocol, upstreamPort, clusters } = test;
  const { bufferLimit } = options;
  const spec = (plugin: FurtherPlugin): WasmFilterSpec => ({
    ...pluginOptions(plugin),
    name: plugin.name,
    module: test.module,
    configuration: configurationText(plugin.configuration),
  });
  const listeners = [{ ...options, name: test.name }, ...pluginsOf(options, "filter")].map(
    (plugin) => ({
      name: listenerOf(plugin.name),
      filters: [spec(plugin)],
      accessLoggers: pluginsOf(options, "access-log").map(spec),
      ...(bufferLimit === undefined ? {} : { bufferLimitBytes: bufferLimit }),
    }),
  );
  const barrier: ListenerSpec = {
    name: BARRIER,
    filters: [],
    upstream: { kind: "direct", status: 200, body: "" },
  };
  const upstream: ClusterSpec = {
    name: UPSTREAM,
    host: "127.0.0.1",
    port: options.tcpUpstream === null ? NOBODYS_PORT : upstreamPort,
    proxyProtocol: protocol === "tcp",
  };
  const toUpstream = { kind: "cluster", cluster: UPSTREAM } as const;
  return bootstrap({
    listeners:
      protocol === "tcp"
        ? [barrier]
        : [...listeners.map((one) => ({ ...one, upstream: toUpstream, trailers: true })), barrier],
    tcpListeners: protocol === "tcp" ? listeners.map((one) => ({ ...one, cluster: UPSTREAM })) : [],
    services: pluginsOf(options, "service").map((one) => ({ ...spec(one), singleton: true })),
    clusters: [upstream, ...clusters],
  });
}

/** Envoy is handed the configuration as text. */
function configurationText(configuration: unknown): string {
  const bytes = Buffer.from(configurationBytes(configuration));
  const text = bytes.toString("utf8");
  if (Buffer.from(text).equals(bytes)) return text;
  throw new ToolError("ERR_CONFIG_INVALID", "the configuration is no UTF-8, as Envoy wants it", {
    hint: "Hand over text; binary data goes into it as base64.",
  });
}

// The Envoy of a test: a listener with the filter, one that answers by itself, the upstream and the services.
import { ToolError } from "../../sdk/errors.ts";
import type { FilterOptions, Protocol } from "../../sdk/test-api/api.ts";
import { configurationBytes } from "../../sdk/test-api/configuration.ts";
import { bootstrap } from "../envoy/bootstrap.ts";
import type { Bootstrap, ClusterSpec, ListenerSpec, WasmFilterSpec } from "../envoy/bootstrap.ts";

/** The listener with the filter. */
export const LISTENER = "test";
/** The one that answers by itself; see settle.ts. */
export const BARRIER = "barrier";
const UPSTREAM = "upstream";
/** Nothing listens on the port of TCP's port service multiplexer. */
const NOBODYS_PORT = 1;

/** What an Envoy is made for. */
export interface TestEnvoy {
  /** Without its configuration, which the options have. */
  readonly filter: WasmFilterSpec;
  readonly options: FilterOptions;
  readonly protocol: Protocol;
  /** Of the server behind the filter, on 127.0.0.1. */
  readonly upstreamPort: number;
  /** Of the services that the filter calls. */
  readonly clusters: readonly ClusterSpec[];
}

/** What that Envoy reads at its start. Throws ERR_CONFIG_INVALID for a configuration that it cannot have. */
export function testBootstrap({
  filter,
  options,
  protocol,
  upstreamPort,
  clusters,
}: TestEnvoy): Bootstrap {
  const filters = [{ ...filter, configuration: configurationText(options.configuration) }];
  const { bufferLimit } = options;
  const limit = bufferLimit === undefined ? {} : { bufferLimitBytes: bufferLimit };
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
  if (protocol === "tcp") {
    return bootstrap({
      listeners: [barrier],
      tcpListeners: [{ name: LISTENER, filters, cluster: UPSTREAM, ...limit }],
      clusters: [upstream, ...clusters],
    });
  }
  return bootstrap({
    listeners: [
      {
        name: LISTENER,
        filters,
        upstream: { kind: "cluster", cluster: UPSTREAM },
        trailers: true,
        ...limit,
      },
      barrier,
    ],
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

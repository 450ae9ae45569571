// A real Envoy with filters in front of an upstream that shows what it was sent: what a filter's
// tests need, in one call.
import { locateEnvoy } from "./envoy/locate.ts";
import { bootstrap } from "./envoy/bootstrap.ts";
import type { ClusterSpec, ListenerSpec, ServiceSpec, WasmFilterSpec } from "./envoy/bootstrap.ts";
import type { DiscoveredFilterSpec } from "./envoy/discovery.ts";
import { startEnvoy } from "./envoy/process.ts";
import type { EnvoyOptions, RunningEnvoy } from "./envoy/process.ts";
import { request } from "./traffic/client.ts";
import type { RawRequest } from "./traffic/client.ts";
import { parseEcho, startEcho } from "./traffic/echo.ts";
import type { Echo } from "./traffic/echo.ts";

export interface ProxyOptions extends Pick<
  EnvoyOptions,
  "concurrency" | "filterLogLevel" | "signal"
> {
  /** In the order in which requests pass them. */
  readonly filters: readonly WasmFilterSpec[];
  /** The port of an upstream on 127.0.0.1; default: an echo upstream of its own. */
  readonly upstreamPort?: number;
  /** Other services that the filters call. */
  readonly clusters?: readonly ClusterSpec[];
  /** Limits for headers, as in ListenerSpec. */
  readonly limits?: Pick<ListenerSpec, "maxRequestHeadersKb" | "maxRequestHeadersCount">;
  /** As in ListenerSpec. */
  readonly discoveredFilters?: readonly DiscoveredFilterSpec[];
  /** As in ListenerSpec. */
  readonly accessLoggers?: readonly WasmFilterSpec[];
  /** Regular expressions that take tags out of statistics' names, by the tag. */
  readonly statsTags?: Readonly<Record<string, string>>;
  /** Wasm plugins that Envoy hands its statistics out to, four times a second. */
  readonly statsSinks?: readonly WasmFilterSpec[];
  /** Wasm plugins that belong to no listener. */
  readonly services?: readonly ServiceSpec[];
  /** The path of an Envoy binary; default: the one that locateEnvoy finds. */
  readonly binary?: string;
}

/** A request and what came of it. Bytes beyond ASCII are latin1 characters in all strings. */
export interface Exchange {
  readonly status: number;
  /** The response's headers in the order of the wire. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The response's body as text. */
  readonly body: string;
  /** What the echo upstream was sent; null when the answer is not its. */
  readonly upstream: Echo | null;
}

/** An Envoy that runs until it is stopped. */
export interface Proxy extends AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  readonly envoy: RunningEnvoy;
  /** Sends one request on a connection of its own. */
  send(wanted?: Omit<RawRequest, "port">): Promise<Exchange>;
  /** Stops Envoy and the upstream, and leaves nothing behind. */
  stop(): Promise<void>;
}

const LISTENER = "proxy";
const CLUSTER = "upstream";

/** Starts an Envoy with filters. Fails as locateEnvoy and startEnvoy do. */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const binary = options.binary ?? (await locateEnvoy({})).path;
  const echo = options.upstreamPort === undefined ? await startEcho() : null;
  const upstreamPort = options.upstreamPort ?? echo?.port ?? 0;
  try {
    const envoy = await startEnvoy({
      binary,
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
      ...(options.filterLogLevel === undefined ? {} : { filterLogLevel: options.filterLogLevel }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      bootstrap: bootstrap({
        listeners: [
          {
            name: LISTENER,
            filters: options.filters,
            discoveredFilters: options.discoveredFilters ?? [],
            accessLoggers: options.accessLoggers ?? [],
            upstream: { kind: "cluster", cluster: CLUSTER },
            ...options.limits,
          },
        ],
        statsTags: options.statsTags ?? {},
        statsSinks: options.statsSinks ?? [],
        services: options.services ?? [],
        clusters: [
          { name: CLUSTER, host: "127.0.0.1", port: upstreamPort },
          ...(options.clusters ?? []),
        ],
      }),
    });
    const port = envoy.port(LISTENER);
    const stop = async (): Promise<void> => {
      await envoy.stop();
      await echo?.close();
    };
    return {
      port,
      envoy,
      async send(wanted = {}) {
        const response = await request({ ...wanted, port });
        const body = response.body.toString("utf8");
        return {
          status: response.status,
          headers: response.headers,
          body,
          upstream: parseEcho(body),
        };
      },
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await echo?.close();
    throw error;
  }
}

// What a filter is loaded with.
import type { LogLevel } from "../host/abi.ts";
import type { Upstream, UpstreamResponse } from "../host/http/upstream.ts";
import type { PluginRole } from "../host/options.ts";
import type { FailurePolicy } from "../host/plugin.ts";
import type { PropertyValue } from "../host/properties.ts";
import type { TcpUpstream } from "../host/tcp/upstream.ts";

/** What a filter filters. */
export type Protocol = "http" | "tcp";

/** What each plugin may be given. */
export interface PluginInit {
  /** The plugin's configuration; what is neither text nor bytes is handed over as JSON. */
  readonly configuration?: unknown;
  /** Which of the module's registrations to use; empty by default. */
  readonly rootId?: string;
  /**
   * Plugins of the same vmId and vmConfiguration share a VM; those of the same vmId share their data and
   * queues. Default: the plugin's name.
   */
  readonly vmId?: string;
  readonly vmConfiguration?: string;
  /** The environment variables of the VM. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: FAIL_CLOSED, as in Envoy. */
  readonly failurePolicy?: FailurePolicy;
  /** Default: true; false is Envoy's own default. */
  readonly allowOnHeadersStopIteration?: boolean;
  /** The only imports and exports that the module may have; default: all. */
  readonly allowedCapabilities?: readonly string[];
}

/** A plugin beside the filter, of the same module. */
export interface FurtherPlugin extends PluginInit {
  /** By which it is logged, and requests and connections name it. */
  readonly name: string;
  /**
   * `filter`: what names it passes it, and not the first; `access-log`: it is told of each stream and
   * connection that is over; `service`: it runs beside them all, by timers and queues, once.
   * Default: `filter`.
   */
  readonly role?: PluginRole;
}

/** A filter, what is around it, and how it is tested. */
export interface FilterOptions extends PluginInit {
  /** Plugins of the same module beside the filter, made in this order behind it. */
  readonly plugins?: readonly FurtherPlugin[];
  /** From which level on lines are kept. Default: info. */
  readonly logLevel?: LogLevel;
  /**
   * What the filter is put in front of, where a module has filters of both kinds. Default: "tcp" for a
   * module that has callbacks of TCP connections and none of HTTP, else "http".
   */
  readonly protocol?: Protocol;
  /** What answers requests that the filter lets through; default: an echo of what it was sent. */
  readonly upstream?: Upstream | UpstreamResponse;
  /** The server behind a TCP filter; null where nobody listens. Default: it sends back what has come. */
  readonly tcpUpstream?: TcpUpstream | null;
  /** The clusters that the filter calls by HTTP. The test answers for them; see `Filter.callout`. */
  readonly clusters?: readonly string[];
  /** The clusters that the filter calls by gRPC. The test answers for them; see `Filter.grpcCallout`. */
  readonly grpcClusters?: readonly string[];
  /** How many bytes of a body, or of a client's on a connection, are held back at most. Default: 1 MiB. */
  readonly bufferLimit?: number;
  /** How long a reply, a callout or a line of the log may be waited for, in milliseconds. Default: 5000. */
  readonly timeout?: number;
  /** What only the host can do: a test that gives any of it is not applicable to a real Envoy. */
  readonly host?: {
    /** What the clock shows at first. Default: 2026-01-01T00:00:00Z. */
    readonly now?: Date;
    /** Properties by path, as `xds.route_name`; they stand before the host's own. */
    readonly properties?: Readonly<Record<string, PropertyValue>>;
    /**
     * How many worker threads there are, each with VMs of its own; given, there is besides a VM in which each
     * plugin is tried, and those of the main thread. Default: one worker, and no more.
     */
    readonly workers?: number;
    /** By what threads take turns, and which worker a stream comes to: the same number, the same order. */
    readonly seed?: number;
  };
}

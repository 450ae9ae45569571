// What a host is made of, as a test gives it.
import type { LogLevel } from "./abi.ts";
import type { Bytes } from "./bytes.ts";
import type { ForeignResult } from "./foreign/functions.ts";
import type { GrpcService } from "./grpc/callout.ts";
import type { Callout, CalloutAnswer } from "./http/callout.ts";
import type { Upstream, UpstreamResponse } from "./http/upstream.ts";
import type { FailurePolicy } from "./plugin.ts";
import type { PropertyValue } from "./properties.ts";
import type { ServiceSpec } from "./services/services.ts";
import type { TcpUpstream } from "./tcp/upstream.ts";

/**
 * What a plugin is for: to filter streams and connections; to be told of each that is over, on its root
 * context; to be handed the filters' statistics, on the main thread alone; or to run beside them all, by
 * timers and queues.
 */
export type PluginRole = "filter" | "access-log" | "stats-sink" | "service";

/** A plugin. Names and defaults are those of the harness for a real Envoy. */
export interface PluginInit {
  /** The plugin's name. Default: `filter` for the first, `plugin-2`, `plugin-3` ... for the others. */
  readonly name?: string;
  /** Which of the module's registrations to use; empty by default. */
  readonly rootId?: string;
  /** The plugin's configuration. */
  readonly configuration?: Bytes;
  /** Plugins of the same module, vmId and vmConfiguration share a VM. Default: the name. */
  readonly vmId?: string;
  readonly vmConfiguration?: Bytes;
  /** The environment variables of the VM. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The only imports and exports that the module may have; default: all. */
  readonly allowedCapabilities?: readonly string[];
  /** Default: FAIL_CLOSED, as in Envoy. */
  readonly failurePolicy?: FailurePolicy;
  /** How old a failed VM is at least before FAIL_RELOAD makes another, in milliseconds. Default: 1000. */
  readonly reloadBackoff?: number;
  /**
   * Whether body callbacks come while the headers are stopped by StopIteration. Default: true; false
   * is Envoy's own default.
   */
  readonly allowOnHeadersStopIteration?: boolean;
}

/** A plugin beside the first. */
export interface FurtherPlugin extends PluginInit {
  /** Default: the module of the first. */
  readonly wasm?: Uint8Array;
  /** Default: `filter`; streams pass it that name it. */
  readonly role?: PluginRole;
  /** Of a service: it runs on the main thread alone. Default: false. */
  readonly singleton?: boolean;
}

/** What a host is made of: its first plugin, a filter, and the world around. */
export interface HostOptions extends PluginInit {
  /** The module, of any language and SDK. */
  readonly wasm: Uint8Array;
  /** Further plugins, made in this order behind the first. */
  readonly plugins?: readonly FurtherPlugin[];
  /**
   * How many worker threads there are, each with VMs of its own; given, there is besides what Envoy has: a
   * VM in which each plugin is tried, and those of the main thread. Default: one worker, and no more.
   */
  readonly workers?: number;
  /**
   * By what threads take turns, and which worker a stream comes to: the same number, the same order.
   * Default: 1.
   */
  readonly seed?: number;
  /** From which level on lines are kept. Default: info. */
  readonly logLevel?: LogLevel | "off";
  /** What answers requests that the filter lets through; default: an echo of what it was sent. */
  readonly upstream?: Upstream | UpstreamResponse;
  /** The server of TCP connections; null where nobody listens. Default: one that echoes. */
  readonly tcpUpstream?: TcpUpstream | null;
  /** The clusters that callouts may name, beside those of `services`; default: all. */
  readonly clusters?: readonly string[];
  /**
   * Real services by the clusters that callouts name: these go there over the network and in real time; only
   * their timeouts stay virtual. They come before `onCallout` and `grpcService`.
   */
  readonly services?: readonly ServiceSpec[];
  /**
   * Answers HTTP callouts: null breaks the connection, undefined leaves the callout to the test, as all are
   * by default.
   */
  readonly onCallout?: (callout: Callout) => CalloutAnswer | null | undefined;
  /** Answers gRPC calls and streams; default: they are left to the test. */
  readonly grpcService?: GrpcService;
  /** The addresses of names; others there are none then. Default: lookups are left to the test. */
  readonly dns?: Readonly<Record<string, readonly string[]>>;
  /**
   * Foreign functions by name, beside Envoy's or in their place. Bytes are answered with Ok; a number is a
   * status without bytes.
   */
  readonly foreignFunctions?: Readonly<Record<string, (argument: Uint8Array) => ForeignResult>>;
  /** Further properties by path, as `xds.route_name`; they stand before the host's own. */
  readonly properties?: Readonly<Record<string, PropertyValue>>;
  /** How often stats sinks are called, in milliseconds of virtual time. Default: 5000, as Envoy's. */
  readonly statsFlushInterval?: number;
  /** What the clock shows at first. Default: 2026-01-01T00:00:00Z. */
  readonly now?: Date;
  /** How many bytes of a body Envoy holds back in each direction. Default: 1 MiB. */
  readonly bufferLimit?: number;
  /** How long a callback may take, in milliseconds of real time. Default: 1000. */
  readonly timeLimit?: number;
}

// Where traffic comes in, where it goes, and which Envoy it goes through: the same for `run` and `dev`.
import type { ClusterSpec } from "./envoy/bootstrap.ts";
import type { LogLevel } from "./envoy/lines.ts";

/** The name of the cluster that answers requests: no --cluster may have it. */
export const UPSTREAM = "upstream";

export interface TrafficOptions {
  /** Null for the built-in echo. */
  readonly upstream: ClusterSpec | null;
  /** The services that filters call. */
  readonly clusters: readonly ClusterSpec[];
  /** 0 takes a free one. */
  readonly port: number;
  /** A path, or a version to fetch; default: found or downloaded. */
  readonly envoy: string | undefined;
  readonly logLevel: LogLevel;
  /** Envoy's worker threads. */
  readonly concurrency: number;
}

// What requests a run sends, and over what.
import type { BenchRequest, Wire } from "./request.ts";

/** The traffic of a run; a sweep changes one of these at a time. */
export interface Traffic {
  readonly request: BenchRequest;
  readonly responseBodyBytes: number;
  readonly wire: Wire;
  /** Connections that carry a burst at once. */
  readonly connections: number;
  /** Envoy's worker threads. */
  readonly workers: number;
}

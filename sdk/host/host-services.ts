import type { Clock } from "./clock.ts";
import type { CallbackRecord } from "./history.ts";
import type { DnsLookup } from "./dns.ts";
import type { ForeignFunction } from "./foreign/functions.ts";
import type { GrpcCallout } from "./grpc/callout.ts";
import type { Callout } from "./http/callout.ts";
import type { Logs } from "./logs.ts";
import type { Metrics } from "./metrics.ts";
import type { SharedData, SharedQueues } from "./shared.ts";
import type { VmFailure } from "./vm.ts";

/** What a gRPC service is to be told. */
export type GrpcEvent =
  | { readonly kind: "called"; readonly callout: GrpcCallout }
  | { readonly kind: "message"; readonly callout: GrpcCallout; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly callout: GrpcCallout };

/** What the VMs of one host have in common. */
export interface HostServices {
  /** The worker's number; null on the main thread. */
  readonly worker: number | null;
  readonly clock: Clock;
  readonly logs: Logs;
  readonly metrics: Metrics;
  readonly sharedData: SharedData;
  readonly sharedQueues: SharedQueues;
  readonly vmConfiguration: Uint8Array;
  /** What WASI's environment holds. */
  readonly environment: ReadonlyMap<string, string>;
  /** The host calls and callbacks that the module may have; null allows all. */
  readonly allowedCapabilities: ReadonlySet<string> | null;
  /** The clusters that callouts may name; null allows all. */
  readonly clusters: ReadonlySet<string> | null;
  /** What `proxy_call_foreign_function` finds, by name. */
  readonly foreignFunctions: ReadonlyMap<string, ForeignFunction>;
  /** Random bytes, the same in every run. */
  random(size: number): Uint8Array;
  /** A callback that is for no stream was entered. */
  recorded(record: CallbackRecord): void;
  /** A VM failed. */
  failed(failure: VmFailure): void;
  /** Something is wrong that Envoy would say nothing of. */
  problem(text: string): void;
  /** A callout waits for its answer. */
  calloutSent(callout: Callout): void;
  /** A name waits for its address. */
  dnsAsked(lookup: DnsLookup): void;
  /** Something has come for a gRPC service. */
  grpcEvent(event: GrpcEvent): void;
  /** Does something when the present callback and all that follows from it is over. */
  post(task: () => void): void;
  /** Does what was posted. */
  settle(): void;
}

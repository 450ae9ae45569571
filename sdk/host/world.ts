// What all VMs of a host have in common, and what they ask of the world outside: it waits here for the test,
// or is answered by what the test has scripted.
import { createHash } from "node:crypto";
import { bytesOf } from "./bytes.ts";
import { Clock } from "./clock.ts";
import type { DnsLookup } from "./dns.ts";
import { ENVOY_FUNCTIONS } from "./foreign/functions.ts";
import type { ForeignFunction } from "./foreign/functions.ts";
import type { GrpcCallout } from "./grpc/callout.ts";
import type { CallbackRecord } from "./history.ts";
import type { GrpcEvent, HostServices } from "./host-services.ts";
import type { Callout } from "./http/callout.ts";
import { Logs } from "./logs.ts";
import { Metrics } from "./metrics.ts";
import type { HostOptions, PluginInit } from "./options.ts";
import { SharedData, SharedQueues } from "./shared.ts";
import type { GrpcConnection } from "./services/grpc.ts";
import { RealServices } from "./services/services.ts";
import type { Thread } from "./thread.ts";
import type { VmFailure } from "./vm.ts";

const DEFAULT_NOW = new Date("2026-01-01T00:00:00Z");
const NS_PER_MS = 1_000_000n;

interface Waiting {
  readonly pending: boolean;
}

export class World {
  readonly clock: Clock;
  readonly logs: Logs;
  readonly metrics = new Metrics();
  readonly sharedData = new SharedData();
  readonly sharedQueues = new SharedQueues();
  readonly failures: VmFailure[] = [];
  readonly problems: string[] = [];
  readonly callbacks: CallbackRecord[] = [];
  readonly #options: HostOptions;
  readonly #foreignFunctions: ReadonlyMap<string, ForeignFunction>;
  readonly #settle: () => void;
  readonly #services: RealServices;
  readonly #grpcConnections = new WeakMap<GrpcCallout, GrpcConnection>();
  #callouts: readonly Callout[] = [];
  #grpcCallouts: readonly GrpcCallout[] = [];
  #dnsLookups: readonly DnsLookup[] = [];
  #randomBlocks = 0;

  /** `settle` does what was posted; `broken` is told of what is thrown where nobody of the test's waits. */
  constructor(options: HostOptions, settle: () => void, broken: (error: unknown) => void) {
    this.#options = options;
    this.#settle = settle;
    const guarded = (step: () => void): void => {
      try {
        step();
        settle();
      } catch (error) {
        broken(error);
      }
    };
    this.#services = new RealServices(options.services ?? [], guarded, (text) =>
      this.problems.push(text),
    );
    this.clock = new Clock(BigInt((options.now ?? DEFAULT_NOW).getTime()) * NS_PER_MS);
    this.logs = new Logs(options.logLevel ?? "info");
    this.#foreignFunctions = new Map<string, ForeignFunction>([
      ...ENVOY_FUNCTIONS,
      ...Object.entries(options.foreignFunctions ?? {}),
    ]);
  }

  get callouts(): readonly Callout[] {
    return (this.#callouts = stillWaiting(this.#callouts));
  }

  get grpcCallouts(): readonly GrpcCallout[] {
    return (this.#grpcCallouts = stillWaiting(this.#grpcCallouts));
  }

  get dnsLookups(): readonly DnsLookup[] {
    return (this.#dnsLookups = stillWaiting(this.#dnsLookups));
  }

  /** What a VM of that plugin works with on that thread. */
  services(thread: Thread, plugin: PluginInit): HostServices {
    const { allowedCapabilities, environment, vmConfiguration } = plugin;
    const { clusters } = this.#options;
    const post = (task: () => void): void => void thread.tasks.push(task);
    return {
      worker: thread.worker,
      clock: this.clock,
      logs: this.logs,
      metrics: this.metrics,
      sharedData: this.sharedData,
      sharedQueues: this.sharedQueues,
      foreignFunctions: this.#foreignFunctions,
      vmConfiguration: bytesOf(vmConfiguration ?? ""),
      environment: new Map(Object.entries(environment ?? {})),
      allowedCapabilities: allowedCapabilities === undefined ? null : new Set(allowedCapabilities),
      clusters: clusters === undefined ? null : new Set([...clusters, ...this.#services.names]),
      random: (size) => this.#random(size),
      recorded: (record) => this.callbacks.push(record),
      failed: (failure) => this.failures.push(failure),
      problem: (text) => this.problems.push(text),
      calloutSent: (callout) => {
        this.#callouts = [...this.callouts, callout];
        post(() => {
          this.#answerCallout(callout);
        });
      },
      dnsAsked: (lookup) => {
        this.#dnsLookups = [...this.dnsLookups, lookup];
        post(() => {
          this.#answerLookup(lookup);
        });
      },
      grpcEvent: (event) => {
        if (event.kind === "called") this.#grpcCallouts = [...this.grpcCallouts, event.callout];
        post(() => {
          this.#tellService(event);
        });
      },
      post,
      settle: this.#settle,
    };
  }

  /** Closes the connections to services. */
  close(): void {
    this.#services.close();
  }

  #answerCallout(callout: Callout): void {
    if (!callout.pending || this.#services.send(callout)) return;
    const answer = this.#options.onCallout?.(callout);
    if (answer === null) callout.fail();
    else if (answer !== undefined) callout.respond(answer);
  }

  #answerLookup(lookup: DnsLookup): void {
    const { dns } = this.#options;
    if (dns === undefined || !lookup.pending) return;
    const addresses = dns[lookup.name];
    if (addresses === undefined) lookup.fail();
    else lookup.respond(addresses.map((address) => ({ address })));
  }

  #tellService(event: GrpcEvent): void {
    const { grpcService = {} } = this.#options;
    const { callout } = event;
    if (!callout.pending) return;
    const connection =
      event.kind === "called"
        ? this.#services.connectGrpc(callout)
        : this.#grpcConnections.get(callout);
    if (connection !== null && connection !== undefined) {
      this.#grpcConnections.set(callout, connection);
      if (event.kind === "message") connection.send(event.bytes);
      else if (event.kind === "end") connection.end();
      return;
    }
    if (event.kind === "message") grpcService.message?.(event.bytes, event.callout);
    else grpcService[event.kind]?.(event.callout);
  }

  #random(size: number): Uint8Array {
    const blocks: Buffer[] = [];
    for (let length = 0; length < size; length += 32) {
      blocks.push(createHash("sha256").update(`random ${this.#randomBlocks++}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, size);
  }
}

function stillWaiting<T extends Waiting>(list: readonly T[]): readonly T[] {
  return list.filter(({ pending }) => pending);
}

// A Proxy-Wasm module on Node's V8 with Envoy's semantics: what a test of a filter needs, without Envoy.
import { createHash } from "node:crypto";
import { bytesOf, utf8 } from "./bytes.ts";
import type { Bytes } from "./bytes.ts";
import { Clock } from "./clock.ts";
import type { CallbackRecord } from "./history.ts";
import type { DnsLookup } from "./dns.ts";
import { ENVOY_FUNCTIONS } from "./foreign/functions.ts";
import type { ForeignResult } from "./foreign/functions.ts";
import type { GrpcCallout, GrpcService } from "./grpc/callout.ts";
import type { HostServices } from "./host-services.ts";
import type { Callout, CalloutAnswer } from "./http/callout.ts";
import { Exchange } from "./http/exchange.ts";
import type { Reply } from "./http/exchange.ts";
import { requestParts } from "./http/request.ts";
import type { RequestInit } from "./http/request.ts";
import { echo } from "./http/upstream.ts";
import type { Upstream, UpstreamResponse } from "./http/upstream.ts";
import { Logs } from "./logs.ts";
import { Metrics } from "./metrics.ts";
import { loadModule } from "./module.ts";
import { Plugin } from "./plugin.ts";
import type { FailurePolicy } from "./plugin.ts";
import { propertyBytes } from "./properties.ts";
import type { PropertyValue } from "./properties.ts";
import { SharedData, SharedQueues } from "./shared.ts";
import { TcpConnection } from "./tcp/connection.ts";
import { tcpEcho } from "./tcp/upstream.ts";
import type { TcpUpstream } from "./tcp/upstream.ts";
import type { VmFailure } from "./vm.ts";
import type { LogLevel } from "./abi.ts";

/** What a host is made of. Names and defaults are those of the harness for a real Envoy. */
export interface HostOptions {
  /** The module, of any language and SDK. */
  readonly wasm: Uint8Array;
  /** The plugin's name. Default: `filter`. */
  readonly name?: string;
  /** Which of the module's registrations to use; empty by default. */
  readonly rootId?: string;
  /** The plugin's configuration. */
  readonly configuration?: Bytes;
  /** Default: the name. */
  readonly vmId?: string;
  readonly vmConfiguration?: Bytes;
  /** The environment variables of the VM. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The only imports and exports that the module may have; default: all. */
  readonly allowedCapabilities?: readonly string[];
  /** Default: FAIL_CLOSED, as in Envoy. */
  readonly failurePolicy?: FailurePolicy;
  /**
   * Whether body callbacks come while the headers are stopped by StopIteration. Default: true; false
   * is Envoy's own default.
   */
  readonly allowOnHeadersStopIteration?: boolean;
  /** From which level on lines are kept. Default: info. */
  readonly logLevel?: LogLevel | "off";
  /** What answers requests that the filter lets through; default: an echo of what it was sent. */
  readonly upstream?: Upstream | UpstreamResponse;
  /** The server of TCP connections; null where nobody listens. Default: one that echoes. */
  readonly tcpUpstream?: TcpUpstream | null;
  /** The clusters that callouts may name; default: all. */
  readonly clusters?: readonly string[];
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
  /** What the clock shows at first. Default: 2026-01-01T00:00:00Z. */
  readonly now?: Date;
  /** How many bytes of a body Envoy holds back in each direction. Default: 1 MiB. */
  readonly bufferLimit?: number;
  /** How long a callback may take, in milliseconds of real time. Default: 1000. */
  readonly timeLimit?: number;
}

const DEFAULT_NOW = new Date("2026-01-01T00:00:00Z");
const DEFAULT_BUFFER_LIMIT = 1024 * 1024;
const DEFAULT_TIME_LIMIT_MS = 1000;

/**
 * Loads a module and configures its plugin. Throws a ToolError for what Envoy would refuse: a module that
 * is none, one that traps or calls the host at its start, a configuration that it refuses.
 */
export function createHost(options: HostOptions): Promise<Host> {
  // All of it happens at once today; the promise leaves room for modules that are compiled aside.
  return Promise.resolve().then(() => new Host(options));
}

export class Host implements AsyncDisposable {
  /** What the filter logged. */
  readonly logs: Logs;
  readonly metrics = new Metrics();
  /** Each time a VM failed, in order. */
  readonly failures: VmFailure[] = [];
  /** What is wrong and Envoy says nothing of: an allocator that answers nonsense. */
  readonly problems: string[] = [];
  /** Every callback so far that was for no stream, with what it asked of the host. */
  readonly callbacks: CallbackRecord[] = [];

  readonly #clock: Clock;
  readonly #options: HostOptions;
  readonly #services: HostServices;
  readonly #plugin: Plugin;
  readonly #properties: ReadonlyMap<string, Uint8Array>;
  readonly #open = new Set<Exchange>();
  readonly #openConnections = new Set<TcpConnection>();
  readonly #tasks: (() => void)[] = [];
  #callouts: Callout[] = [];
  #grpcCallouts: GrpcCallout[] = [];
  #dnsLookups: DnsLookup[] = [];
  #connections = 0;
  #settling = false;
  #randomBlocks = 0;
  #closed = false;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#clock = new Clock(BigInt((options.now ?? DEFAULT_NOW).getTime()) * 1_000_000n);
    this.logs = new Logs(options.logLevel ?? "info");
    this.#properties = new Map(
      Object.entries(options.properties ?? {}).map(([path, value]) => [path, propertyBytes(value)]),
    );
    this.#services = this.#makeServices();
    this.#plugin = new Plugin(this.#services, loadModule(options.wasm), {
      identity: {
        name: options.name ?? "filter",
        rootId: options.rootId ?? "",
        vmId: options.vmId ?? options.name ?? "filter",
      },
      configuration: bytesOf(options.configuration ?? ""),
      failurePolicy: options.failurePolicy ?? "FAIL_CLOSED",
      timeLimit: options.timeLimit ?? DEFAULT_TIME_LIMIT_MS,
    });
    this.settle();
  }

  /** Callouts that wait for an answer, in the order in which they were made. */
  get callouts(): readonly Callout[] {
    this.#callouts = this.#callouts.filter((callout) => callout.pending);
    return this.#callouts;
  }

  /** gRPC calls and streams that go on, in the order in which they were made. */
  get grpcCallouts(): readonly GrpcCallout[] {
    this.#grpcCallouts = this.#grpcCallouts.filter((callout) => callout.pending);
    return this.#grpcCallouts;
  }

  /** Names that the filter asked for and that wait for an answer. */
  get dnsLookups(): readonly DnsLookup[] {
    this.#dnsLookups = this.#dnsLookups.filter((lookup) => lookup.pending);
    return this.#dnsLookups;
  }

  /** What the clock shows. */
  get now(): Date {
    return new Date(Number(this.#clock.now / 1_000_000n));
  }

  /** Sends a request; answers when the response is complete. */
  async request(request: RequestInit = {}): Promise<Reply> {
    return await this.open(request).reply;
  }

  /** Sends a request, or as much of it as is given, and shows the stream while it goes on. */
  open(request: RequestInit = {}): Exchange {
    if (this.#closed) throw new Error("the host is closed");
    const { upstream = echo } = this.#options;
    const exchange = new Exchange(
      {
        host: this.#services,
        connectionId: this.#connections++,
        root: this.#plugin.rootForStream(),
        allowHeadersStopIteration: this.#options.allowOnHeadersStopIteration ?? true,
        upstream: request.upstream ?? (typeof upstream === "function" ? upstream : () => upstream),
        bufferLimit: this.#options.bufferLimit ?? DEFAULT_BUFFER_LIMIT,
        properties: this.#properties,
      },
      () => {
        this.#open.delete(exchange);
      },
    );
    this.#open.add(exchange);
    exchange.start(requestParts(request, this.#uuid()));
    return exchange;
  }

  /** Opens a TCP connection through the filter, to `upstream` or the host's own server. */
  connect(connection: { readonly upstream?: TcpUpstream | null } = {}): TcpConnection {
    if (this.#closed) throw new Error("the host is closed");
    const { bufferLimit = DEFAULT_BUFFER_LIMIT, tcpUpstream = tcpEcho } = this.#options;
    const opened = new TcpConnection({
      host: this.#services,
      connectionId: this.#connections++,
      root: this.#plugin.rootForStream(),
      upstream: connection.upstream === undefined ? tcpUpstream : connection.upstream,
      bufferLimit,
      properties: this.#properties,
      onClose: () => {
        this.#openConnections.delete(opened);
      },
    });
    this.#openConnections.add(opened);
    opened.start();
    return opened;
  }

  /** Moves virtual time on: timers run, callouts time out. */
  advance(milliseconds: number): void {
    this.#clock.advance(milliseconds);
    this.settle();
  }

  /** The value of a key of the plugin's shared data as text; null when it is not set. */
  sharedData(key: string): string | null {
    const { vmId } = this.#plugin.identity;
    const found = this.#services.sharedData.get(vmId, Buffer.from(key).toString("latin1"));
    return found === null ? null : utf8(found.value);
  }

  /** Ends the plugin as Envoy does; what still waits for a response is told that there will be none. */
  close(): Promise<void> {
    return Promise.resolve().then(() => {
      if (this.#closed) return;
      this.#closed = true;
      for (const exchange of [...this.#open]) exchange.abandon();
      for (const connection of [...this.#openConnections]) connection.stop();
      this.#plugin.close();
      this.settle();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Does what was put off, and what follows from it. */
  settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    try {
      for (let task = this.#tasks.shift(); task !== undefined; task = this.#tasks.shift()) task();
    } finally {
      this.#settling = false;
    }
  }

  #uuid(): string {
    const hex = createHash("sha256").update(`id ${this.#connections}`).digest("hex");
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `a${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join("-");
  }

  #random(size: number): Uint8Array {
    const blocks: Buffer[] = [];
    for (let length = 0; length < size; length += 32) {
      blocks.push(createHash("sha256").update(`random ${this.#randomBlocks++}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, size);
  }

  #makeServices(): HostServices {
    const { allowedCapabilities, clusters, environment, vmConfiguration } = this.#options;
    return {
      clock: this.#clock,
      logs: this.logs,
      metrics: this.metrics,
      sharedData: new SharedData(),
      sharedQueues: new SharedQueues(),
      vmConfiguration: bytesOf(vmConfiguration ?? ""),
      environment: new Map(Object.entries(environment ?? {})),
      allowedCapabilities: allowedCapabilities === undefined ? null : new Set(allowedCapabilities),
      clusters: clusters === undefined ? null : new Set(clusters),
      foreignFunctions: new Map([
        ...ENVOY_FUNCTIONS,
        ...Object.entries(this.#options.foreignFunctions ?? {}),
      ]),
      random: (size) => this.#random(size),
      recorded: (record) => this.callbacks.push(record),
      failed: (failure) => this.failures.push(failure),
      problem: (text) => this.problems.push(text),
      calloutSent: (callout) => {
        this.#callouts.push(callout);
        this.#tasks.push(() => {
          const answer = callout.pending ? this.#options.onCallout?.(callout) : undefined;
          if (answer === null) callout.fail();
          else if (answer !== undefined) callout.respond(answer);
        });
      },
      dnsAsked: (lookup) => {
        this.#dnsLookups.push(lookup);
        this.#tasks.push(() => {
          const addresses = this.#options.dns?.[lookup.name];
          if (!lookup.pending || this.#options.dns === undefined) return;
          if (addresses === undefined) lookup.fail();
          else lookup.respond(addresses.map((address) => ({ address })));
        });
      },
      grpcEvent: (event) => {
        const { callout, kind } = event;
        if (kind === "called") this.#grpcCallouts.push(callout);
        this.#tasks.push(() => {
          const { grpcService = {} } = this.#options;
          if (!callout.pending) return;
          if (kind === "message") grpcService.message?.(event.bytes, callout);
          else grpcService[kind]?.(callout);
        });
      },
      post: (task) => this.#tasks.push(task),
      settle: () => {
        this.settle();
      },
    };
  }
}

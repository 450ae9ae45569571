// A Proxy-Wasm module on Node's V8 with Envoy's semantics: what a test of a filter needs, without Envoy.
import { createHash } from "node:crypto";
import { messageOf } from "../errors.ts";
import { seededRandom } from "../seeded-random.ts";
import { bytesOf, utf8 } from "./bytes.ts";
import type { Bytes } from "./bytes.ts";
import type { DnsLookup } from "./dns.ts";
import type { GrpcCallout } from "./grpc/callout.ts";
import type { CallbackRecord } from "./history.ts";
import type { Callout } from "./http/callout.ts";
import { Exchange } from "./http/exchange.ts";
import type { Reply } from "./http/exchange.ts";
import { requestParts } from "./http/request.ts";
import type { RequestInit, RequestParts } from "./http/request.ts";
import { echo } from "./http/upstream.ts";
import type { Logs } from "./logs.ts";
import type { Metrics } from "./metrics.ts";
import type { HostOptions } from "./options.ts";
import { Plugins } from "./plugins.ts";
import { propertyBytes } from "./properties.ts";
import { TcpConnection } from "./tcp/connection.ts";
import { tcpEcho } from "./tcp/upstream.ts";
import type { TcpUpstream } from "./tcp/upstream.ts";
import { takeTurns } from "./thread.ts";
import type { TaskQueue, Thread } from "./thread.ts";
import type { VmFailure } from "./vm.ts";
import { World } from "./world.ts";

const DEFAULT_BUFFER_LIMIT = 1024 * 1024;
const DEFAULT_SEED = 1;
const DEFAULT_STATS_FLUSH_MS = 5000;

/** A TCP connection as a test asks for it. */
export interface ConnectionInit {
  /** The server; null where nobody listens. Default: the host's. */
  readonly upstream?: TcpUpstream | null;
  /** The filter, by its plugin's name. Default: the first. */
  readonly plugin?: string;
  /** The worker's number, from 0. Default: drawn from the host's seed. */
  readonly worker?: number;
}

/** A shared queue, from outside. */
export interface HostQueue {
  /** Puts an item in: who registered it last is told. */
  enqueue(item: Bytes): void;
  /** Takes the first item out; null when there is none. */
  dequeue(): Uint8Array | null;
}

/**
 * Loads a module and configures its plugin. Throws a ToolError for what Envoy would refuse: a module that
 * is none, one that traps or calls the host at its start, a configuration that it refuses.
 */
export function createHost(options: HostOptions): Promise<Host> {
  // All of it happens at once today; the promise leaves room for modules that are compiled aside.
  return Promise.resolve().then(() => new Host(options));
}

export class Host implements AsyncDisposable {
  readonly #options: HostOptions;
  readonly #world: World;
  readonly #plugins: Plugins;
  readonly #random: () => number;
  readonly #properties: ReadonlyMap<string, Uint8Array>;
  readonly #open = new Set<Exchange>();
  readonly #openConnections = new Set<TcpConnection>();
  #connections = 0;
  #settling = false;
  #closed = false;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? DEFAULT_SEED);
    this.#properties = new Map(
      Object.entries(options.properties ?? {}).map(([path, value]) => [path, propertyBytes(value)]),
    );
    const world = new World(
      options,
      () => {
        this.settle();
      },
      (error) => {
        this.#broken(error);
      },
    );
    this.#world = world;
    this.#plugins = new Plugins(
      options,
      (thread, plugin) => world.services(thread, plugin),
      this.#random,
    );
    this.#flushLater();
    this.settle();
  }

  /** What the filter logged. */
  get logs(): Logs {
    return this.#world.logs;
  }

  get metrics(): Metrics {
    return this.#world.metrics;
  }

  /** Each time a VM failed, in order. */
  get failures(): readonly VmFailure[] {
    return this.#world.failures;
  }

  /** What is wrong and Envoy says nothing of, or does not survive: an allocator that answers nonsense. */
  get problems(): readonly string[] {
    return this.#world.problems;
  }

  /** Every callback so far that was for no stream, with what it asked of the host. */
  get callbacks(): readonly CallbackRecord[] {
    return this.#world.callbacks;
  }

  /** Callouts that wait for an answer, in the order in which they were made. */
  get callouts(): readonly Callout[] {
    return this.#world.callouts;
  }

  /** gRPC calls and streams that go on, in the order in which they were made. */
  get grpcCallouts(): readonly GrpcCallout[] {
    return this.#world.grpcCallouts;
  }

  /** Names that the filter asked for and that wait for an answer. */
  get dnsLookups(): readonly DnsLookup[] {
    return this.#world.dnsLookups;
  }

  /** What the clock shows. */
  get now(): Date {
    return new Date(Number(this.#world.clock.now / 1_000_000n));
  }

  /** Sends a request; answers when the response is complete. */
  async request(request: RequestInit = {}): Promise<Reply> {
    return await this.open(request).reply;
  }

  /** Sends a request, or as much of it as is given, and shows the stream while it goes on. */
  open(request: RequestInit = {}): Exchange {
    const { exchange, parts } = this.#exchange(request);
    exchange.start(parts);
    return exchange;
  }

  /**
   * Sends requests side by side: their headers, chunks and ends, and what the threads have to do meanwhile,
   * take turns as the host's seed has it. Answers when all responses are complete.
   */
  async together(requests: readonly RequestInit[]): Promise<readonly Reply[]> {
    const begun = requests.map((request) => this.#exchange(request));
    this.#takeTurns(begun.map(({ exchange, parts }) => exchange.steps(parts)));
    return await Promise.all(begun.map(({ exchange }) => exchange.reply));
  }

  /** Opens a TCP connection through the filter, to `upstream` or the host's own server. */
  connect(connection: ConnectionInit = {}): TcpConnection {
    this.#expectOpen();
    const { bufferLimit = DEFAULT_BUFFER_LIMIT, tcpUpstream = tcpEcho } = this.#options;
    const thread = this.#thread(connection.worker);
    const { init, root } = this.#plugins.forStream(connection.plugin, thread);
    const opened = new TcpConnection({
      host: this.#world.services(thread, init),
      connectionId: this.#connections++,
      root,
      upstream: connection.upstream === undefined ? tcpUpstream : connection.upstream,
      bufferLimit,
      properties: this.#properties,
      onLog: (source) => {
        this.#plugins.log(thread, source);
      },
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
    this.#world.clock.advance(milliseconds);
    this.settle();
  }

  /** The value of a key of the shared data as text, of the first plugin's VM id; null when it is not set. */
  sharedData(key: string, vmId = this.#plugins.first.identity.vmId): string | null {
    const found = this.#world.sharedData.get(vmId, Buffer.from(key).toString("latin1"));
    return found === null ? null : utf8(found.value);
  }

  /** A queue that was registered for the first plugin's VM id; null when it was not. */
  queue(name: string, vmId = this.#plugins.first.identity.vmId): HostQueue | null {
    const { sharedQueues } = this.#world;
    const id = sharedQueues.resolve(vmId, Buffer.from(name).toString("latin1"));
    if (id === null) return null;
    return {
      enqueue: (item) => {
        sharedQueues.enqueue(id, bytesOf(item));
        this.settle();
      },
      dequeue: () => {
        const item = sharedQueues.dequeue(id);
        return typeof item === "number" ? null : item;
      },
    };
  }

  /** Ends the plugins as Envoy does; what still waits for a response is told that there will be none. */
  close(): Promise<void> {
    return Promise.resolve().then(() => {
      if (this.#closed) return;
      this.#closed = true;
      for (const exchange of [...this.#open]) exchange.abandon();
      for (const connection of [...this.#openConnections]) connection.stop();
      this.#plugins.close();
      this.settle();
      this.#world.close();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Does what was put off, and what follows from it. */
  settle(): void {
    this.#takeTurns([]);
  }

  #takeTurns(queues: readonly TaskQueue[]): void {
    if (this.#settling) return;
    this.#settling = true;
    try {
      takeTurns([...this.#plugins.threads.map(({ tasks }) => tasks), ...queues], this.#random);
    } finally {
      this.#settling = false;
    }
  }

  #flushLater(): void {
    this.#world.clock.after(this.#options.statsFlushInterval ?? DEFAULT_STATS_FLUSH_MS, () => {
      this.#plugins.flushStatistics(() => this.metrics.flush());
      this.#flushLater();
    });
  }

  /** Who waits for a response is told, whichever stream it was: an answer of a service has no caller. */
  #broken(error: unknown): void {
    this.#world.problems.push(messageOf(error));
    for (const exchange of [...this.#open]) exchange.break(error);
  }

  #expectOpen(): void {
    if (this.#closed) throw new Error("the host is closed");
  }

  #thread(worker?: number): Thread {
    const { workers } = this.#plugins;
    const drawn = workers.length > 1 ? Math.floor(this.#random() * workers.length) : 0;
    const thread = workers[worker ?? drawn];
    if (thread === undefined) throw new Error(`the host has no worker ${worker ?? drawn}`);
    return thread;
  }

  #exchange(request: RequestInit): { readonly exchange: Exchange; readonly parts: RequestParts } {
    this.#expectOpen();
    const { upstream = echo } = this.#options;
    const thread = this.#thread(request.worker);
    const { init, root } = this.#plugins.forStream(request.plugin, thread);
    const exchange = new Exchange(
      {
        host: this.#world.services(thread, init),
        connectionId: this.#connections++,
        root,
        allowHeadersStopIteration: init.allowOnHeadersStopIteration ?? true,
        upstream: request.upstream ?? (typeof upstream === "function" ? upstream : () => upstream),
        bufferLimit: this.#options.bufferLimit ?? DEFAULT_BUFFER_LIMIT,
        properties: this.#properties,
        onLog: (source) => {
          this.#plugins.log(thread, source);
        },
      },
      () => {
        this.#open.delete(exchange);
      },
    );
    this.#open.add(exchange);
    return { exchange, parts: requestParts(request, this.#uuid()) };
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
}

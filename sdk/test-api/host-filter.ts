// Filters on the in-process host.
import { ToolError } from "../errors.ts";
import type { Bytes } from "../host/bytes.ts";
import { createHost } from "../host/host.ts";
import type { Host, HostQueue } from "../host/host.ts";
import type { RequestInit } from "../host/http/request.ts";
import { PluginTrapped } from "../host/plugin-trapped.ts";
import { NO_TIME_LIMIT_MS } from "../host/time-limit.ts";
import { explainHostTrap, formatTrap, trapAsError } from "../trap/index.ts";
import type { TrapReport } from "../trap/index.ts";
import type { Callout, FilterLogs, Need, Reply, Stream } from "./api.ts";
import { checkConnection } from "./check-connection.ts";
import { configurationBytes } from "./configuration.ts";
import { checkWanted } from "./further-plugins.ts";
import type { GrpcCallout } from "./grpc-api.ts";
import { historyText } from "./history-text.ts";
import type { StreamRecord } from "./history-text.ts";
import { calloutOf } from "./host-callout.ts";
import { HostConnection } from "./host-connection.ts";
import { HostGrpcCallout } from "./host-grpc-callout.ts";
import { logsOf } from "./host-logs.ts";
import { HostStream } from "./host-stream.ts";
import type { BackendFilter, LoadedModule, LoadOn } from "./load-filter.ts";
import { checkNeeds } from "./not-applicable.ts";
import type { FilterOptions, Protocol } from "./options.ts";
import { pluginOptions } from "./plugin-options.ts";
import { checkProtocol } from "./protocol.ts";
import type { Connection, ConnectionInit } from "./tcp-api.ts";
import { currentRun } from "./test-run.ts";
import { DEFAULT_TIMEOUT_MS, noCallout } from "./waiting.ts";

/** Loads a module into a host of its own. */
export const loadOnHost: LoadOn = async (module, options, protocol) => {
  const { logLevel, upstream, tcpUpstream, bufferLimit, plugins = [] } = options;
  const { name, wasm } = module;
  const host = await createHost({
    ...pluginOptions(options),
    ...options.host,
    wasm,
    name,
    configuration: configurationBytes(options.configuration),
    plugins: plugins.map((plugin) => ({
      ...pluginOptions(plugin),
      name: plugin.name,
      role: plugin.role ?? "filter",
      singleton: true,
      configuration: configurationBytes(plugin.configuration),
    })),
    // As in Envoy: a cluster that nobody has set up is not there.
    clusters: [...(options.clusters ?? []), ...(options.grpcClusters ?? [])],
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(upstream === undefined ? {} : { upstream }),
    ...(tcpUpstream === undefined ? {} : { tcpUpstream }),
    ...(bufferLimit === undefined ? {} : { bufferLimit }),
    ...(currentRun().debugging ? { timeLimit: NO_TIME_LIMIT_MS } : {}),
  }).catch((error: unknown) => {
    if (!(error instanceof PluginTrapped)) throw error;
    throw trapAsError(explainHostTrap(error.failure, module.sources()), error, error.detail ?? "");
  });
  return new HostFilter(host, module, protocol, options);
};

class HostFilter implements BackendFilter {
  readonly on = "host";
  readonly logs: FilterLogs;
  readonly protocol: Protocol;
  readonly #host: Host;
  readonly #module: LoadedModule;
  readonly #options: FilterOptions;
  readonly #timeout: number;
  readonly #grpcClusters: ReadonlySet<string>;
  /** What there is to say of each stream and connection, when somebody asks. */
  readonly #streams: (() => StreamRecord)[] = [];
  /** The callouts that the test has been handed. */
  readonly #taken = new Set<object>();

  constructor(host: Host, module: LoadedModule, protocol: Protocol, options: FilterOptions) {
    this.#host = host;
    this.#module = module;
    this.protocol = protocol;
    this.#options = options;
    this.#timeout = options.timeout ?? DEFAULT_TIMEOUT_MS;
    this.#grpcClusters = new Set(options.grpcClusters ?? []);
    this.logs = logsOf(host);
  }

  get traps(): readonly TrapReport[] {
    return this.#host.failures.map((failure) => explainHostTrap(failure, this.#module.sources()));
  }

  needs(...needs: readonly Need[]): void {
    checkNeeds(this.on, needs);
  }

  async request(request: RequestInit = {}): Promise<Reply> {
    const stream = await this.open(request);
    return await stream.reply;
  }

  open(request: RequestInit = {}): Promise<Stream> {
    // Within the promise: what the host throws is the promise's.
    return Promise.resolve().then(() => {
      const { plugin } = request;
      checkProtocol(this.protocol, "http");
      if (plugin !== undefined) checkWanted(this.#module.name, this.#options, plugin);
      const exchange = this.#host.open(request);
      this.#streams.push(() => {
        const { status } = exchange.response;
        const outcome = status === 0 ? "no response" : String(status);
        const title = `${request.method ?? "GET"} ${request.path ?? "/"}: ${outcome}`;
        return { title, callbacks: exchange.callbacks };
      });
      return new HostStream(exchange, this.#timeout);
    });
  }

  connect(init: ConnectionInit = {}): Promise<Connection> {
    return Promise.resolve().then(() => {
      checkConnection(this.protocol, this.#module.name, this.#options, init);
      const connection = this.#host.connect(init);
      this.#streams.push(() => {
        const title = `connection: ${connection.closed ? "closed" : "open"}`;
        return { title, callbacks: connection.callbacks };
      });
      return new HostConnection(connection);
    });
  }

  callout(): Promise<Callout> {
    return Promise.resolve().then(() => calloutOf(this.#next(this.#host.callouts, "clusters")));
  }

  grpcCallout(): Promise<GrpcCallout> {
    return Promise.resolve().then(() => {
      const { grpcCallouts } = this.#host;
      const ours = grpcCallouts.filter(({ cluster }) => this.#grpcClusters.has(cluster));
      return new HostGrpcCallout(this.#next(ours, "grpcClusters"));
    });
  }

  metric(name: string): Promise<number | undefined> {
    return Promise.resolve(this.#host.metrics.value(name));
  }

  metrics(): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(this.#host.metrics.all());
  }

  recorded(histogram: string): Promise<readonly number[]> {
    return Promise.resolve(this.#host.metrics.recorded(histogram));
  }

  sharedData(key: string): Promise<string | null> {
    return Promise.resolve(this.#host.sharedData(key));
  }

  enqueue(queue: string, item: Bytes): Promise<void> {
    return Promise.resolve().then(() => {
      this.#queue(queue).enqueue(item);
    });
  }

  dequeue(queue: string): Promise<Uint8Array | null> {
    return Promise.resolve().then(() => this.#queue(queue).dequeue());
  }

  advance(milliseconds: number): Promise<void> {
    return Promise.resolve().then(() => {
      this.#host.advance(milliseconds);
    });
  }

  close(): Promise<void> {
    return this.#host.close();
  }

  history(): string {
    const streams = this.#streams.map((record) => record());
    return [
      historyText(this.#host.callbacks, streams, currentRun().trace),
      ...this.traps.map(formatTrap),
      ...this.#host.problems,
      ...this.logs.lines.slice(-20).map(({ level, text }) => `logged ${level}: ${text}`),
    ].join("\n");
  }

  #queue(name: string): HostQueue {
    const queue = this.#host.queue(name);
    if (queue !== null) return queue;
    const { vmId = this.#module.name } = this.#options;
    throw new ToolError("ERR_USAGE", `nobody has registered a queue ${JSON.stringify(name)}`, {
      hint: `The filter's queues are those of the vmId ${JSON.stringify(vmId)}; see the option \`vmId\`.`,
    });
  }

  /** The next callout that the test has not been handed yet. */
  #next<T extends object>(waiting: readonly T[], option: "clusters" | "grpcClusters"): T {
    const next = waiting.find((each) => !this.#taken.has(each));
    if (next === undefined) throw noCallout(option, null);
    this.#taken.add(next);
    return next;
  }
}

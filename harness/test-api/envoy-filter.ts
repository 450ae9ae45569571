// Filters in a real Envoy: one Envoy for each, with an upstream and services in this process.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ToolError } from "../../sdk/errors.ts";
import type { RequestInit } from "../../sdk/host/http/request.ts";
import { tcpEcho } from "../../sdk/host/tcp/upstream.ts";
import type { Callout, FilterLogs, Need, Reply, Stream } from "../../sdk/test-api/api.ts";
import { checkConnection } from "../../sdk/test-api/check-connection.ts";
import { checkWanted } from "../../sdk/test-api/further-plugins.ts";
import type { GrpcCallout } from "../../sdk/test-api/grpc-api.ts";
import type { BackendFilter, LoadOn } from "../../sdk/test-api/load-filter.ts";
import { checkNeeds } from "../../sdk/test-api/not-applicable.ts";
import type { FilterOptions, Protocol } from "../../sdk/test-api/options.ts";
import { checkProtocol } from "../../sdk/test-api/protocol.ts";
import type { Connection, ConnectionInit } from "../../sdk/test-api/tcp-api.ts";
import { currentRun } from "../../sdk/test-api/test-run.ts";
import { DEFAULT_TIMEOUT_MS } from "../../sdk/test-api/waiting.ts";
import { formatTrap, trapAsError } from "../../sdk/trap/index.ts";
import type { TrapReport } from "../../sdk/trap/index.ts";
import { locateEnvoy } from "../envoy/locate.ts";
import { startEnvoy } from "../envoy/process.ts";
import type { RunningEnvoy } from "../envoy/process.ts";
import { guardedFolder } from "../guarded-folder.ts";
import { Activity } from "./activity.ts";
import { Services } from "./callouts.ts";
import { ClientStream } from "./client-stream.ts";
import { BARRIER, listenerOf, testBootstrap } from "./envoy-bootstrap.ts";
import { openConnection } from "./envoy-connection.ts";
import { EnvoyLog } from "./envoy-log.ts";
import { EnvoyStream, notHere } from "./envoy-stream.ts";
import { GrpcServices } from "./grpc-services.ts";
import { settlerFor } from "./settle.ts";
import type { Settler } from "./settle.ts";
import { TcpServer } from "./tcp-server.ts";
import { Expected, TestUpstream } from "./upstream.ts";

/** What Envoy puts before the names of a filter's metrics. */
const NAMESPACE = "wasmcustom.";

/** Loads a module into an Envoy of its own. */
export const loadOnEnvoy: LoadOn = async (module, options, protocol) => {
  const { timeout = DEFAULT_TIMEOUT_MS } = options;
  const cleanup: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let end = cleanup.pop(); end !== undefined; end = cleanup.pop()) await end();
  };
  try {
    const folder = await guardedFolder();
    cleanup.push(() => folder.remove());
    const path = join(folder.path, "filter.wasm");
    await writeFile(path, module.wasm);
    const upstream = await TestUpstream.start(options.upstream);
    cleanup.push(() => upstream.close());
    const services = await Services.start(options.clusters ?? []);
    cleanup.push(() => services.close());
    const activity = new Activity(timeout);
    const server = await TcpServer.start();
    cleanup.push(() => server.close());
    const grpc = await GrpcServices.start(options.grpcClusters ?? [], activity);
    cleanup.push(() => grpc.close());
    const further = (options.plugins ?? []).map(({ name }) => name);
    const log = new EnvoyLog([module.name, ...further], module.sources(), timeout);
    const envoy = await startEnvoy({
      binary: (await locateEnvoy({ path: currentRun().envoy })).path,
      bootstrap: testBootstrap({
        name: module.name,
        module: path,
        options,
        protocol,
        upstreamPort: protocol === "tcp" ? server.port : upstream.port,
        clusters: [...services.clusters, ...grpc.clusters],
      }),
      filterLogLevel: options.logLevel ?? "info",
      onLine: log.add,
    }).catch((error: unknown) => {
      const [trap] = log.traps;
      if (trap === undefined || !(error instanceof ToolError)) throw error;
      log.started();
      throw trapAsError(trap, error, log.text().trimEnd());
    });
    cleanup.push(() => envoy.stop());
    const settler = settlerFor(envoy.port(BARRIER));
    cleanup.push(() => settler.close());
    const settled = (): Promise<void> => settler.settled();
    services.settleBy(settled);
    upstream.settleBy(settled);
    activity.settleBy(settled);
    // Each worker configures the filter for itself, and has done so then.
    await settler.settled();
    log.started();
    const around = { envoy, upstream, services, grpc, server, activity, log, settler };
    return new EnvoyFilter({ ...around, cleanup, stop }, module.name, options, protocol);
  } catch (error) {
    await stop();
    throw error;
  }
};

/** What stands around a filter in Envoy. */
interface Surroundings {
  readonly envoy: RunningEnvoy;
  readonly upstream: TestUpstream;
  readonly services: Services;
  readonly grpc: GrpcServices;
  readonly server: TcpServer;
  readonly activity: Activity;
  readonly log: EnvoyLog;
  readonly settler: Settler;
  /** What is done at its end, the last first. */
  readonly cleanup: (() => Promise<void>)[];
  stop(): Promise<void>;
}

class EnvoyFilter implements BackendFilter {
  readonly on = "envoy";
  readonly protocol: Protocol;
  readonly #around: Surroundings;
  readonly #name: string;
  readonly #options: FilterOptions;
  readonly #timeout: number;
  readonly #sent: string[] = [];

  constructor(around: Surroundings, name: string, options: FilterOptions, protocol: Protocol) {
    this.protocol = protocol;
    this.#around = around;
    this.#name = name;
    this.#options = options;
    this.#timeout = options.timeout ?? DEFAULT_TIMEOUT_MS;
  }

  get logs(): FilterLogs {
    return this.#around.log;
  }

  get traps(): readonly TrapReport[] {
    return this.#around.log.traps;
  }

  needs(...needs: readonly Need[]): void {
    checkNeeds(this.on, needs);
  }

  async request(request: RequestInit = {}): Promise<Reply> {
    const stream = await this.#start(request);
    return await stream.reply;
  }

  async open(request: RequestInit = {}): Promise<Stream> {
    const stream = await this.#start(request);
    await this.#around.settler.settled();
    return stream;
  }

  async #start(request: RequestInit): Promise<Stream> {
    checkProtocol(this.protocol, "http");
    if (request.plugin !== undefined) checkWanted(this.#name, this.#options, request.plugin);
    const port = this.#port(request);
    const { upstream, settler } = this.#around;
    const { method = "GET", path = "/" } = request;
    const title = `${method} ${path}`;
    this.#sent.push(title);
    const id = upstream.busy ? randomUUID() : null;
    const expected = new Expected(request, id);
    upstream.expect(expected);
    const settled = (): Promise<void> => settler.settled();
    const client = new ClientStream(port, method, settled);
    const stream = new EnvoyStream(client, expected, {
      title,
      timeout: this.#timeout,
      settled,
      onEnd: () => {
        upstream.forget(expected);
      },
    });
    await client.start(request, id === null ? [] : [["x-request-id", id]]);
    return stream;
  }

  async connect(init: ConnectionInit = {}): Promise<Connection> {
    checkConnection(this.protocol, this.#name, this.#options, init);
    const port = this.#port(init);
    const { server, activity, cleanup } = this.#around;
    this.#sent.push("connection");
    const { upstream = this.#options.tcpUpstream ?? tcpEcho } = init;
    const onOpen = (close: () => void): void => {
      cleanup.push(() => {
        close();
        return Promise.resolve();
      });
    };
    return await openConnection(upstream, { port, server, activity, onOpen });
  }

  callout(): Promise<Callout> {
    return this.#around.services.next(this.#timeout);
  }

  grpcCallout(): Promise<GrpcCallout> {
    return this.#around.grpc.next(this.#timeout);
  }

  async metric(name: string): Promise<number | undefined> {
    return (await this.metrics()).get(name);
  }

  async metrics(): Promise<ReadonlyMap<string, number>> {
    const stats = await this.#around.envoy.stats(NAMESPACE);
    return new Map([...stats].map(([name, value]) => [name.slice(NAMESPACE.length), value]));
  }

  recorded(): Promise<readonly number[]> {
    return Promise.reject(notHere("recorded values"));
  }

  sharedData(): Promise<string | null> {
    return Promise.reject(notHere("shared data"));
  }

  enqueue(): Promise<void> {
    return Promise.reject(notHere("shared data"));
  }

  dequeue(): Promise<Uint8Array | null> {
    return Promise.reject(notHere("shared data"));
  }

  async advance(milliseconds: number): Promise<void> {
    await sleep(milliseconds);
    await this.#around.activity.quiet();
  }

  close(): Promise<void> {
    return this.#around.stop();
  }

  history(): string {
    return [
      ...this.#sent.map((title, index) => `stream ${index + 1}, ${title}`),
      ...this.traps.map(formatTrap),
      ...this.#around.log.tail(currentRun().trace ? Infinity : 20),
    ].join("\n");
  }

  /** Of the listener of what is sent; whom the kernel gives it to is not the test's choice. */
  #port({ plugin = this.#name, worker }: Pick<ConnectionInit, "plugin" | "worker">): number {
    if (worker !== undefined) this.needs("several workers");
    return this.#around.envoy.port(listenerOf(plugin));
  }
}

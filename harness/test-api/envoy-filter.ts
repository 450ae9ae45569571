// Filters in a real Envoy: one Envoy for each, with an upstream and services in this process.
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ToolError } from "../../sdk/errors.ts";
import type { RequestInit } from "../../sdk/host/http/request.ts";
import type {
  Callout,
  FilterLogs,
  FilterOptions,
  Need,
  Reply,
  Stream,
} from "../../sdk/test-api/api.ts";
import { configurationBytes } from "../../sdk/test-api/configuration.ts";
import type { BackendFilter, LoadedModule, LoadOn } from "../../sdk/test-api/load-filter.ts";
import { checkNeeds } from "../../sdk/test-api/not-applicable.ts";
import { pluginOptions } from "../../sdk/test-api/plugin-options.ts";
import { currentRun } from "../../sdk/test-api/test-run.ts";
import { DEFAULT_TIMEOUT_MS } from "../../sdk/test-api/waiting.ts";
import { formatTrap, trapAsError } from "../../sdk/trap/index.ts";
import type { TrapReport } from "../../sdk/trap/index.ts";
import { bootstrap } from "../envoy/bootstrap.ts";
import { locateEnvoy } from "../envoy/locate.ts";
import { startEnvoy } from "../envoy/process.ts";
import type { RunningEnvoy } from "../envoy/process.ts";
import { guardedFolder } from "../guarded-folder.ts";
import { Services } from "./callouts.ts";
import { ClientStream } from "./client-stream.ts";
import { EnvoyLog } from "./envoy-log.ts";
import { EnvoyStream, notHere } from "./envoy-stream.ts";
import { settlerFor } from "./settle.ts";
import type { Settler } from "./settle.ts";
import { Expected, TestUpstream } from "./upstream.ts";

const LISTENER = "test";
/** Answers by itself; see settle.ts. */
const BARRIER = "barrier";
const UPSTREAM = "upstream";
/** What Envoy puts before the names of a filter's metrics. */
const NAMESPACE = "wasmcustom.";

/** Loads a module into an Envoy of its own. */
export const loadOnEnvoy: LoadOn = async (module, options) => {
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
    const log = new EnvoyLog(module, options.timeout ?? DEFAULT_TIMEOUT_MS);
    const envoy = await startEnvoy({
      binary: (await locateEnvoy({ path: currentRun().envoy })).path,
      bootstrap: bootstrapOf(module, path, options, upstream, services),
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
    services.settleBy(() => settler.settled());
    upstream.settleBy(() => settler.settled());
    // Each worker configures the filter for itself, and has done so then.
    await settler.settled();
    log.started();
    return new EnvoyFilter({ envoy, upstream, services, log, settler, stop }, options);
  } catch (error) {
    await stop();
    throw error;
  }
};

function bootstrapOf(
  { name }: LoadedModule,
  module: string,
  options: FilterOptions,
  upstream: TestUpstream,
  services: Services,
): ReturnType<typeof bootstrap> {
  const { bufferLimit } = options;
  return bootstrap({
    listeners: [
      {
        name: LISTENER,
        filters: [
          {
            ...pluginOptions(options),
            name,
            module,
            configuration: configurationText(options.configuration),
          },
        ],
        upstream: { kind: "cluster", cluster: UPSTREAM },
        trailers: true,
        ...(bufferLimit === undefined ? {} : { bufferLimitBytes: bufferLimit }),
      },
      { name: BARRIER, filters: [], upstream: { kind: "direct", status: 200, body: "" } },
    ],
    clusters: [{ name: UPSTREAM, host: "127.0.0.1", port: upstream.port }, ...services.clusters],
  });
}

/** Envoy is handed the configuration as text. */
function configurationText(configuration: unknown): string {
  const bytes = Buffer.from(configurationBytes(configuration));
  const text = bytes.toString("utf8");
  if (Buffer.from(text).equals(bytes)) return text;
  throw new ToolError("ERR_CONFIG_INVALID", "the configuration is no UTF-8, as Envoy wants it", {
    hint: "Hand over text; binary data goes into it as base64.",
  });
}

/** What stands around a filter in Envoy. */
interface Surroundings {
  readonly envoy: RunningEnvoy;
  readonly upstream: TestUpstream;
  readonly services: Services;
  readonly log: EnvoyLog;
  readonly settler: Settler;
  stop(): Promise<void>;
}

class EnvoyFilter implements BackendFilter {
  readonly on = "envoy";
  readonly #around: Surroundings;
  readonly #timeout: number;
  readonly #sent: string[] = [];

  constructor(around: Surroundings, options: FilterOptions) {
    this.#around = around;
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
    const { envoy, upstream, settler } = this.#around;
    const { method = "GET", path = "/" } = request;
    const title = `${method} ${path}`;
    this.#sent.push(title);
    const id = upstream.busy ? randomUUID() : null;
    const expected = new Expected(request, id);
    upstream.expect(expected);
    const settled = (): Promise<void> => settler.settled();
    const client = new ClientStream(envoy.port(LISTENER), method, settled);
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

  callout(): Promise<Callout> {
    return this.#around.services.next(this.#timeout);
  }

  async metric(name: string): Promise<number | undefined> {
    return (await this.metrics()).get(name);
  }

  async metrics(): Promise<ReadonlyMap<string, number>> {
    const stats = await this.#around.envoy.stats(NAMESPACE);
    return new Map([...stats].map(([name, value]) => [name.slice(NAMESPACE.length), value]));
  }

  sharedData(): Promise<string | null> {
    return Promise.reject(notHere("shared data"));
  }

  async advance(milliseconds: number): Promise<void> {
    await sleep(milliseconds);
    await this.#around.settler.settled();
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
}

// Filters on the in-process host.
import { createHost } from "../host/host.ts";
import type { Host } from "../host/host.ts";
import type { Callout as HostCallout, CalloutAnswer } from "../host/http/callout.ts";
import type { Exchange } from "../host/http/exchange.ts";
import type { RequestInit } from "../host/http/request.ts";
import { PluginTrapped } from "../host/plugin-trapped.ts";
import { NO_TIME_LIMIT_MS } from "../host/time-limit.ts";
import { explainHostTrap, formatTrap, trapAsError } from "../trap/index.ts";
import type { ModuleSources, TrapReport } from "../trap/index.ts";
import type { Callout, FilterLogLine, FilterLogs, Need, Reply, Stream } from "./api.ts";
import { configurationBytes } from "./configuration.ts";
import { historyText } from "./history-text.ts";
import type { StreamRecord } from "./history-text.ts";
import { HostStream } from "./host-stream.ts";
import type { BackendFilter, LoadOn } from "./load-filter.ts";
import { message } from "./message.ts";
import { checkNeeds } from "./not-applicable.ts";
import { pluginOptions } from "./plugin-options.ts";
import { currentRun } from "./test-run.ts";
import { DEFAULT_TIMEOUT_MS, neverCame } from "./waiting.ts";

/** What Envoy answers in the place of a service whose connection breaks. */
const BROKEN_CONNECTION: CalloutAnswer = {
  status: 503,
  headers: { "content-type": "text/plain" },
  body: "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
};

/** Loads a module into a host of its own. */
export const loadOnHost: LoadOn = async ({ name, wasm, sources }, options) => {
  const { logLevel, upstream, bufferLimit } = options;
  const host = await createHost({
    ...pluginOptions(options),
    ...options.host,
    wasm,
    name,
    configuration: configurationBytes(options.configuration),
    // As in Envoy: a cluster that nobody has set up is not there.
    clusters: options.clusters ?? [],
    ...(logLevel === undefined ? {} : { logLevel }),
    ...(upstream === undefined ? {} : { upstream }),
    ...(bufferLimit === undefined ? {} : { bufferLimit }),
    ...(currentRun().debugging ? { timeLimit: NO_TIME_LIMIT_MS } : {}),
  }).catch((error: unknown) => {
    if (!(error instanceof PluginTrapped)) throw error;
    throw trapAsError(explainHostTrap(error.failure, sources()), error, error.detail ?? "");
  });
  return new HostFilter(host, sources, options.timeout ?? DEFAULT_TIMEOUT_MS);
};

interface OpenStream {
  readonly request: RequestInit;
  readonly exchange: Exchange;
}

class HostFilter implements BackendFilter {
  readonly on = "host";
  readonly logs: FilterLogs;
  readonly #host: Host;
  readonly #sources: () => ModuleSources | null;
  readonly #timeout: number;
  readonly #streams: OpenStream[] = [];
  readonly #taken = new Set<HostCallout>();

  constructor(host: Host, sources: () => ModuleSources | null, timeout: number) {
    this.#host = host;
    this.#sources = sources;
    this.#timeout = timeout;
    this.logs = logsOf(host);
  }

  get traps(): readonly TrapReport[] {
    return this.#host.failures.map((failure) => explainHostTrap(failure, this.#sources()));
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
      const exchange = this.#host.open(request);
      this.#streams.push({ request, exchange });
      return new HostStream(exchange, this.#timeout);
    });
  }

  callout(): Promise<Callout> {
    return Promise.resolve().then(() => {
      const next = this.#host.callouts.find((each) => !this.#taken.has(each));
      if (next === undefined) {
        throw neverCame(
          "the filter has made no request that waits for an answer",
          "Send it what makes it call a service, without awaiting the reply; name the service in `clusters`.",
        );
      }
      this.#taken.add(next);
      return calloutOf(next);
    });
  }

  metric(name: string): Promise<number | undefined> {
    return Promise.resolve(this.#host.metrics.value(name));
  }

  metrics(): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(this.#host.metrics.all());
  }

  sharedData(key: string): Promise<string | null> {
    return Promise.resolve(this.#host.sharedData(key));
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
    const streams = this.#streams.map(({ request, exchange }): StreamRecord => {
      const { status } = exchange.response;
      const outcome = status === 0 ? "no response" : String(status);
      const title = `${request.method ?? "GET"} ${request.path ?? "/"}: ${outcome}`;
      return { title, callbacks: exchange.callbacks };
    });
    return [
      historyText(this.#host.callbacks, streams, currentRun().trace),
      ...this.traps.map(formatTrap),
      ...this.#host.problems,
      ...this.logs.lines.slice(-20).map(({ level, text }) => `logged ${level}: ${text}`),
    ].join("\n");
  }
}

function calloutOf(callout: HostCallout): Callout {
  const { cluster, trailers, body, bodyBytes } = callout;
  // As it reaches the service.
  const headers = callout.headers
    .filter(([name]) => !name.startsWith(":") || name === ":authority")
    .map(([name, value]) => [name === ":authority" ? "host" : name, value] as const);
  const received = message({
    method: callout.header(":method") ?? "",
    path: callout.header(":path") ?? "",
    headers,
    trailers,
    body,
    bodyBytes,
  });
  const answer = (given: CalloutAnswer): Promise<void> =>
    Promise.resolve().then(() => {
      callout.respond(given);
    });
  return {
    ...received,
    cluster,
    respond: (given = {}) => answer(given),
    fail: () => answer(BROKEN_CONNECTION),
  };
}

function logsOf(host: Host): FilterLogs {
  const { logs } = host;
  return {
    get lines() {
      return logs.lines;
    },
    texts: (level) => logs.texts(level),
    text: () => logs.text(),
    until: (pattern) =>
      Promise.resolve().then((): FilterLogLine => {
        const found = logs.lines.find(({ text }) => pattern.test(text));
        if (found !== undefined) return found;
        throw neverCame(
          `the filter has logged nothing that fits ${String(pattern)}`,
          `It logged: ${logs.text()}`,
        );
      }),
  };
}

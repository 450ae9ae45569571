// One guest on the host and in a real Envoy, and what it logs there.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterSpec, Upstream, WasmFilterSpec } from "../../harness/index.ts";
import { bootstrap } from "../../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../../harness/envoy/locate.ts";
import { startEnvoy } from "../../harness/envoy/process.ts";
import { guardedFolder } from "../../harness/guarded-folder.ts";
import { request } from "../../harness/traffic/client.ts";
import { startEcho } from "../../harness/traffic/echo.ts";
import { createHost } from "../../sdk/host/index.ts";
import type { Exchange, Host, HostOptions } from "../../sdk/host/index.ts";

type Plugin = Omit<WasmFilterSpec, "name" | "module">;

export interface BothOptions {
  /** How many requests are sent, one after the other. Default: 1. */
  readonly requests?: number;
  /** Milliseconds that pass before the last request. Default: none. */
  readonly pauseMs?: number;
  /** Of the plugin, in both. */
  readonly plugin?: Plugin;
  /** Of the host alone: what stands for the services that Envoy has. */
  readonly host?: Omit<HostOptions, "wasm">;
  /** A plugin that is told of each request that is over: its module. */
  readonly accessLogger?: Uint8Array;
  /** Of Envoy alone. */
  readonly clusters?: readonly ClusterSpec[];
  /** What has to happen on the host after each request: time goes on, callouts are answered. */
  readonly drive?: (host: Host, exchange: Exchange) => void;
}

/** What came of each request, `none` without a response, and all that was logged for streams. */
export interface Seen {
  readonly outcomes: readonly string[];
  readonly logs: readonly string[];
}

const NAME = "guest";
const LOGGER = "logger";
const PATIENCE_MS = 1000;
const HEADERS = [
  ["host", "example"],
  ["x-request-id", "1e023880-dce8-40ab-8449-ee42cd419754"],
] as const;

/** Sends the same requests to both. */
export async function seenByBoth(
  wasm: Uint8Array,
  options: BothOptions = {},
): Promise<{ readonly host: Seen; readonly envoy: Seen }> {
  const [host, envoy] = await Promise.all([onHost(wasm, options), inEnvoy(wasm, options)]);
  return { host, envoy };
}

async function onHost(wasm: Uint8Array, options: BothOptions): Promise<Seen> {
  const { accessLogger, drive, plugin = {}, requests = 1 } = options;
  const plugins =
    accessLogger === undefined
      ? []
      : [{ name: LOGGER, role: "access-log", wasm: accessLogger } as const];
  const host = await createHost({ name: NAME, ...plugin, plugins, ...options.host, wasm });
  const outcomes: string[] = [];
  for (let index = 0; index < requests; index++) {
    if (index === requests - 1) host.advance(options.pauseMs ?? 0);
    const exchange = host.open({ headers: HEADERS });
    drive?.(host, exchange);
    if (!exchange.ended) exchange.reset();
    const { reset, status } = await exchange.reply;
    outcomes.push(reset ? "none" : String(status));
  }
  await host.close();
  return { outcomes, logs: host.logs.texts() };
}

async function inEnvoy(wasm: Uint8Array, options: BothOptions): Promise<Seen> {
  const { accessLogger, clusters = [], plugin = {}, requests = 1 } = options;
  const folder = await guardedFolder();
  await using echo = await startEcho();
  try {
    const module = join(folder.path, "guest.wasm");
    await writeFile(module, wasm);
    const loggerModule = join(folder.path, "logger.wasm");
    if (accessLogger !== undefined) await writeFile(loggerModule, accessLogger);
    const accessLoggers =
      accessLogger === undefined ? [] : [{ name: LOGGER, module: loggerModule }];
    const upstream: Upstream = { kind: "cluster", cluster: "upstream" };
    const envoy = await startEnvoy({
      binary: (await locateEnvoy()).path,
      concurrency: 1,
      bootstrap: bootstrap({
        listeners: [
          { name: NAME, filters: [{ ...plugin, name: NAME, module }], upstream, accessLoggers },
        ],
        clusters: [{ name: "upstream", host: "127.0.0.1", port: echo.port }, ...clusters],
      }),
    });
    const outcomes: string[] = [];
    try {
      const port = envoy.port(NAME);
      for (let index = 0; index < requests; index++) {
        if (index === requests - 1) await sleep(options.pauseMs ?? 0);
        outcomes.push(
          await request({ path: "/", headers: HEADERS, port, timeout: PATIENCE_MS }).then(
            ({ status }) => String(status),
            () => "none",
          ),
        );
      }
    } finally {
      await envoy.stop();
    }
    return { outcomes, logs: envoy.wasmLogs.map(({ text }) => text) };
  } finally {
    await folder.remove();
  }
}

// Probes on the host and in a real Envoy: one Envoy with a listener for each of them.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bootstrap } from "../../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../../harness/envoy/locate.ts";
import { startEnvoy } from "../../harness/envoy/process.ts";
import { guardedFolder } from "../../harness/guarded-folder.ts";
import { request } from "../../harness/traffic/client.ts";
import { startEcho } from "../../harness/traffic/echo.ts";
import { createHost } from "../../sdk/host/index.ts";
import { TICK_MS, probe } from "./probes.ts";
import type { Probe } from "./probes.ts";

/** What came of a request through a probe, and what the probe saw. */
export interface ProbeResult {
  /** The status and what is stable of the response; why there is none, otherwise. */
  readonly outcome: string;
  readonly seen: readonly string[];
}

/** A probe that saw something else in Envoy than on the host. */
export interface ProbeDifference {
  readonly probe: Probe;
  readonly host: ProbeResult;
  readonly envoy: ProbeResult;
}

/** How long a response may take in Envoy until the stream is taken for stopped. */
const PATIENCE_MS = 800;

/** No whole response: Envoy keeps a connection for a while that it has reset a stream on. */
const NO_RESPONSE = "no response";

const STABLE: ReadonlySet<string> = new Set(["content-type", "accept", "x-twice", "connection"]);

const BODY = "the body of the request";

/** Without a content-length, which a probe's changes to the body would belie. */
function asked(seed: number) {
  const headers = [
    ["host", "example"],
    ["x-twice", "1"],
    ["x-twice", "2"],
    ["accept", "a"],
    ["x-request-id", "1e023880-dce8-40ab-8449-ee42cd419754"],
  ] as const;
  if (seed % 3 === 0) {
    const request = { method: "GET", path: "/a?b=c", headers };
    return { host: request, envoy: request };
  }
  const chunked = [...headers, ["transfer-encoding", "chunked"]] as const;
  const request = { method: "POST", path: "/a?b=c", headers: chunked, body: BODY };
  const framed = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
  return { host: request, envoy: { ...request, body: framed } };
}

function outcomeOf(
  status: number,
  headers: readonly (readonly [string, string])[],
  body: string,
): string {
  const stable = headers.filter(([name]) => STABLE.has(name)).map((each) => each.join(": "));
  return JSON.stringify([status, ...stable, body]);
}

async function onHost(one: Probe): Promise<ProbeResult> {
  const host = await createHost({ wasm: one.wasm, clusters: ["upstream"] });
  const exchange = host.open(asked(one.seed).host);
  // By now all of the request has come, as in Envoy.
  for (const callout of host.callouts) callout.respond({ body: "answered" });
  if (one.resumption === "timer" && !exchange.ended) host.advance(TICK_MS);
  const seen = (): string[] => host.logs.lines.map(({ text }) => text);
  if (!exchange.ended) {
    exchange.reset();
    await host.close();
    return { outcome: NO_RESPONSE, seen: seen() };
  }
  const { body, headers, reset, status } = await exchange.reply;
  await host.close();
  return { outcome: reset ? NO_RESPONSE : outcomeOf(status, headers, body), seen: seen() };
}

async function inEnvoy(probes: readonly Probe[]): Promise<readonly ProbeResult[]> {
  const folder = await guardedFolder();
  await using echo = await startEcho();
  try {
    const listeners = await Promise.all(
      probes.map(async ({ seed, wasm }) => {
        const module = join(folder.path, `${seed}.wasm`);
        await writeFile(module, wasm);
        return {
          name: `probe-${seed}`,
          filters: [{ name: `probe-${seed}`, module }],
          upstream: { kind: "cluster", cluster: "upstream" } as const,
        };
      }),
    );
    const clusters = [{ name: "upstream", host: "127.0.0.1", port: echo.port }];
    const { path: binary } = await locateEnvoy();
    const envoy = await startEnvoy({
      binary,
      concurrency: 1,
      startTimeout: 60_000,
      bootstrap: bootstrap({ listeners, clusters }),
    });
    let outcomes: readonly string[];
    try {
      outcomes = await Promise.all(
        probes.map(async ({ seed }) => {
          const port = envoy.port(`probe-${seed}`);
          return await request({ ...asked(seed).envoy, port, timeout: PATIENCE_MS }).then(
            ({ body, headers, status }) => outcomeOf(status, headers, body.toString()),
            () => NO_RESPONSE,
          );
        }),
      );
    } finally {
      await envoy.stop();
    }
    return probes.map(({ seed }, index) => ({
      outcome: outcomes[index] ?? "",
      seen: envoy.wasmLogs
        .filter(({ plugin }) => plugin === `probe-${seed}`)
        .map(({ text }) => text),
    }));
  } finally {
    await folder.remove();
  }
}

/** Runs the probes of these numbers, and answers those that found a difference. */
export async function probeDifferences(
  seeds: readonly number[],
): Promise<readonly ProbeDifference[]> {
  const probes = seeds.map(probe);
  const real = await inEnvoy(probes);
  const found: ProbeDifference[] = [];
  for (const [index, one] of probes.entries()) {
    const host = await onHost(one);
    const envoy = real[index] ?? { outcome: "", seen: [] };
    if (JSON.stringify(host) !== JSON.stringify(envoy)) found.push({ probe: one, host, envoy });
  }
  return found;
}

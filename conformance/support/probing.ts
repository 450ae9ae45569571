// Probes on the host and in a real Envoy: one Envoy with a listener for each of them.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap } from "../../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../../harness/envoy/locate.ts";
import { startEnvoy } from "../../harness/envoy/process.ts";
import type { RunningEnvoy } from "../../harness/envoy/process.ts";
import { guardedFolder } from "../../harness/guarded-folder.ts";
import { createHost } from "../../sdk/host/index.ts";
import { GRPC_MESSAGE, sendInPieces, startGrpcService, startUpstream } from "./probe-services.ts";
import { answerTo } from "./probe-traffic.ts";
import type { Traffic } from "./probe-traffic.ts";
import { TICK_MS, probe } from "./probes.ts";
import type { Probe } from "./probes.ts";

/** What came of a request through a probe, and what the probe saw. */
export interface ProbeResult {
  /** Of each request the status and what is stable of the response; why there is none, otherwise. */
  readonly outcomes: readonly string[];
  readonly seen: readonly string[];
}

/** A probe that saw something else in Envoy than on the host. */
export interface ProbeDifference extends Omit<Probe, "wasm"> {
  readonly host: ProbeResult;
  readonly envoy: ProbeResult;
}

/** What is compared of a response. */
interface Answered {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly trailers: readonly (readonly [string, string])[];
}

/** How long a response may take in Envoy until the stream is taken for stopped. */
const PATIENCE_MS = 800;

/** Nothing was logged for so long: it is over. */
const QUIET_MS = 100;

/** No whole response: Envoy keeps a connection for a while that it has reset a stream on. */
const NO_RESPONSE = "no response";

const STABLE: ReadonlySet<string> = new Set([
  ...[
    "content-type",
    "accept",
    "x-twice",
    "connection",
    "x-trailer",
    "grpc-status",
    "grpc-message",
  ],
]);

/** Where all requests go. */
const PATH = "/a?b=c";

function outcomeOf({ body, headers, status, trailers }: Answered): string {
  const stable = (all: Answered["headers"]): string[] =>
    all.filter(([name]) => STABLE.has(name)).map((each) => each.join(": "));
  return JSON.stringify([status, ...stable(headers), body, ...stable(trailers)]);
}

async function onHost({ resumption, traffic, wasm }: Probe): Promise<ProbeResult> {
  const { allowOnHeadersStopIteration, bufferLimit, failurePolicy } = traffic;
  const host = await createHost({
    ...{ wasm, allowOnHeadersStopIteration, failurePolicy },
    clusters: ["upstream", "grpc"],
    upstream: answerTo,
    ...(bufferLimit === null ? {} : { bufferLimit }),
  });
  const { headers, method, pieces, trailers } = traffic;
  const outcomes: string[] = [];
  for (let index = 0; index < traffic.requests; index++) {
    const exchange = host.open({
      ...{ method, path: PATH, headers, body: pieces },
      ...(trailers === null ? {} : { trailers }),
    });
    // By now all of the request has come, as in Envoy.
    for (const callout of host.callouts) callout.respond({ body: "answered" });
    for (const callout of host.grpcCallouts) {
      if (callout.method === "ok") callout.respond(GRPC_MESSAGE);
      else callout.close(7, "no");
    }
    if (resumption === "timer" && !exchange.ended) host.advance(TICK_MS);
    if (!exchange.ended) exchange.reset();
    const reply = await exchange.reply;
    outcomes.push(reply.reset ? NO_RESPONSE : outcomeOf(reply));
  }
  await host.close();
  return { outcomes, seen: host.logs.texts() };
}

/** Waits until nothing more is logged: what the client broke off last has ended then. */
async function quiet(envoy: RunningEnvoy): Promise<void> {
  for (let before = -1; before !== envoy.wasmLogs.length;) {
    before = envoy.wasmLogs.length;
    await sleep(QUIET_MS);
  }
}

/** Sends a probe's requests, one after the other. */
async function asked(port: number, traffic: Traffic): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (let index = 0; index < traffic.requests; index++) {
    outcomes.push(
      await sendInPieces(port, PATH, traffic, PATIENCE_MS).then(
        (response) => outcomeOf({ ...response, body: response.body.toString() }),
        () => NO_RESPONSE,
      ),
    );
  }
  return outcomes;
}

async function inEnvoy(probes: readonly Probe[]): Promise<readonly ProbeResult[]> {
  const folder = await guardedFolder();
  await using upstream = await startUpstream();
  await using grpc = await startGrpcService();
  try {
    const listeners = await Promise.all(
      probes.map(async ({ seed, traffic, wasm }) => {
        const module = join(folder.path, `${seed}.wasm`);
        await writeFile(module, wasm);
        const { allowOnHeadersStopIteration, bufferLimit, failurePolicy } = traffic;
        const name = `probe-${seed}`;
        return {
          name,
          filters: [{ name, module, allowOnHeadersStopIteration, failurePolicy }],
          upstream: { kind: "cluster", cluster: "upstream" } as const,
          trailers: true,
          ...(bufferLimit === null ? {} : { bufferLimitBytes: bufferLimit }),
        };
      }),
    );
    const clusters = [
      { name: "upstream", host: "127.0.0.1", port: upstream.port },
      { name: "grpc", host: "127.0.0.1", port: grpc.port, http2: true },
    ];
    const { path: binary } = await locateEnvoy();
    const envoy = await startEnvoy({
      binary,
      concurrency: 1,
      startTimeout: 60_000,
      bootstrap: bootstrap({ listeners, clusters }),
    });
    let outcomes: readonly (readonly string[])[];
    try {
      outcomes = await Promise.all(
        probes.map(({ seed, traffic }) => asked(envoy.port(`probe-${seed}`), traffic)),
      );
      await quiet(envoy);
    } finally {
      await envoy.stop();
    }
    return probes.map(({ seed }, index) => ({
      outcomes: outcomes[index] ?? [],
      seen: envoy.wasmLogs
        .filter(({ plugin }) => plugin === `probe-${seed}`)
        .map(({ text }) => text),
    }));
  } finally {
    await folder.remove();
  }
}

/** Runs the probes of these numbers, and answers those that found a difference. */
export async function foundByProbes(seeds: readonly number[]): Promise<readonly ProbeDifference[]> {
  const probes = seeds.map(probe);
  const real = await inEnvoy(probes);
  const found: ProbeDifference[] = [];
  for (const [index, one] of probes.entries()) {
    const host = await onHost(one);
    const envoy = real[index] ?? { outcomes: [], seen: [] };
    const { plan, resumption, seed, traffic } = one;
    if (JSON.stringify(host) === JSON.stringify(envoy)) continue;
    found.push({ seed, plan, resumption, traffic, host, envoy });
  }
  return found;
}

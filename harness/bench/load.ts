// --load: each listener under the load of a generator that the user has installed.
import { execFile, type ExecFileException } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ToolError } from "../../sdk/errors.ts";
import { bootstrap } from "../envoy/bootstrap.ts";
import { startEnvoy } from "../envoy/process.ts";
import { Lane, UPSTREAM_CLUSTER } from "./lane.ts";
import type { LoadJob } from "./load-generator.ts";
import { GENERATORS, type LoadTool } from "./load-tools.ts";
import { throughputConnections } from "./measure-start.ts";
import { BASE } from "./measurement.ts";
import type { OnProgress, Plan } from "./plan.ts";
import { Random } from "./random.ts";
import type { LoadReport } from "./report-parts.ts";
import { bodyOf } from "./request.ts";
import type { Traffic } from "./traffic.ts";
import { startUpstream } from "./upstream.ts";

/** How long each listener is loaded. */
const SECONDS = 3;

/**
 * The tool's own words for its version. Fails with ERR_USAGE when it cannot send such requests, and with
 * ERR_NO_LOAD_TOOL when it is not there.
 */
export async function loadToolVersion(
  tool: LoadTool,
  traffic: Traffic,
  signal: AbortSignal,
): Promise<string> {
  const reason = GENERATORS[tool].cannot(traffic);
  if (reason !== null) throw new ToolError("ERR_USAGE", `--load ${tool}: ${reason}`);
  const { error, stdout, stderr } = await execute(tool, [GENERATORS[tool].versionFlag], signal);
  const [line = ""] = `${stdout}${stderr}`.trim().split("\n");
  if (error?.code === "ENOENT" || line === "") {
    throw new ToolError("ERR_NO_LOAD_TOOL", `--load ${tool}: there is no ${tool} on the PATH`, {
      hint: "install it, or leave out --load: what is built in needs nothing",
    });
  }
  return line;
}

/** Loads base and each filter, in random order. Fails with what startEnvoy fails with, or ERR_NO_LOAD_TOOL. */
export async function loadListeners(
  binary: string,
  plan: Plan,
  tool: LoadTool,
  version: string,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<readonly LoadReport[]> {
  const lanes = [null, ...plan.filters].map(
    (filter, i) => new Lane(i, filter?.name ?? BASE, filter, plan.traffic, plan.burst),
  );
  const upstream = await startUpstream(plan.traffic.responseBodyBytes);
  try {
    const spec = bootstrap({
      listeners: lanes.map((lane) => lane.listener()),
      clusters: [{ name: UPSTREAM_CLUSTER, host: "127.0.0.1", port: upstream.port }],
    });
    const { workers: concurrency } = plan.traffic;
    await using envoy = await startEnvoy({ binary, bootstrap: spec, concurrency, signal });
    const bodyFile = join(envoy.folder, "body");
    const body = bodyOf(plan.traffic.request);
    await writeFile(bodyFile, body);
    const order = [...lanes];
    new Random(plan.seed).shuffle(order);
    const reports: LoadReport[] = [];
    for (const [i, { name }] of order.entries()) {
      onProgress(`${tool} on ${name}`, i / order.length);
      const { request, wire, connections } = plan.traffic;
      const job: LoadJob = {
        url: `${wire.tls ? "https" : "http"}://127.0.0.1:${envoy.port(name)}${request.path}`,
        headers: request.headers,
        http2: wire.protocol === "http2",
        connections: throughputConnections(connections),
        seconds: SECONDS,
        bodyFile: body.length === 0 ? null : bodyFile,
        logFile: join(envoy.folder, `load-${i}`),
        scriptFile: join(envoy.folder, `load-${i}.js`),
      };
      reports.push({ tool, version, listener: name, ...(await run(tool, job, signal)) });
    }
    return reports;
  } finally {
    await upstream.stop();
  }
}

async function run(
  tool: LoadTool,
  job: LoadJob,
  signal: AbortSignal,
): Promise<Omit<LoadReport, "tool" | "version" | "listener">> {
  const { script, flags, read } = GENERATORS[tool];
  if (script !== undefined) await writeFile(job.scriptFile, script(job));
  const { stdout, stderr } = await execute(tool, flags(job), signal);
  signal.throwIfAborted();
  const figures = read(stdout, await readFile(job.logFile, "utf8").catch(() => ""));
  if (figures === null) {
    throw new ToolError("ERR_NO_LOAD_TOOL", `${tool} did not say what it has measured`, {
      detail: `${stdout}\n${stderr}`.trim().slice(-2000),
    });
  }
  const { connections, seconds } = job;
  return { connections, seconds, perSecond: null, ...figures };
}

/** Runs it to its end, however that is; it is killed with the signal. */
function execute(
  tool: LoadTool,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ error: ExecFileException | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(tool, args, { signal }, (error, stdout, stderr) => {
      resolve({ error, stdout, stderr });
    });
  });
}

// A module of another SDK on the host and in a real Envoy: the same requests, what came of them, and what
// the module logged. Run by scripts/foreign-sdk.mjs with the module's path.
import { readFile } from "node:fs/promises";
import { bootstrap } from "../../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../../harness/envoy/locate.ts";
import { startEnvoy } from "../../harness/envoy/process.ts";
import { request } from "../../harness/traffic/client.ts";
import { parseEcho, startEcho } from "../../harness/traffic/echo.ts";
import type { Echo } from "../../harness/traffic/echo.ts";
import { createHost } from "../../sdk/host/index.ts";

const NAME = "other";
const CONFIGURATION = "a configuration";
const HEADERS = [
  ["host", "example"],
  ["x-request-id", "1e023880-dce8-40ab-8449-ee42cd419754"],
] as const;
const BODY = "what is sent";
const REQUESTS = [
  { path: "/" },
  { path: "/again" },
  { path: "/body", method: "POST", body: BODY },
  { path: "/local" },
  { path: "/ask" },
  { path: "/nowhere" },
  { path: "/trap" },
  { path: "/after" },
];
/** What cannot be the same. */
const BY_CHANCE: ReadonlySet<string> = new Set(["date", "x-envoy-upstream-service-time"]);

interface Run {
  readonly replies: readonly string[];
  readonly logs: readonly string[];
}

function replyOf(
  status: number,
  headers: readonly (readonly [string, string])[],
  body: string,
): string {
  const stable = headers.filter(([name]) => !BY_CHANCE.has(name)).map((each) => each.join(": "));
  const upstream: Echo | null = parseEcho(body);
  return JSON.stringify([status, ...stable, upstream?.headers ?? "", upstream?.body ?? body]);
}

async function onHost(wasm: Uint8Array): Promise<Run> {
  const host = await createHost({
    ...{ wasm, name: NAME, configuration: CONFIGURATION, workers: 1, clusters: ["upstream"] },
    onCallout: () => ({ body: "answered" }),
  });
  const replies = [];
  for (const each of REQUESTS) {
    const { body, headers, status } = await host.request({ ...each, headers: HEADERS });
    replies.push(replyOf(status, headers, body));
  }
  const logs = host.logs.texts();
  await host.close();
  return { replies, logs };
}

async function inEnvoy(module: string): Promise<Run> {
  await using echo = await startEcho();
  const envoy = await startEnvoy({
    binary: (await locateEnvoy()).path,
    concurrency: 1,
    bootstrap: bootstrap({
      listeners: [
        {
          name: NAME,
          filters: [{ name: NAME, module, configuration: CONFIGURATION }],
          upstream: { kind: "cluster", cluster: "upstream" },
        },
      ],
      clusters: [{ name: "upstream", host: "127.0.0.1", port: echo.port }],
    }),
  });
  const replies = [];
  try {
    for (const each of REQUESTS) {
      const reply = await request({ ...each, headers: HEADERS, port: envoy.port(NAME) });
      replies.push(replyOf(reply.status, reply.headers, reply.body.toString()));
    }
    return { replies, logs: envoy.wasmLogs.map(({ text }) => text) };
  } finally {
    await envoy.stop();
  }
}

const [module = ""] = process.argv.slice(2);
const host = await onHost(await readFile(module));
const envoy = await inEnvoy(module);
const lines = (run: Run): readonly string[] => [...run.replies, ...run.logs];
const [ours, theirs] = [lines(host), lines(envoy)];
let differing = 0;
for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
  if (ours[index] === theirs[index]) continue;
  differing++;
  console.log(`host:  ${ours[index] ?? ""}\nEnvoy: ${theirs[index] ?? ""}`);
}
console.log(
  `${host.replies.length} requests, ${host.logs.length} lines logged: ${differing} lines differ`,
);
process.exitCode = differing === 0 ? 0 : 1;

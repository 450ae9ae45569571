// TCP probes on the host and in a real Envoy: one Envoy with a listener for each of them.
import { writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bootstrap } from "../../harness/envoy/bootstrap.ts";
import { locateEnvoy } from "../../harness/envoy/locate.ts";
import { startEnvoy } from "../../harness/envoy/process.ts";
import type { RunningEnvoy } from "../../harness/envoy/process.ts";
import { guardedFolder } from "../../harness/guarded-folder.ts";
import { createHost } from "../../sdk/host/index.ts";
import type { TcpUpstream } from "../../sdk/host/index.ts";
import { SERVER_BREAKS, SERVER_ENDS, tcpProbe } from "./tcp-probes.ts";
import type { TcpProbe } from "./tcp-probes.ts";
import { listenLocally } from "../../harness/traffic/listen.ts";

/** What came of a connection, and what the probe saw. */
export interface TcpResult {
  readonly client: string;
  /** What the server received; null when nothing connected. */
  readonly server: string | null;
  readonly seen: readonly string[];
}

/** A probe that saw something else in Envoy than on the host. */
export interface TcpDifference extends Omit<TcpProbe, "wasm"> {
  readonly host: TcpResult;
  readonly envoy: TcpResult;
}

/** Nothing has happened for so long: what a step led to is over. */
const QUIET_MS = 120;

/** Echoes, and ends or breaks where a piece says so. */
const SERVER: TcpUpstream = {
  data(bytes, socket) {
    const text = Buffer.from(bytes).toString("latin1");
    if (text.includes(SERVER_BREAKS)) socket.reset();
    else socket.send(bytes);
    if (text.includes(SERVER_ENDS)) socket.end();
  },
};

async function onHost(probe: TcpProbe): Promise<TcpResult> {
  const host = await createHost({ wasm: probe.wasm, tcpUpstream: SERVER });
  const client = host.connect();
  for (const step of probe.steps) {
    if (client.closed) break;
    if ("send" in step) client.send(step.send);
    else if ("end" in step) client.end();
    else client.break();
  }
  const { received } = client;
  const server = client.upstream?.received ?? null;
  client.break();
  await host.close();
  return { client: received, server, seen: host.logs.texts() };
}

/** A server for one connection. */
interface Server {
  readonly port: number;
  received(): string;
  stop(): Promise<void>;
}

async function startServer(): Promise<Server> {
  let text = "";
  const sockets = new Set<Socket>();
  const servers = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (chunk.includes(SERVER_BREAKS)) socket.resetAndDestroy();
      else if (socket.writableEnded) return;
      else socket.write(chunk, "latin1");
      // So late that it does not come together with the piece.
      if (chunk.includes(SERVER_ENDS)) setTimeout(() => socket.end(), QUIET_MS / 4);
    });
  });
  await listenLocally(servers);
  const { port } = servers.address() as AddressInfo;
  return {
    port,
    received: () => text,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => servers.close(resolve));
    },
  };
}

/** A client of Envoy's. */
class Client {
  received = "";
  closed = false;
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => (this.received += chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => (this.closed = true));
  }

  static async open(port: number): Promise<Client> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const client = new Client(socket);
    await once(socket, "connect");
    return client;
  }

  act(step: TcpProbe["steps"][number]): void {
    if (this.closed) return;
    if ("send" in step) this.#socket.write(step.send, "latin1");
    else if ("end" in step) this.#socket.end();
    else this.#socket.resetAndDestroy();
  }

  break(): void {
    this.#socket.resetAndDestroy();
  }
}

/** Waits until nothing more happens. */
async function quiet(envoy: RunningEnvoy, clients: readonly Client[]): Promise<void> {
  const state = (): string =>
    `${envoy.wasmLogs.length} ${clients.map((each) => each.received.length + Number(each.closed)).join()}`;
  for (let before = ""; ;) {
    const now = state();
    if (now === before) return;
    before = now;
    await sleep(QUIET_MS);
  }
}

async function inEnvoy(probes: readonly TcpProbe[]): Promise<readonly TcpResult[]> {
  const folder = await guardedFolder();
  // Each has a server of its own, by which its connection is known.
  const servers = await Promise.all(probes.map(startServer));
  try {
    const tcpListeners = await Promise.all(
      probes.map(async ({ seed, wasm }) => {
        const module = join(folder.path, `${seed}.wasm`);
        await writeFile(module, wasm);
        const name = `probe-${seed}`;
        return { name, filters: [{ name, module }], cluster: name };
      }),
    );
    const clusters = probes.map(({ seed }, index) => ({
      name: `probe-${seed}`,
      host: "127.0.0.1",
      port: servers[index]?.port ?? 0,
    }));
    const envoy = await startEnvoy({
      binary: (await locateEnvoy()).path,
      concurrency: 1,
      startTimeout: 60_000,
      bootstrap: bootstrap({ listeners: [], tcpListeners, clusters }),
    });
    let clients: readonly Client[] = [];
    try {
      clients = await Promise.all(
        probes.map(({ seed }) => Client.open(envoy.port(`probe-${seed}`))),
      );
      await quiet(envoy, clients);
      const most = Math.max(...probes.map(({ steps }) => steps.length));
      for (let turn = 0; turn < most; turn++) {
        for (const [index, { steps }] of probes.entries()) {
          const step = steps[turn];
          if (step !== undefined) clients[index]?.act(step);
        }
        await quiet(envoy, clients);
      }
      for (const client of clients) client.break();
      await quiet(envoy, clients);
    } finally {
      await envoy.stop();
    }
    return probes.map(({ seed }, index) => ({
      client: clients[index]?.received ?? "",
      server: servers[index]?.received() ?? "",
      seen: envoy.wasmLogs
        .filter(({ plugin }) => plugin === `probe-${seed}`)
        .map(({ text }) => text),
    }));
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await folder.remove();
  }
}

/** Runs the probes of these numbers, and answers those that found a difference. */
export async function foundByTcpProbes(
  seeds: readonly number[],
): Promise<readonly TcpDifference[]> {
  const probes = seeds.map(tcpProbe);
  const real = await inEnvoy(probes);
  const found: TcpDifference[] = [];
  for (const [index, probe] of probes.entries()) {
    const host = await onHost(probe);
    const envoy = real[index] ?? { client: "", server: null, seen: [] };
    if (JSON.stringify({ ...host, server: host.server ?? "" }) === JSON.stringify(envoy)) continue;
    const { plan, seed, steps } = probe;
    found.push({ seed, plan, steps, host, envoy });
  }
  return found;
}

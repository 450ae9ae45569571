// What stands around a real Envoy that has probes: their upstream, a gRPC service, and a client that sends a
// request in pieces.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Http2Session } from "node:http2";
import { connect } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseResponse } from "../../harness/traffic/response.ts";
import type { RawResponse } from "../../harness/traffic/response.ts";
import type { Header } from "../../sdk/host/index.ts";
import { PAUSE_MS, answerTo } from "./probe-traffic.ts";
import type { Traffic } from "./probe-traffic.ts";
import { listenLocally } from "../../harness/traffic/listen.ts";

/** A server that runs until it is closed. */
interface RunningServer extends AsyncDisposable {
  readonly port: number;
}

const pairs = (flat: readonly string[]): Header[] =>
  Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at] ?? "", flat[2 * at + 1] ?? ""]);

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bodyBytes = Buffer.concat(chunks);
  const answer = answerTo({
    method: request.method ?? "",
    path: request.url ?? "",
    headers: pairs(request.rawHeaders),
    body: bodyBytes.toString(),
    bodyBytes,
    trailers: pairs(request.rawTrailers),
  });
  if (answer === null) {
    request.socket.destroy();
    return;
  }
  const { body = "", headers = {}, status = 200, trailers } = answer;
  const list = Object.entries(headers as Readonly<Record<string, string>>);
  if (typeof body === "string" && status !== 204) {
    list.push(["content-length", String(Buffer.byteLength(body))]);
  }
  response.writeHead(status, list.flat());
  if (typeof body === "string") {
    response.end(body);
    return;
  }
  if (trailers !== undefined) response.addTrailers(trailers as Readonly<Record<string, string>>);
  const pieces = [...(body as readonly string[])];
  // The end goes with the last one.
  const last = pieces.pop();
  for (const piece of pieces) {
    response.write(piece);
    await sleep(PAUSE_MS);
  }
  response.end(last);
}

async function listen(server: Server): Promise<number> {
  await listenLocally(server);
  return (server.address() as AddressInfo).port;
}

/** Starts the upstream, which answers as the host's does. */
export async function startUpstream(): Promise<RunningServer> {
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    // Whose request breaks off gets no answer.
    respond(request, response).catch(() => undefined);
  });
  return {
    port: await listen(server),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The bytes of a message in gRPC. */
export const GRPC_MESSAGE = "answered";

/** Starts a gRPC service: its method `ok` answers, each other denies. */
export async function startGrpcService(): Promise<RunningServer> {
  const server = createHttp2Server();
  const sessions = new Set<Http2Session>();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    const type = { ":status": 200, "content-type": "application/grpc" };
    if (headers[":path"] !== "/s/ok") {
      stream.respond({ ...type, "grpc-status": "7", "grpc-message": "no" }, { endStream: true });
      return;
    }
    stream.respond(type, { waitForTrailers: true });
    stream.on("wantTrailers", () => {
      stream.sendTrailers({ "grpc-status": "0" });
    });
    const head = Buffer.alloc(5);
    head.writeUInt32BE(GRPC_MESSAGE.length, 1);
    stream.end(Buffer.concat([head, Buffer.from(GRPC_MESSAGE)]));
  });
  return {
    port: await listen(server),
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** The bytes of a request, by what is sent at once. */
function bytesOf({ headers, method, pieces, trailers }: Traffic, path: string): readonly string[] {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
  if (pieces.length === 0) return [head];
  const [first = "", ...rest] = pieces.map(chunk);
  const parts = [head + first, ...rest];
  const end = (trailers ?? []).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const last = `${parts.pop() ?? ""}0\r\n${end}\r\n`;
  return [...parts, last];
}

/** Sends a request, a pause between its pieces; rejects when there is no whole response in time. */
export function sendInPieces(
  port: number,
  path: string,
  traffic: Traffic,
  timeout: number,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    let received: Buffer = Buffer.alloc(0);
    const stop = (): void => {
      clearTimeout(timer);
      socket.destroy();
    };
    const fail = (): void => {
      stop();
      reject(new Error("no whole response"));
    };
    const timer = setTimeout(fail, timeout);
    const read = (ended: boolean): void => {
      const response = parseResponse(received, traffic.method, ended);
      if (response === null) {
        if (ended) fail();
        return;
      }
      stop();
      resolve(response);
    };
    socket.on("data", (bytes) => {
      received = Buffer.concat([received, bytes]);
      read(false);
    });
    socket.on("end", () => {
      read(true);
    });
    socket.on("error", fail);
    const write = async (): Promise<void> => {
      for (const [index, piece] of bytesOf(traffic, path).entries()) {
        if (index > 0) await sleep(PAUSE_MS);
        if (socket.destroyed) return;
        socket.write(piece, "latin1");
      }
    };
    void write();
  });
}

// An HTTP/1.1 server in this process: the upstream, or a service that the filter calls.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bytesOf } from "../../sdk/host/bytes.ts";
import { pairsOf } from "../../sdk/host/http/header-map.ts";
import type { UpstreamResponse } from "../../sdk/host/http/upstream.ts";
import { listenLocally } from "../traffic/listen.ts";

export interface TestServer {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Ends it and its connections. */
  close(): Promise<void>;
}

/** As much as Envoy can be told to let through (8192 KiB), and the names of the protocol. */
const MAX_HEADER_BYTES = 9 * 1024 * 1024;

/** Starts a server on a free port. */
export async function startServer(
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<TestServer> {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, serve);
  server.maxHeadersCount = 0;
  // Envoy keeps its connections; one that we closed in the wrong moment would be a 503.
  server.keepAliveTimeout = 0;
  await listenLocally(server);
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * Writes an answer; `settled` is awaited between the chunks of its body, so that each is seen by itself.
 * Throws for headers that HTTP does not allow.
 */
export async function writeAnswer(
  response: ServerResponse,
  answer: UpstreamResponse,
  settled: () => Promise<void>,
): Promise<void> {
  const { status = 200, body = "", trailers } = answer;
  const headers = pairsOf(answer.headers ?? []).map(([name, value]): [string, string] => [
    name,
    value,
  ]);
  const has = (name: string): boolean => headers.some(([one]) => one.toLowerCase() === name);
  const isList = typeof body !== "string" && !(body instanceof Uint8Array);
  const chunks = (isList ? body : [body]).map(bytesOf).filter((chunk) => chunk.length > 0);
  const bodiless = status === 204 || status === 304;
  if (!isList && trailers === undefined && !bodiless && !has("transfer-encoding")) {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    if (!has("content-length")) headers.push(["content-length", String(length)]);
  }
  response.writeHead(status, headers.flat());
  // Not flushed by themselves: Node would write them as UTF-8, and behind bytes it writes latin1.
  if (trailers !== undefined) {
    response.addTrailers(pairsOf(trailers).map(([name, value]): [string, string] => [name, value]));
  }
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0 || isList) await settled();
    response.write(chunk);
  }
  if (isList) await settled();
  response.end();
}

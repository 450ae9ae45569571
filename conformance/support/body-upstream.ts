// An upstream for tests of bodies: it tells what it was sent, or sends the body that it is told to.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { listenLocally } from "../../harness/traffic/listen.ts";

/** What the upstream was sent, as it tells it in JSON. */
export interface Sent {
  readonly size: number;
  readonly sha256: string;
  /** The body, each byte as one character; left out where it is long. */
  readonly text?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Names and values, in order. */
  readonly trailers: readonly string[];
}

/** A body that the upstream is to answer with; handed to it in the header `x-answer`, as JSON. */
export interface Answer {
  /** Repeated `times` times, each time in a chunk of its own; latin1. */
  readonly chunk: string;
  readonly times: number;
  /** Default: chunked. */
  readonly contentLength?: true;
  readonly trailers?: Readonly<Record<string, string>>;
}

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const wanted = request.headers["x-answer"];
  if (typeof wanted === "string") {
    const { chunk, times, contentLength, trailers } = JSON.parse(wanted) as Answer;
    const bytes = Buffer.from(chunk, "latin1");
    if (contentLength) response.setHeader("content-length", bytes.length * times);
    if (trailers) response.setHeader("trailer", Object.keys(trailers));
    response.flushHeaders();
    for (let time = 0; time < times; time++) response.write(bytes);
    if (trailers) response.addTrailers(trailers);
    response.end();
    return;
  }
  const body = Buffer.concat(chunks);
  const sent = {
    size: body.length,
    sha256: sha256(body),
    ...(body.length < 100_000 ? { text: body.toString("latin1") } : {}),
    headers: request.headers,
    trailers: request.rawTrailers,
  };
  response.end(JSON.stringify(sent));
}

/** Starts it on a free port of 127.0.0.1, which it returns; it ends with the test. */
export async function bodyUpstream(t: TestContext): Promise<number> {
  const server = createServer((request, response) => {
    // A request that breaks off gets no answer; there is nobody to read it.
    answer(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 0;
  await listenLocally(server);
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

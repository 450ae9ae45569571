// The upstream behind the filters when the user has none: it answers what it was sent.
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { listenLocally } from "./listen.ts";

/** What the echo upstream answers, as JSON. */
export interface Echo {
  readonly method: string;
  readonly path: string;
  /** Names and values in the order in which they came, each byte as one character (latin1). */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As UTF-8 text. */
  readonly body: string;
  /** The body's bytes, where they are no valid UTF-8. */
  readonly bodyBase64?: string;
}

/** A server that runs until it is closed. */
export interface EchoUpstream extends AsyncDisposable {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Ends it and its connections. */
  close(): Promise<void>;
}

/** As much as Envoy can be told to let through (8192 KiB), and the names of the protocol. */
const MAX_HEADER_BYTES = 9 * 1024 * 1024;

/** Starts an upstream that answers 200 and an Echo, on a free port of 127.0.0.1. */
export async function startEcho(): Promise<EchoUpstream> {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    // A request that breaks off gets no answer; there is nobody to read it.
    request.on("error", () => undefined);
    request.on("end", () => {
      const text = `${JSON.stringify(echoOf(request, Buffer.concat(chunks)), null, 2)}\n`;
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.end(text);
    });
  });
  server.maxHeadersCount = 0;
  // Envoy keeps its connections; one that we closed in the wrong moment would be a 503.
  server.keepAliveTimeout = 0;
  await listenLocally(server);
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  // Listening on TCP, so this is no pipe and not null.
  const { port } = server.address() as AddressInfo;
  return { port, close, [Symbol.asyncDispose]: close };
}

/** The Echo that a response has in its body; null when the answer is not the echo upstream's. */
export function parseEcho(body: string): Echo | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && "headers" in value
      ? (value as Echo)
      : null;
  } catch {
    return null;
  }
}

function echoOf(request: IncomingMessage, bytes: Buffer): Echo {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    headers.push([request.rawHeaders[at] ?? "", request.rawHeaders[at + 1] ?? ""]);
  }
  const body = bytes.toString("utf8");
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers,
    body,
    ...(Buffer.from(body).equals(bytes) ? {} : { bodyBase64: bytes.toString("base64") }),
  };
}

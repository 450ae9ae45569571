// A service that filters call, over HTTP/1.1 and HTTP/2: the path says what it does.
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { Http2ServerRequest, Http2ServerResponse, Http2Session } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import type { TestContext } from "node:test";
import type { ClusterSpec } from "../../harness/envoy/bootstrap.ts";
import { listenLocally } from "../../harness/traffic/listen.ts";

/** What the service was sent. */
export interface Received {
  readonly path: string;
  /** In the order of the wire, each byte as one character (latin1). */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
}

export interface Service {
  /** It as `service` and `service-h2`; `refused`, where nothing listens. */
  readonly clusters: readonly ClusterSpec[];
  /** All requests that came in whole, in the order in which they did. */
  readonly received: Received[];
  /** From now on, requests under `/check/` wait for `release`. */
  hold(): void;
  /** Answers those that wait. */
  release(): void;
  /** Resolves when so many requests have come in whole. */
  untilReceived(count: number): Promise<void>;
}

/** Starts it on free ports of 127.0.0.1; it ends with the test. */
export async function startService(t: TestContext): Promise<Service> {
  const received: Received[] = [];
  const waiting: (() => void)[] = [];
  let holding = false;
  let changed = (): void => undefined;

  const respond = (request: Received, response: ServerResponse | Http2ServerResponse): void => {
    const socket = response.socket;
    const [, first = "", second = ""] = request.path.split("/");
    if (first === "check") {
      const answer = (): void => {
        response.statusCode = second === "deny" ? 401 : 200;
        response.end(request.path);
      };
      if (holding) waiting.push(answer);
      else answer();
    } else if (first === "fails") {
      if (second === "hang") return;
      if (second === "close") socket?.destroy();
      else if (second === "half" || second === "halfhang") {
        response.writeHead(200, { "content-length": 100 });
        (response as ServerResponse).write("half");
        if (second === "half") setImmediate(() => socket?.destroy());
      } else {
        response.statusCode = Number(second);
        response.end("its own");
      }
    } else if (first === "none") {
      response.writeHead(204);
      response.end();
    } else {
      response.setHeader("x-answer", Buffer.from("ü").toString("latin1"));
      response.setHeader("x-empty", "");
      if (first === "trailers") (response as Http2ServerResponse).addTrailers({ "x-trailer": "t" });
      // No text: Node would encode the headers like the body, as UTF-8.
      response.end(request.body.length === 0 ? Buffer.from(request.path) : request.body);
    }
  };
  const listen = (
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): void => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    request.on("end", () => {
      const { rawHeaders } = request;
      const headers: [string, string][] = [];
      for (let at = 0; at + 1 < rawHeaders.length; at += 2)
        headers.push([rawHeaders[at] ?? "", rawHeaders[at + 1] ?? ""]);
      const whole: Received = {
        path: request.url ?? "",
        headers,
        body: Buffer.concat(chunks),
        trailers: request.trailers,
      };
      received.push(whole);
      changed();
      respond(whole, response);
    });
  };

  const plain = createServer({ keepAliveTimeout: 0 }, listen);
  const http2 = createHttp2Server(listen);
  const sessions = new Set<Http2Session>();
  http2.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  const [port, http2Port, refusedPort] = await Promise.all([
    bind(plain),
    bind(http2),
    closedPort(),
  ]);
  t.after(async () => {
    plain.closeAllConnections();
    for (const session of sessions) session.destroy();
    await Promise.all([plain, http2].map((server) => new Promise((done) => server.close(done))));
  });
  const host = "127.0.0.1";
  return {
    clusters: [
      { name: "service", host, port },
      { name: "service-h2", host, port: http2Port, http2: true },
      { name: "refused", host, port: refusedPort },
    ],
    received,
    hold() {
      holding = true;
    },
    release() {
      holding = false;
      for (const answer of waiting.splice(0)) answer();
    },
    async untilReceived(count) {
      while (received.length < count) await new Promise<void>((resolve) => (changed = resolve));
    },
  };
}

async function bind(server: Server): Promise<number> {
  await listenLocally(server);
  return (server.address() as AddressInfo).port;
}

/** A port where a moment ago nothing could listen any more. */
async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await bind(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

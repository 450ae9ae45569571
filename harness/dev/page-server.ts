// The live page's own small server: three files, a stream of events, and requests on its behalf. It
// shows headers with all their secrets, so it listens on 127.0.0.1 and answers only who asks for it
// by that name: a web site that has its own name point here (DNS rebinding) gets nothing.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { messageOf, ToolError } from "../../sdk/errors.ts";
import { packageRoot } from "../../sdk/package-root.ts";
import type { DevEvent } from "./events.ts";
import type { History } from "./history.ts";
import { sendRequest } from "./send-request.ts";

/** Where scripts/bundle.mjs puts the page. */
const FOLDER = "dist/page/dev";
const FILES = new Map([
  ["/", { file: "index.html", type: "text/html; charset=utf-8" }],
  ["/main.js", { file: "main.js", type: "text/javascript; charset=utf-8" }],
  ["/style.css", { file: "style.css", type: "text/css; charset=utf-8" }],
  ["/icon.svg", { file: "icon.svg", type: "image/svg+xml" }],
]);
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
const MOST_BODY_BYTES = 1024 * 1024;

/** A server that runs until it is closed. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it; 0 takes a free port. Fails with ERR_PORT_TAKEN. */
export async function startPageServer(port: number, history: History): Promise<PageServer> {
  const server = createServer((request, response) => {
    answer(server, history, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === "EADDRINUSE" || cause.code === "EACCES"
          ? new ToolError("ERR_PORT_TAKEN", `port ${port} cannot be taken for the page`, {
              hint: "choose another --page-port, or leave it out to take a free one",
              cause,
            })
          : cause,
      );
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}/`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  // Listening on TCP, so this is no pipe and not null.
  return (server.address() as AddressInfo).port;
}

async function answer(
  server: Server,
  history: History,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const port = portOf(server);
  const { method = "", url = "", headers } = request;
  if (headers.host !== `127.0.0.1:${port}` && headers.host !== `localhost:${port}`) {
    plain(response, 421, "ask for 127.0.0.1");
    return;
  }
  if (method === "POST" && url === "/send") {
    // A page of another site can post here, but not name itself as this one.
    if (headers.origin !== `http://${headers.host}`) plain(response, 403, "not from this page");
    else await send(history, request, response);
    return;
  }
  const file = FILES.get(url);
  if (method !== "GET") plain(response, 405, "GET");
  else if (url === "/events") stream(history, response);
  else if (file === undefined) plain(response, 404, "there is no such page");
  else {
    response.writeHead(200, { ...HEADERS, "content-type": file.type });
    response.end(await readFile(join(packageRoot(), FOLDER, file.file)));
  }
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

/** Server-sent events: first all that has happened, then what happens. */
function stream(history: History, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
  const write = (name: string, data: unknown): void => {
    response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  write("snapshot", history.snapshot());
  const unsubscribe = history.subscribe((event: DevEvent) => {
    write("one", event);
  });
  response.on("close", unsubscribe);
}

async function send(
  history: History,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MOST_BODY_BYTES) {
    plain(response, 413, "at most 1 MiB");
    return;
  }
  try {
    const status = await sendRequest(history.address, Buffer.concat(chunks).toString("utf8"));
    plain(response, 200, String(status));
  } catch (error) {
    plain(response, 400, messageOf(error));
  }
}

// A service over HTTP/2 that holds its answers until it is told to give them all.
import { createServer } from "node:http2";
import type { Http2Session, ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { listenLocally } from "../../harness/traffic/listen.ts";

export interface HeldService {
  readonly port: number;
  /** Resolves when so many requests wait for their answers. */
  untilHeld(count: number): Promise<void>;
  /** Answers all that wait, the last first: each with 200 and its path without the slash as body. */
  answerAll(): void;
}

/** Starts it on a free port of 127.0.0.1; it ends with the test. */
export async function heldService(t: TestContext): Promise<HeldService> {
  const held: { readonly stream: ServerHttp2Stream; readonly path: string }[] = [];
  const sessions = new Set<Http2Session>();
  let changed = (): void => undefined;
  // In MB, for each session; Node's default refuses streams from the ten thousandth on or so.
  const server = createServer({ maxSessionMemory: 1000 });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    stream.resume();
    held.push({ stream, path: headers[":path"] ?? "" });
    changed();
  });
  await listenLocally(server);
  t.after(async () => {
    for (const session of sessions) session.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    async untilHeld(count) {
      while (held.length < count) await new Promise<void>((resolve) => (changed = resolve));
    },
    answerAll() {
      for (const { stream, path } of held.splice(0).reverse()) {
        if (stream.destroyed) continue;
        stream.respond({ ":status": 200 });
        stream.end(path.slice(1));
      }
    },
  };
}

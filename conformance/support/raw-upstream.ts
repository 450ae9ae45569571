// An upstream whose answers are bytes: always the same, or made from the request's head.
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { TestContext } from "node:test";
import { listenLocally } from "../../harness/traffic/listen.ts";

/** Starts it on a free port of 127.0.0.1, which it returns; it ends with the test. */
export async function rawUpstream(
  t: TestContext,
  response: Buffer | ((head: string) => Buffer),
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      // Requests of these tests have no body, or one without an empty line: it goes before the next head.
      for (let end = received.indexOf("\r\n\r\n"); end >= 0; end = received.indexOf("\r\n\r\n")) {
        socket.write(typeof response === "function" ? response(received.slice(0, end)) : response);
        received = received.slice(end + 4);
      }
    });
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await listenLocally(server);
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

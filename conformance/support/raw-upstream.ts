// An upstream that answers every request with the same bytes.
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { TestContext } from "node:test";

/** Starts it on a free port of 127.0.0.1, which it returns; it ends with the test. */
export async function rawUpstream(t: TestContext, response: Buffer): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      // Requests of these tests have no body.
      while (received.includes("\r\n\r\n")) {
        received = received.slice(received.indexOf("\r\n\r\n") + 4);
        socket.write(response);
      }
    });
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

// A real TCP server and real TCP clients for the tests of TCP filters.
import { createServer, connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { once } from "node:events";
import type { TestContext } from "node:test";
import { listenLocally } from "../../harness/traffic/listen.ts";

/** Starts a server on a free port of 127.0.0.1, which it returns; it ends with the test. */
export async function tcpServer(t: TestContext, serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    serve(socket);
  });
  await listenLocally(server);
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** One connection of a client. */
export class TcpClient {
  readonly socket: Socket;
  /** All bytes that have come, as latin1. */
  received = "";
  /** Resolves with all that was received when the connection is closed for good. */
  readonly closed: Promise<string>;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      this.received += chunk;
      this.#wake();
    });
    socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        resolve(this.received);
        this.#wake();
      });
    });
  }

  /** Connects; the connection is torn down with the test. */
  static async open(t: TestContext, port: number): Promise<TcpClient> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    t.after(() => socket.destroy());
    await once(socket, "connect");
    return new TcpClient(socket);
  }

  send(text: string): void {
    this.socket.write(text, "latin1");
  }

  /** Waits until what was received ends with `text`. */
  async until(text: string): Promise<void> {
    while (!this.received.endsWith(text)) {
      if (this.socket.closed) throw new Error(`closed after ${JSON.stringify(this.received)}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

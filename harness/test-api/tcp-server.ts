// The server behind TCP filters, in this process. Envoy begins each connection with a line that says
// whose it is (PROXY protocol, version 1), so that several at once are told apart:
//   PROXY TCP4 127.0.0.1 127.0.0.1 <the client's port> <the listener's port>\r\n
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { TcpUpstreamSocket } from "../../sdk/host/tcp/upstream.ts";
import type { TcpUpstream } from "../../sdk/host/tcp/upstream.ts";
import { listenLocally } from "../traffic/listen.ts";

const LINE_END = "\r\n";
/** Which word of the line is the client's port. */
const PORT_WORD = 4;
const NOTHING = new Uint8Array(0);

/** The server's side of one connection of the test. */
export class ServerSide {
  /** Its end; null while nothing has connected. */
  socket: TcpUpstreamSocket | null = null;
  /** What the test's own server has thrown; null for nothing. */
  failure: { readonly error: unknown } | null = null;
  readonly #behaviour: TcpUpstream;
  readonly #moved: () => void;

  /** `moved` is called whenever something has come. */
  constructor(behaviour: TcpUpstream, moved: () => void) {
    this.#behaviour = behaviour;
    this.#moved = moved;
  }

  /** Serves a connection that is paused behind the line that says whose it is. */
  serve(connection: Socket): void {
    const socket = new TcpUpstreamSocket({
      send: (bytes, end) => {
        if (connection.writableEnded || connection.destroyed) return;
        if (bytes.length > 0) connection.write(bytes);
        if (end) connection.end();
      },
      reset: () => connection.resetAndDestroy(),
    });
    this.socket = socket;
    connection.on("data", (bytes: Buffer) => {
      socket.take(bytes, false);
      this.#run(() => this.#behaviour.data?.(bytes, socket));
    });
    connection.on("end", () => {
      socket.take(NOTHING, true);
      this.#run(() => this.#behaviour.end?.(socket));
    });
    connection.on("close", () => {
      socket.close();
      this.#moved();
    });
    this.#run(() => this.#behaviour.connected?.(socket));
    connection.resume();
  }

  #run(behave: () => void): void {
    this.#moved();
    try {
      behave();
    } catch (error) {
      this.failure ??= { error };
      this.socket?.reset();
    }
  }
}

export class TcpServer {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();
  /** Whose client is known and whose connection has not come, by the client's port; and the reverse. */
  readonly #expected = new Map<number, ServerSide>();
  readonly #early = new Map<number, Socket>();

  private constructor() {
    // It ends its side when the test says so.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (connection) => {
      this.#connections.add(connection);
      connection.on("close", () => this.#connections.delete(connection));
      // A connection that breaks is one that is closed.
      connection.on("error", () => undefined);
      this.#readLine(connection);
    });
  }

  /** Starts it on a free port of 127.0.0.1. */
  static async start(): Promise<TcpServer> {
    const server = new TcpServer();
    await listenLocally(server.#server);
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The client at that port is served by `side`. */
  expect(clientPort: number, side: ServerSide): void {
    const early = this.#early.get(clientPort);
    this.#early.delete(clientPort);
    if (early === undefined) this.#expected.set(clientPort, side);
    else side.serve(early);
  }

  /** The client at that port is gone. */
  forget(clientPort: number): void {
    this.#expected.delete(clientPort);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  #readLine(connection: Socket): void {
    let head = Buffer.alloc(0);
    const look = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf(LINE_END);
      if (end < 0) return;
      connection.off("data", look);
      connection.pause();
      const rest = head.subarray(end + LINE_END.length);
      if (rest.length > 0) connection.unshift(rest);
      this.#arrived(Number(head.toString("latin1", 0, end).split(" ")[PORT_WORD]), connection);
    };
    connection.on("data", look);
  }

  #arrived(clientPort: number, connection: Socket): void {
    const side = this.#expected.get(clientPort);
    this.#expected.delete(clientPort);
    if (side === undefined) this.#early.set(clientPort, connection);
    else side.serve(connection);
  }
}

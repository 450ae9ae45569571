// A client's TCP connection through Envoy, and the server's end of it.
import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { bytesOf, utf8 } from "../../sdk/host/bytes.ts";
import type { TcpUpstream } from "../../sdk/host/tcp/upstream.ts";
import { alreadyEnded } from "../../sdk/test-api/already-ended.ts";
import { ServerEnd } from "../../sdk/test-api/server-end.ts";
import type { Connection, ConnectionEnd } from "../../sdk/test-api/tcp-api.ts";
import type { Activity } from "./activity.ts";
import { notHere } from "./envoy-stream.ts";
import { ServerSide } from "./tcp-server.ts";
import type { TcpServer } from "./tcp-server.ts";

/** What connections are made of. */
export interface ConnectionSurroundings {
  /** Envoy's listener. */
  readonly port: number;
  readonly server: TcpServer;
  readonly activity: Activity;
  /** Takes what closes it at the end of the test. */
  readonly onOpen: (close: () => void) => void;
}

/** Connects through the listener to a server that behaves so; done when all that follows from it has happened. */
export async function openConnection(
  upstream: TcpUpstream,
  around: ConnectionSurroundings,
): Promise<Connection> {
  const socket = connect({
    host: "127.0.0.1",
    port: around.port,
    allowHalfOpen: true,
    noDelay: true,
  });
  around.onOpen(() => socket.destroy());
  const connection = new EnvoyConnection(socket, upstream, around.activity);
  await once(socket, "connect");
  const clientPort = socket.localPort ?? 0;
  around.server.expect(clientPort, connection.server);
  socket.once("close", () => {
    around.server.forget(clientPort);
  });
  await connection.done();
  return connection;
}

class EnvoyConnection implements Connection {
  readonly server: ServerSide;
  wasReset = false;
  ended = false;
  readonly #socket: Socket;
  readonly #activity: Activity;
  readonly #chunks: Buffer[] = [];
  #upstream: ServerEnd | null = null;
  #sentEnd = false;

  constructor(socket: Socket, upstream: TcpUpstream, activity: Activity) {
    this.#socket = socket;
    this.#activity = activity;
    this.server = new ServerSide(upstream, activity.moved);
    socket.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      activity.moved();
    });
    socket.on("end", () => {
      this.ended = true;
      activity.moved();
    });
    socket.on("error", () => {
      // What was sent to a connection that had ended in order is lost, and nothing else.
      if (!this.ended) this.wasReset = true;
    });
    socket.on("close", () => {
      this.ended = true;
      activity.moved();
    });
  }

  get received(): string {
    return utf8(this.receivedBytes);
  }

  get receivedBytes(): Uint8Array {
    return Buffer.concat(this.#chunks);
  }

  get upstream(): ConnectionEnd | null {
    const { socket } = this.server;
    if (socket === null) return null;
    return (this.#upstream ??= new ServerEnd(socket, (act) => this.#step(act)));
  }

  get callbacks(): never {
    throw notHere("callbacks");
  }

  get calls(): never {
    throw notHere("callbacks");
  }

  get crossings(): never {
    throw notHere("callbacks");
  }

  action(): never {
    throw notHere("callbacks");
  }

  send(bytes: Parameters<Connection["send"]>[0]): Promise<void> {
    return this.#step(() => {
      if (this.#sentEnd) throw alreadyEnded("client");
      if (!this.#socket.destroyed) this.#socket.write(bytesOf(bytes));
    });
  }

  end(): Promise<void> {
    return this.#step(() => {
      this.#sentEnd = true;
      if (!this.#socket.destroyed) this.#socket.end();
    });
  }

  reset(): Promise<void> {
    return this.#step(() => {
      this.#sentEnd = true;
      this.wasReset = true;
      this.#socket.resetAndDestroy();
    });
  }

  /** Resolves when all that follows has happened; throws what the test's own server has thrown. */
  async done(): Promise<void> {
    await this.#activity.quiet();
    const { failure } = this.server;
    if (failure !== null) throw failure.error;
  }

  async #step(act: () => void): Promise<void> {
    act();
    await this.done();
  }
}

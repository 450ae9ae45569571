import type { TcpUpstreamSocket } from "../host/tcp/upstream.ts";
import { alreadyEnded } from "./already-ended.ts";
import type { ConnectionEnd } from "./tcp-api.ts";

/** The server's end of a connection, for a test. */
export class ServerEnd implements ConnectionEnd {
  readonly #socket: TcpUpstreamSocket;
  readonly #step: (act: () => void) => Promise<void>;
  #sentEnd = false;

  /** `step` does something and resolves when all that follows from it has happened. */
  constructor(socket: TcpUpstreamSocket, step: (act: () => void) => Promise<void>) {
    this.#socket = socket;
    this.#step = step;
  }

  get received(): string {
    return this.#socket.received;
  }

  get receivedBytes(): Uint8Array {
    return this.#socket.receivedBytes;
  }

  get ended(): boolean {
    return this.#socket.ended || this.#socket.closed;
  }

  send(bytes: Parameters<ConnectionEnd["send"]>[0]): Promise<void> {
    return this.#step(() => {
      if (this.#sentEnd) throw alreadyEnded("server");
      this.#socket.send(bytes);
    });
  }

  end(): Promise<void> {
    return this.#step(() => {
      if (!this.#sentEnd) this.#socket.end();
      this.#sentEnd = true;
    });
  }

  reset(): Promise<void> {
    return this.#step(() => {
      this.#sentEnd = true;
      this.#socket.reset();
    });
  }
}

// The server behind the TCP proxy: what it has received, and what it sends.
import { bytesOf, utf8 } from "../bytes.ts";
import type { Bytes } from "../bytes.ts";
import { BodyBuffer } from "../http/body-buffer.ts";

/** How a server behaves. What it does not say, it does not do. */
export interface TcpUpstream {
  /** The connection stands. */
  connected?(socket: TcpUpstreamSocket): void;
  /** A piece has come. */
  data?(bytes: Uint8Array, socket: TcpUpstreamSocket): void;
  /** The client's side has come to its end. */
  end?(socket: TcpUpstreamSocket): void;
}

/** What the server does reaches the proxy. */
export interface TcpUpstreamEvents {
  /** A piece, or the end, or both at once. */
  send(bytes: Uint8Array, end: boolean): void;
  reset(): void;
}

/** The server's end of a connection. A test may use it beside the server's own behaviour. */
export class TcpUpstreamSocket {
  readonly #events: TcpUpstreamEvents;
  readonly #received = new BodyBuffer();
  #ended = false;
  #closed = false;

  constructor(events: TcpUpstreamEvents) {
    this.#events = events;
  }

  /** All that has come, as UTF-8 text. */
  get received(): string {
    return utf8(this.#received.bytes());
  }

  get receivedBytes(): Uint8Array {
    return this.#received.bytes();
  }

  /** The client's side has come to its end. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The connection is gone. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Sends a piece to the client, by way of the filter. */
  send(bytes: Bytes): void {
    this.#events.send(bytesOf(bytes), false);
  }

  /** Ends its own side, with a last piece that comes together with the end, and goes on listening. */
  end(bytes: Bytes = ""): void {
    this.#events.send(bytesOf(bytes), true);
  }

  /** Breaks the connection. */
  reset(): void {
    this.#events.reset();
  }

  /** The proxy's part: a piece has come, or the end, or both. */
  take(bytes: Uint8Array, end: boolean): void {
    this.#received.append(bytes);
    if (end) this.#ended = true;
  }

  /** The proxy's part: the connection is gone. */
  close(): void {
    this.#closed = true;
  }
}

/** A server that answers each piece with itself, and the end with its own. */
export const tcpEcho: TcpUpstream = {
  data: (bytes, socket) => {
    socket.send(bytes);
  },
  end: (socket) => {
    socket.end();
  },
};

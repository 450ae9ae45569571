// A TCP connection as a test sees it: from the client's end.
import { ClosePeer } from "../abi.ts";
import { bytesOf, utf8 } from "../bytes.ts";
import type { Bytes } from "../bytes.ts";
import { countCalls, sumOf } from "../history.ts";
import type { CallbackRecord, Crossings } from "../history.ts";
import { TcpStream } from "./stream.ts";
import type { TcpStreamOptions } from "./stream.ts";
import type { TcpUpstreamSocket } from "./upstream.ts";

/** A client's connection through the filter to an upstream. */
export class TcpConnection {
  readonly #host: TcpStreamOptions["host"];
  readonly #stream: TcpStream;
  #sentEnd = false;

  constructor(options: TcpStreamOptions) {
    this.#host = options.host;
    this.#stream = new TcpStream(options);
  }

  /** The host's part: the connection is there. */
  start(): void {
    this.#run(() => {
      this.#stream.start();
    });
  }

  /** All that the client has received, as UTF-8 text. */
  get received(): string {
    return utf8(this.#stream.received.bytes());
  }

  get receivedBytes(): Uint8Array {
    return this.#stream.received.bytes();
  }

  /** The server's side has come to its end: the client will receive no more. */
  get ended(): boolean {
    return this.#stream.clientEnded || this.closed;
  }

  /** The connection is gone, as far as the client knows. */
  get closed(): boolean {
    return !this.#stream.open || this.reset;
  }

  /** It was broken, by the client or by the server, and not closed in order. */
  get reset(): boolean {
    return this.#stream.wasReset;
  }

  /** The server's end; null while the proxy has not connected, or nobody listens. */
  get upstream(): TcpUpstreamSocket | null {
    return this.#stream.upstream;
  }

  /** The callbacks on the connection's context so far. */
  get callbacks(): readonly CallbackRecord[] {
    return this.#stream.context?.callbacks ?? [];
  }

  /** How often each host call was made in them. */
  get calls(): Readonly<Record<string, number>> {
    return countCalls(this.callbacks);
  }

  /** What crossed between host and guest in them. */
  get crossings(): Crossings {
    return sumOf(this.callbacks);
  }

  /** What a callback answered last; null when it was not called, or answers nothing. */
  action(callback: string): number | null {
    return this.callbacks.findLast((record) => record.callback === callback)?.result ?? null;
  }

  /** Sends a piece, which the filter sees as one. Throws when the client has ended its side. */
  send(bytes: Bytes): void {
    if (this.#sentEnd) throw new Error("the client has ended its side of the connection");
    this.#run(() => {
      this.#stream.receive(bytesOf(bytes), false);
    });
  }

  /**
   * Ends the client's side, with a last piece that comes together with the end; what the server still
   * sends is received.
   */
  end(bytes: Bytes = ""): void {
    if (this.#sentEnd) return;
    this.#sentEnd = true;
    this.#run(() => {
      this.#stream.receive(bytesOf(bytes), true);
    });
  }

  /** The client breaks the connection. */
  break(): void {
    this.#run(() => {
      this.#stream.break();
    });
  }

  /** The host's part: it ends, and closes what is open. */
  stop(): void {
    this.#stream.close(ClosePeer.Local);
  }

  #run(step: () => void): void {
    step();
    this.#host.settle();
  }
}

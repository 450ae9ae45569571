// One request on a connection of its own, sent as slowly as a test wants, and what comes back.
import { connect } from "node:net";
import type { Socket } from "node:net";
import { messageOf } from "../../sdk/errors.ts";
import { bytesOf } from "../../sdk/host/bytes.ts";
import type { Bytes } from "../../sdk/host/bytes.ts";
import { pairsOf } from "../../sdk/host/http/header-map.ts";
import type { Header, HeadersInit } from "../../sdk/host/http/header-map.ts";
import type { RequestInit } from "../../sdk/host/http/request.ts";
import { responseSoFar } from "../traffic/response.ts";
import type { PartialResponse } from "../traffic/response.ts";

/** What came of the request. */
export interface Outcome {
  /** Null when the connection ended before there were headers. */
  readonly response: PartialResponse | null;
}

export class ClientStream {
  /** Resolves when the response is whole, or the connection has ended; rejects on what is no HTTP. */
  readonly outcome: Promise<Outcome>;
  readonly #socket: Socket;
  readonly #method: string;
  readonly #settled: () => Promise<void>;
  #received: Buffer = Buffer.alloc(0);
  #chunked = false;

  /** `settled` is awaited between chunks, so that each is seen by itself. */
  constructor(port: number, method: string, settled: () => Promise<void>) {
    this.#method = method;
    this.#settled = settled;
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    this.#socket = socket;
    this.outcome = new Promise((resolve, reject) => {
      const look = (ended: boolean): void => {
        try {
          const response = responseSoFar(this.#received, method, ended);
          if (response?.complete !== true && !ended) return;
          resolve({ response });
        } catch (error) {
          reject(new Error(messageOf(error), { cause: error }));
        }
        socket.destroy();
      };
      socket.on("data", (chunk) => {
        this.#received = Buffer.concat([this.#received, chunk]);
        look(false);
      });
      // A connection that breaks is an outcome as one that ends.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        look(true);
      });
    });
  }

  /** The response as far as it has come. */
  get response(): PartialResponse | null {
    return responseSoFar(this.#received, this.#method, false);
  }

  /** Sends what there is of the request. */
  async start(request: RequestInit, more: readonly Header[]): Promise<void> {
    const { path = "/", body = [], trailers, open = false } = request;
    const whole = typeof body === "string" || body instanceof Uint8Array;
    const chunks = (whole ? [body] : body).map(bytesOf).filter((chunk) => chunk.length > 0);
    const given = [...pairsOf(request.headers ?? []), ...more];
    const has = (name: string): boolean => given.some(([one]) => one.toLowerCase() === name);
    const own: Header[] = has("host") ? [] : [["host", "127.0.0.1:10000"]];
    const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const inPieces = open || trailers !== undefined || (!whole && total > 0);
    this.#chunked = has("transfer-encoding") || (inPieces && !has("content-length"));
    if (this.#chunked && !has("transfer-encoding")) own.push(["transfer-encoding", "chunked"]);
    if (!this.#chunked && total > 0 && !has("content-length"))
      own.push(["content-length", String(total)]);
    const lines = [...own, ...given].map(([name, value]) => `${name}: ${value}\r\n`).join("");
    this.#write(Buffer.from(`${this.#method} ${path} HTTP/1.1\r\n${lines}\r\n`, "latin1"));
    for (const chunk of chunks) {
      if (!whole) await this.#settled();
      this.#frame(chunk);
    }
    if (open) return;
    if (!whole) await this.#settled();
    this.#end(trailers);
  }

  /** Sends more of the body. */
  async send(chunk: Bytes): Promise<void> {
    this.#frame(bytesOf(chunk));
    await this.#settled();
  }

  /** Ends the request. */
  async finish(trailers?: HeadersInit): Promise<void> {
    this.#end(trailers);
    await this.#settled();
  }

  /** The client goes away. */
  async reset(): Promise<void> {
    this.#socket.resetAndDestroy();
    await this.#settled();
  }

  /** Ends the connection whatever is under way. */
  destroy(): void {
    this.#socket.destroy();
  }

  #frame(chunk: Uint8Array): void {
    if (!this.#chunked) this.#write(chunk);
    else if (chunk.length > 0) {
      const size = Buffer.from(`${chunk.length.toString(16)}\r\n`);
      this.#write(Buffer.concat([size, chunk, Buffer.from("\r\n")]));
    }
  }

  #end(trailers: HeadersInit | undefined): void {
    if (!this.#chunked) return;
    const lines = pairsOf(trailers ?? []).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#write(Buffer.from(`0\r\n${lines.join("")}\r\n`, "latin1"));
  }

  #write(bytes: Uint8Array): void {
    // Envoy may have answered and closed: what is written then is lost, as it is for any client.
    if (!this.#socket.destroyed) this.#socket.write(bytes);
  }
}

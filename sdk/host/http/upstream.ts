// The upstream behind the filter: what it was sent, and what it answers.
import { bytesOf, utf8 } from "../bytes.ts";
import type { Bytes } from "../bytes.ts";
import { BodyBuffer } from "./body-buffer.ts";
import type { SideOutput } from "./filter-side.ts";
import { pairsOf } from "./header-map.ts";
import type { Header, HeaderMap, HeadersInit } from "./header-map.ts";

/** What the upstream was sent, as it stood on the wire (HTTP/1.1). */
export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  /** One character a byte; `host` in the place of `:authority`. */
  readonly headers: readonly Header[];
  /** As UTF-8 text. */
  readonly body: string;
  readonly bodyBytes: Uint8Array;
  readonly trailers: readonly Header[];
}

/** What the upstream answers. */
export interface UpstreamResponse {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: HeadersInit;
  /** A list is sent in chunks, one body callback each. */
  readonly body?: Bytes | readonly Bytes[];
  readonly trailers?: HeadersInit;
  /** Frames of METADATA, as HTTP/2 has them, between headers and body; filters learn how many entries each has. */
  readonly metadata?: readonly HeadersInit[];
}

/** Answers requests; null breaks the connection. */
export type Upstream = (request: UpstreamRequest) => UpstreamResponse | null;

/** What the stream made of an answer: what its filter will be handed. */
export interface ResponseParts {
  readonly headers: readonly Header[];
  readonly chunks: readonly Uint8Array[];
  readonly trailers: readonly Header[] | null;
}

/** Methods whose requests have no body, and then no `content-length: 0` either. */
const BODILESS: ReadonlySet<string> = new Set(["GET", "HEAD", "DELETE", "TRACE", "CONNECT"]);

/** Collects what the upstream is sent. */
export class UpstreamConnection implements SideOutput {
  #headers: readonly Header[] | null = null;
  readonly #body = new BodyBuffer();
  #trailers: readonly Header[] = [];
  readonly #onHeaders: (map: HeaderMap) => boolean;
  readonly #onComplete: () => void;

  /** `onHeaders` may refuse the headers; `onComplete` is called when all has been sent. */
  constructor(onHeaders: (map: HeaderMap) => boolean, onComplete: () => void) {
    this.#onHeaders = onHeaders;
    this.#onComplete = onComplete;
  }

  /** What it was sent so far; null before it got headers. */
  get request(): UpstreamRequest | null {
    if (this.#headers === null) return null;
    const pseudo = new Map(this.#headers.filter(([name]) => name.startsWith(":")));
    // The upstream reads no more than it was told of.
    const bytes = this.#body.slice(0, this.#declared ?? this.#body.length);
    return {
      method: pseudo.get(":method") ?? "",
      path: pseudo.get(":path") ?? "",
      headers: this.#headers
        .filter(([name]) => !name.startsWith(":") || name === ":authority")
        .map(([name, value]) => [name === ":authority" ? "host" : name, value]),
      body: utf8(bytes),
      bodyBytes: bytes,
      trailers: this.#trailers,
    };
  }

  headers(map: HeaderMap, endOfStream: boolean): void {
    if (!this.#onHeaders(map)) return;
    const headers = [...map.entries()].filter(([name]) => name !== "transfer-encoding");
    if (map.get("content-length") === null) {
      if (!endOfStream) headers.push(["transfer-encoding", "chunked"]);
      else if (!BODILESS.has(map.get(":method") ?? "")) headers.push(["content-length", "0"]);
    }
    this.#headers = headers;
    if (endOfStream) this.#complete();
  }

  data(data: BodyBuffer, endOfStream: boolean): void {
    if (this.#headers === null) return;
    this.#body.move(data);
    if (endOfStream) this.#complete();
  }

  trailers(map: HeaderMap): void {
    if (this.#headers === null) return;
    // HTTP/1.1 has them behind chunks alone.
    if (this.#declared === null) this.#trailers = map.entries();
    this.#complete();
  }

  get #declared(): number | null {
    const length = this.#headers?.find(([name]) => name === "content-length")?.[1];
    return length === undefined ? null : Number(length);
  }

  /** An upstream that was told of more bytes waits for them. */
  #complete(): void {
    if (this.#body.length >= (this.#declared ?? 0)) this.#onComplete();
  }
}

/** An upstream that answers 200 and, as JSON, what it was sent: the harness's echo has the same form. */
export const echo: Upstream = ({ method, path, headers, body, bodyBytes }) => {
  const whole = Buffer.from(body).equals(bodyBytes);
  const bodyBase64 = whole ? {} : { bodyBase64: Buffer.from(bodyBytes).toString("base64") };
  const text = `${JSON.stringify({ method, path, headers, body, ...bodyBase64 }, null, 2)}\n`;
  const sent = { "content-type": "application/json", connection: "keep-alive" };
  return { headers: sent, body: text };
};

/** An answer as the filter will be handed it: with the headers that frame it, and the date. */
export function responseParts(
  response: UpstreamResponse,
  method: string,
  date: string,
): ResponseParts {
  const { body = "", status = 200 } = response;
  const chunks = typeof body === "string" || body instanceof Uint8Array ? [body] : body;
  const bytes = chunks.map(bytesOf).filter((chunk) => chunk.length > 0);
  const headers: Header[] = [[":status", String(status)], ...pairsOf(response.headers ?? [])];
  const has = (name: string): boolean => headers.some(([one]) => one.toLowerCase() === name);
  const total = bytes.reduce((sum, chunk) => sum + chunk.length, 0);
  const trailers = response.trailers === undefined ? null : pairsOf(response.trailers);
  const bodiless = method === "HEAD" || status === 204 || status === 304;
  if (!has("content-length") && !has("transfer-encoding") && status !== 204 && status !== 304) {
    const chunked = trailers !== null || chunks === body;
    if (!chunked) headers.push(["content-length", String(total)]);
    // Servers do not say it of a body that does not come.
    else if (!bodiless) headers.push(["transfer-encoding", "chunked"]);
  }
  if (!has("date")) headers.push(["date", date]);
  return bodiless ? { headers, chunks: [], trailers: null } : { headers, chunks: bytes, trailers };
}

/** Whether these are bytes that may stand in a header. */
export function validHeaderValue(value: string): boolean {
  return !["\0", "\r", "\n"].some((forbidden) => value.includes(forbidden));
}

/** A header's bytes as they come off the wire: what holds a line break is more than one line. */
export function wireLines([name, value]: Header): Header[] {
  const lines = `${name}: ${value}`.split("\r\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const colon = line.indexOf(":");
      return colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
}

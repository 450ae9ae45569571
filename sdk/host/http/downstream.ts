// What the client is sent: the response as it stands on the wire (HTTP/1.1), with what Envoy adds and
// takes away behind the last filter.
import { BodyBuffer } from "./body-buffer.ts";
import type { SideOutput } from "./filter-side.ts";
import type { Header, HeaderMap } from "./header-map.ts";
import { wireLines } from "./upstream.ts";

const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "transfer-encoding"];

export interface DownstreamOptions {
  /** What the time is, for a response without a date. */
  readonly date: () => string;
  /** May refuse the headers. */
  readonly check: (map: HeaderMap) => boolean;
  /** Whether the request is a HEAD. */
  readonly isHead: () => boolean;
  /** Whether the request has come to its end. */
  readonly requestComplete: () => boolean;
  /** Called when all has been sent. */
  readonly onComplete: () => void;
}

/** Collects a response. */
export class DownstreamConnection implements SideOutput {
  status = 0;
  headersSent = false;
  headerList: readonly Header[] = [];
  trailerList: readonly Header[] = [];
  readonly body = new BodyBuffer();
  readonly #date: () => string;
  readonly #onComplete: () => void;
  readonly #check: (map: HeaderMap) => boolean;
  readonly #isHead: () => boolean;
  readonly #requestComplete: () => boolean;

  constructor(options: DownstreamOptions) {
    this.#date = options.date;
    this.#check = options.check;
    this.#isHead = options.isHead;
    this.#requestComplete = options.requestComplete;
    this.#onComplete = options.onComplete;
  }

  headers(map: HeaderMap, endOfStream: boolean): void {
    if (!this.#check(map)) return;
    this.headersSent = true;
    for (const name of HOP_BY_HOP) map.remove(name);
    if (map.get("date") === null) map.set("date", this.#date());
    map.set("server", "envoy");
    // Of a request that it has not read to its end HTTP/1.1 has no other way out.
    if (!this.#requestComplete()) map.set("connection", "close");
    this.status = Number(map.get(":status") ?? 0);
    const framed = map.get("content-length") !== null || this.status === 204 || this.status === 304;
    // Envoy says of a response to HEAD that it is chunked where it knows no length.
    const empty = endOfStream && !this.#isHead();
    const framing: Header = empty ? ["content-length", "0"] : ["transfer-encoding", "chunked"];
    this.headerList = [...map.entries(), ...(framed ? [] : [framing])]
      .filter(([name]) => !name.startsWith(":"))
      .flatMap(wireLines);
    if (endOfStream) this.#onComplete();
  }

  /** What the client reads: no more than it was told of, and nothing where no body can be. */
  get bodyBytes(): Uint8Array {
    if (this.#bodiless) return new Uint8Array(0);
    return this.body.slice(0, this.#declared ?? this.body.length);
  }

  /** The headers are all that the client waits for, and it has them. */
  get whole(): boolean {
    return this.headersSent && this.#bodiless;
  }

  /** The client was told of more than it got, and waits for it. */
  get incomplete(): boolean {
    return !this.#bodiless && this.body.length < (this.#declared ?? 0);
  }

  get #bodiless(): boolean {
    return this.#isHead() || this.status === 204 || this.status === 304;
  }

  get #declared(): number | null {
    const length = this.headerList.find(([name]) => name === "content-length")?.[1];
    return length === undefined || this.status === 204 || this.status === 304
      ? null
      : Number(length);
  }

  data(data: BodyBuffer, endOfStream: boolean): void {
    this.body.move(data);
    if (endOfStream) this.#onComplete();
  }

  trailers(map: HeaderMap): void {
    // HTTP/1.1 has them behind chunks alone.
    if (this.headerList.some(([name]) => name === "transfer-encoding")) {
      this.trailerList = map.entries();
    }
    this.#onComplete();
  }
}

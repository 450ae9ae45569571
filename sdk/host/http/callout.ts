import { Status } from "../abi.ts";
import { bytesOf, utf8 } from "../bytes.ts";
import type { Bytes } from "../bytes.ts";
import type { RootContext } from "../contexts/root-context.ts";
import { HeaderMap, pairsOf } from "./header-map.ts";
import type { Header, HeadersInit } from "./header-map.ts";

/** A callout's answer as the guest reads it. */
export interface CalloutResponse {
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
  readonly trailers: HeaderMap | null;
}

/** A callout's answer as a test gives it. */
export interface CalloutAnswer {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: HeadersInit;
  readonly body?: Bytes;
  readonly trailers?: HeadersInit;
}

interface CalloutRequest {
  readonly id: number;
  readonly cluster: string;
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
  readonly trailers: readonly Header[];
  /** Milliseconds; 0 is none. */
  readonly timeout: number;
}

/** An HTTP request that the filter made, and that waits for the test to answer it. */
export class Callout {
  readonly id: number;
  readonly cluster: string;
  /** Pseudo-headers included; one character a byte. */
  readonly headers: readonly Header[];
  readonly trailers: readonly Header[];
  /** As UTF-8 text. */
  readonly body: string;
  readonly bodyBytes: Uint8Array;
  /** Milliseconds of virtual time until Envoy gives up; 0 is never. */
  readonly timeout: number;
  readonly #root: RootContext;
  #cancelTimeout: () => void = () => undefined;
  #whenOver: () => void = () => undefined;
  #pending = true;

  constructor(root: RootContext, request: CalloutRequest) {
    this.#root = root;
    this.id = request.id;
    this.cluster = request.cluster;
    this.headers = request.headers.entries();
    this.trailers = request.trailers;
    this.bodyBytes = request.body;
    this.body = utf8(request.body);
    this.timeout = request.timeout;
    if (request.timeout === 0) return;
    this.#cancelTimeout = root.vm.host.clock.after(request.timeout, () => {
      // What Envoy answers in the upstream's place.
      const headers = { "content-type": "text/plain" };
      this.respond({ status: 504, headers, body: "upstream request timeout" });
    });
  }

  /** Whether it still waits. */
  get pending(): boolean {
    return this.#pending;
  }

  /** The first value of a header of the request, pseudo-headers included; null without one. */
  header(name: string): string | null {
    return new HeaderMap("request headers", this.headers).get(name);
  }

  /** Answers it: the guest is called at once. Does nothing when it has been answered already. */
  respond(answer: CalloutAnswer = {}): void {
    const body = bytesOf(answer.body ?? "");
    const headers = new HeaderMap("response headers", [
      [":status", String(answer.status ?? 200)],
      ...pairsOf(answer.headers ?? []),
    ]);
    const framed = ["content-length", "transfer-encoding"].some(
      (each) => headers.get(each) !== null,
    );
    if (body.length > 0 && !framed) {
      headers.set("content-length", String(body.length));
    }
    const trailers =
      answer.trailers === undefined
        ? null
        : new HeaderMap("response trailers", pairsOf(answer.trailers));
    this.#finish({ headers, body, trailers });
  }

  /** Breaks the connection: the guest is called without headers, and finds status 11 `reset`. */
  fail(): void {
    this.#finish(null);
  }

  /** Forgets it without telling the guest. */
  cancel(): void {
    if (!this.#pending) return;
    this.#pending = false;
    this.#cancelTimeout();
    this.#whenOver();
  }

  /** Does something once it is answered or forgotten. */
  whenOver(action: () => void): void {
    this.#whenOver = action;
  }

  #finish(response: CalloutResponse | null): void {
    if (!this.#pending) return;
    this.cancel();
    const root = this.#root;
    const { vm } = root;
    root.callouts.delete(this.id);
    if (root.over) return;
    if (response === null) root.status = { code: Status.BrokenConnection, message: "reset" };
    root.calloutResponse = response;
    vm.afterCall(() => {
      root.calloutResponse = null;
      if (response === null) root.status = { ...root.status, message: "" };
    });
    const { headers, body, trailers } = response ?? { headers: null, body: null, trailers: null };
    vm.call("proxy_on_http_call_response", root, [
      this.id,
      headers?.size ?? 0,
      body?.length ?? 0,
      trailers?.size ?? 0,
    ]);
    root.calloutResponse = null;
    vm.host.settle();
  }
}

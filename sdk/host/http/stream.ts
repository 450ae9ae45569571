// One HTTP stream: both its directions through the filter, the upstream behind it, local responses that
// take the upstream's place, and its end.
import type { LocalResponse } from "../contexts/context.ts";
import { StreamContext } from "../contexts/stream-context.ts";
import type { RootContext } from "../contexts/root-context.ts";
import type { HostServices } from "../host-services.ts";
import type { PropertySource } from "../properties.ts";
import { BodyBuffer } from "./body-buffer.ts";
import { DownstreamConnection } from "./downstream.ts";
import { FilterSide } from "./filter-side.ts";
import type { SideFilter } from "./filter-side.ts";
import { Inflow } from "./inflow.ts";
import { HeaderMap, pairsOf } from "./header-map.ts";
import type { Header } from "./header-map.ts";
import { isGrpc, localReply } from "./local-reply.ts";
import type { LocalReply } from "./local-reply.ts";
import { UpstreamConnection, responseParts, validHeaderValue } from "./upstream.ts";
import type { Upstream, UpstreamRequest } from "./upstream.ts";

export interface StreamOptions {
  readonly host: HostServices;
  readonly connectionId: number;
  /** The plugin; null where the stream passes without a filter. */
  readonly root: RootContext | null;
  readonly allowHeadersStopIteration: boolean;
  readonly upstream: Upstream;
  /** How many bytes of a body are held back in each direction. */
  readonly bufferLimit: number;
  readonly properties: ReadonlyMap<string, Uint8Array>;
  /** Tells the access loggers. */
  readonly onLog: (source: PropertySource) => void;
  /** Called once, when the stream is over. */
  readonly onEnd: () => void;
}

const PASS_THROUGH: SideFilter = {
  headers: () => 0,
  data: () => 0,
  trailers: () => 0,
  metadata: () => undefined,
};

/** A local response of Envoy's own. */
function ownReply(status: number, details: string, text: string): LocalResponse {
  return { status, details, body: Buffer.from(text), headers: [], grpcStatus: -1 };
}

export class HttpStream {
  readonly request: FilterSide;
  readonly response: FilterSide;
  readonly context: StreamContext | null;
  readonly downstream: DownstreamConnection;
  /** What `proxy_set_property` set. */
  readonly state = new Map<string, Uint8Array>();
  /** The objects of Envoy's own that the filter made, by name, as properties. */
  readonly filterState = new Map<string, Uint8Array | null>();
  /** Why the response is what it is, in Envoy's words; null while there is none. */
  details: string | null = null;

  /** It ended without a whole response. */
  wasReset = false;

  /** What comes of the client. */
  readonly arriving: Inflow;

  readonly #options: StreamOptions;
  /** What comes of the upstream. */
  readonly #answering: Inflow;
  readonly #startTime: bigint;
  readonly #upstream: UpstreamConnection;
  #requestBytes = 0;
  #responseCode: number | null = null;
  #requestAborted = false;
  #responseAborted = false;
  #prepared: LocalReply | null = null;
  #ended = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    const { host, root, bufferLimit } = options;
    this.#startTime = host.clock.now;
    const post = (task: () => void): void => {
      host.post(task);
    };
    this.arriving = new Inflow(post);
    this.#answering = new Inflow(post);
    this.context =
      root === null ? null : new StreamContext(root, this, options.allowHeadersStopIteration);
    this.#upstream = new UpstreamConnection(
      (map) => this.#route(map),
      () => {
        host.post(() => {
          this.#answer();
        });
      },
    );
    this.downstream = new DownstreamConnection({
      date: () => this.#date(),
      check: (map) => this.#checkResponse(map),
      isHead: () => this.#isHead,
      requestComplete: () => this.request.complete,
      onComplete: () => {
        this.#end();
      },
    });
    this.request = new FilterSide(
      "request",
      this.context?.requestFilter ?? PASS_THROUGH,
      this.#upstream,
      {
        accepts: () => !this.ended && !this.response.complete,
        canContinue: () => !this.ended && !this.response.complete,
        aborted: () => this.#requestOver(),
        tooLarge: () => {
          this.sendLocalReply(ownReply(413, "request_payload_too_large", "Payload Too Large"));
        },
        full: () => {
          this.arriving.pause();
        },
        drained: () => {
          this.arriving.resume();
        },
      },
      bufferLimit,
    );
    this.response = new FilterSide(
      "response",
      this.context?.responseFilter ?? PASS_THROUGH,
      this.downstream,
      {
        accepts: () => !this.ended && !this.#responseAborted,
        canContinue: () => !this.ended,
        aborted: () => this.#responseAborted || this.ended,
        tooLarge: () => {
          this.sendLocalReply(ownReply(500, "response_payload_too_large", "Internal Server Error"));
        },
        full: () => {
          this.#answering.pause();
        },
        drained: () => {
          this.#answering.resume();
        },
      },
      bufferLimit,
    );
  }

  /** The stream is over. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What the upstream was sent; null when nothing reached it. */
  get upstreamRequest(): UpstreamRequest | null {
    return this.#upstream.request;
  }

  get properties(): PropertySource {
    const { connectionId, host, properties } = this.#options;
    return {
      connectionId,
      protocol: "HTTP/1.1",
      requestHeaders: this.request.headers,
      responseHeaders: this.response.headers,
      responseCode: this.downstream.status === 0 ? this.#responseCode : this.downstream.status,
      responseTrailers: this.response.trailers,
      requestBytes: this.#requestBytes,
      responseBytes: this.downstream.body.length,
      startTime: this.#startTime,
      duration: this.#ended ? host.clock.now - this.#startTime : null,
      responseDetails: this.details,
      state: this.state,
      filterState: this.filterState,
      given: properties,
    };
  }

  /** The client's headers, as the connection manager hands them to the filter. */
  receiveHeaders(headers: readonly Header[], endOfStream: boolean): void {
    this.request.receiveHeaders(new HeaderMap("request headers", headers), endOfStream);
  }

  receiveData(bytes: Uint8Array, endOfStream: boolean): void {
    if (this.ended) return;
    this.#requestBytes += bytes.length;
    this.request.receiveData(new BodyBuffer(bytes), endOfStream);
  }

  receiveTrailers(trailers: readonly Header[]): void {
    if (this.ended) return;
    this.request.receiveTrailers(new HeaderMap("request trailers", trailers));
  }

  /** METADATA of HTTP/2, of so many entries. */
  receiveMetadata(count: number): void {
    if (!this.ended) this.request.receiveMetadata(count);
  }

  /** Answers in the upstream's place, as far as the response has not begun. */
  sendLocalReply(response: LocalResponse): void {
    if (this.ended) return;
    if (this.request.calling !== null) this.#requestAborted = true;
    else if (this.response.calling !== null) this.#responseAborted = true;
    this.details = response.details;
    this.#responseCode = response.status;
    const to = { isGrpc: isGrpc(this.request.headers), isHead: this.#isHead };
    const reply = localReply(response, to);
    if (this.response.headers === null) {
      // Within a callback it waits for the callback's end.
      if (this.request.calling === null) this.#sendReply(reply);
      else this.#prepared ??= reply;
    } else if (!this.downstream.headersSent) {
      // Filters have begun to see another response: this one passes them by.
      this.response.headers = reply.headers;
      this.response.complete = true;
      const { body } = reply;
      this.downstream.headers(reply.headers, this.#isHead || body.length === 0);
      if (!this.#isOver()) this.downstream.data(new BodyBuffer(body), true);
    } else {
      this.reset();
    }
  }

  /** The filter closes the stream: it is over when the callback has returned. */
  closing(): void {
    this.details ??= "wasm_close_stream";
  }

  /** The client goes away. */
  disconnect(): void {
    if (this.ended) return;
    this.details = "downstream_remote_disconnect";
    this.reset();
  }

  /** Ends it without a whole response. */
  reset(): void {
    if (this.ended) return;
    this.wasReset = true;
    this.#end();
  }

  /** Asked again after what may have ended it. */
  #isOver(): boolean {
    return this.#ended;
  }

  get #isHead(): boolean {
    return this.request.headers?.get(":method") === "HEAD";
  }

  #date(): string {
    return new Date(Number(this.#options.host.clock.now / 1_000_000n)).toUTCString();
  }

  /** After each callback for the request: sends what was prepared in it. */
  #requestOver(): boolean {
    const prepared = this.#prepared;
    this.#prepared = null;
    if (prepared !== null && !this.ended) this.#sendReply(prepared);
    return this.#requestAborted || this.ended;
  }

  #sendReply({ headers, body }: LocalReply): void {
    const headersOnly = this.#isHead || body.length === 0;
    this.response.receiveHeaders(headers, headersOnly);
    if (headersOnly || this.ended) return;
    this.response.receiveData(new BodyBuffer(body), true);
  }

  /** The router's part: false when it answers the request itself. */
  #route(map: HeaderMap): boolean {
    const required = [":method", ":path", ":authority"].find((name) => map.get(name) === null);
    const invalid = map.entries().find(([, value]) => !validHeaderValue(value))?.[0];
    if (required === undefined && invalid === undefined) {
      map.set("x-envoy-expected-rq-timeout-ms", "15000");
      return true;
    }
    const problem =
      required === undefined
        ? `invalid header value for: ${invalid ?? ""}`
        : `missing required header: ${required}`;
    const details = `filter_removed_required_request_headers{${problem.replaceAll(" ", "_")}}`;
    this.sendLocalReply(ownReply(503, details, problem));
    return false;
  }

  /** Envoy does not send a response without a status. */
  #checkResponse(map: HeaderMap): boolean {
    if (map.get(":status") !== null) return true;
    const problem = "missing required header: :status";
    const details = `filter_removed_required_response_headers{${problem.replaceAll(" ", "_")}}`;
    this.sendLocalReply(ownReply(502, details, problem));
    return false;
  }

  /** The upstream has the whole request. */
  #answer(): void {
    const request = this.#upstream.request;
    if (this.ended || this.response.headers !== null || request === null) return;
    const answer = this.#options.upstream(request);
    if (answer === null) {
      const text =
        "upstream connect error or disconnect/reset before headers. reset reason: connection termination";
      this.sendLocalReply(
        ownReply(503, "upstream_reset_before_response_started{connection_termination}", text),
      );
      return;
    }
    this.details = "via_upstream";
    this.#responseCode = answer.status ?? 200;
    const parts = responseParts(answer, request.method, this.#date());
    const { chunks, trailers } = parts;
    const headersOnly = chunks.length === 0 && trailers === null;
    const map = new HeaderMap("response headers", parts.headers);
    map.set("x-envoy-upstream-service-time", "0");
    this.response.receiveHeaders(map, headersOnly);
    if (headersOnly) return;
    for (const entries of answer.metadata ?? []) {
      if (!this.#isOver()) this.response.receiveMetadata(pairsOf(entries).length);
    }
    // The end comes with the last of the bytes, and by itself to the filter: HTTP/1 tells them apart.
    const pieces = chunks.length === 0 ? [null] : chunks;
    for (const [index, chunk] of pieces.entries()) {
      this.#answering.receive(() => {
        if (chunk !== null && !this.#isOver()) {
          this.response.receiveData(new BodyBuffer(chunk), false);
        }
        if (index === pieces.length - 1) this.#endResponse(trailers);
      });
    }
  }

  #endResponse(trailers: readonly Header[] | null): void {
    if (this.#isOver()) return;
    if (trailers === null) this.response.receiveData(new BodyBuffer(), true);
    else this.response.receiveTrailers(new HeaderMap("response trailers", trailers));
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.context?.log();
    this.#options.onLog(this.properties);
    this.context?.destroy();
    this.#options.onEnd();
  }
}

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
import { HeaderMap } from "./header-map.ts";
import type { Header } from "./header-map.ts";
import { isGrpc, localReply, ownReply } from "./local-reply.ts";
import type { LocalReply } from "./local-reply.ts";
import { Router } from "./router.ts";
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
  readonly #startTime: bigint;
  readonly #router: Router;
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
    this.arriving = new Inflow((task) => {
      host.post(task);
    });
    this.context =
      root === null ? null : new StreamContext(root, this, options.allowHeadersStopIteration);
    this.#router = new Router(host, options.upstream, {
      ended: () => this.ended,
      response: () => this.response,
      reply: (response) => {
        this.sendLocalReply(response);
      },
      answered: (status) => {
        this.details = "via_upstream";
        this.#responseCode = status;
      },
    });
    this.downstream = new DownstreamConnection({
      date: () => host.clock.httpDate,
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
      this.#router.connection,
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
          this.#router.arriving.pause();
        },
        drained: () => {
          this.#router.arriving.resume();
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
    return this.#router.connection.request;
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

  /** Envoy does not send a response without a status. */
  #checkResponse(map: HeaderMap): boolean {
    if (map.get(":status") !== null) return true;
    const problem = "missing required header: :status";
    const details = `filter_removed_required_response_headers{${problem.replaceAll(" ", "_")}}`;
    this.sendLocalReply(ownReply(502, details, problem));
    return false;
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

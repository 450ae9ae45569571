// The router's part of a stream: what it asks of a request, the upstream behind it, and the answer's way back.
import type { HostServices } from "../host-services.ts";
import { BodyBuffer } from "./body-buffer.ts";
import type { FilterSide } from "./filter-side.ts";
import { HeaderMap, pairsOf } from "./header-map.ts";
import type { Header } from "./header-map.ts";
import { Inflow } from "./inflow.ts";
import { ownReply, resetBeforeHeaders } from "./local-reply.ts";
import type { LocalResponse } from "../contexts/context.ts";
import { UpstreamConnection, responseParts, validHeaderValue } from "./upstream.ts";
import type { Upstream } from "./upstream.ts";

/** The stream, as the router needs it. */
export interface RouterOwner {
  ended(): boolean;
  response(): FilterSide;
  /** Answers in the upstream's place. */
  reply(response: LocalResponse): void;
  /** The upstream answers, with this status. */
  answered(status: number): void;
}

export class Router {
  readonly connection: UpstreamConnection;
  /** What comes of the upstream. */
  readonly arriving: Inflow;
  readonly #host: HostServices;
  readonly #upstream: Upstream;
  readonly #owner: RouterOwner;

  constructor(host: HostServices, upstream: Upstream, owner: RouterOwner) {
    this.#host = host;
    this.#upstream = upstream;
    this.#owner = owner;
    this.arriving = new Inflow((task) => {
      host.post(task);
    });
    this.connection = new UpstreamConnection(
      (map) => this.#route(map),
      () => {
        host.post(() => {
          this.#answer();
        });
      },
    );
  }

  /** False when it answers the request itself. */
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
    this.#owner.reply(ownReply(503, details, problem));
    return false;
  }

  /** The upstream has the whole request. */
  #answer(): void {
    const response = this.#owner.response();
    const { request } = this.connection;
    if (this.#owner.ended() || response.headers !== null || request === null) return;
    const answer = this.#upstream(request);
    if (answer === null) {
      const text = resetBeforeHeaders("connection termination");
      this.#owner.reply(
        ownReply(503, "upstream_reset_before_response_started{connection_termination}", text),
      );
      return;
    }
    this.#owner.answered(answer.status ?? 200);
    const parts = responseParts(answer, request.method, this.#host.clock.httpDate);
    const { chunks, trailers } = parts;
    const headersOnly = chunks.length === 0 && trailers === null;
    const map = new HeaderMap("response headers", parts.headers);
    map.set("x-envoy-upstream-service-time", "0");
    response.receiveHeaders(map, headersOnly);
    if (headersOnly) return;
    for (const entries of answer.metadata ?? []) {
      if (!this.#owner.ended()) response.receiveMetadata(pairsOf(entries).length);
    }
    // The end comes with the last of the bytes, and by itself to the filter: HTTP/1 tells them apart.
    const pieces = chunks.length === 0 ? [null] : chunks;
    for (const [index, chunk] of pieces.entries()) {
      this.arriving.receive(() => {
        if (chunk !== null && !this.#owner.ended()) {
          response.receiveData(new BodyBuffer(chunk), false);
        }
        if (index === pieces.length - 1) this.#end(response, trailers);
      });
    }
  }

  #end(response: FilterSide, trailers: readonly Header[] | null): void {
    if (this.#owner.ended()) return;
    if (trailers === null) response.receiveData(new BodyBuffer(), true);
    else response.receiveTrailers(new HeaderMap("response trailers", trailers));
  }
}

import { StreamContext } from "../plugin/stream-context";
import { Action, BodyAction, TrailersAction } from "./action";
import { RequestBody, ResponseBody } from "./body";
import { RequestHeaders, ResponseHeaders } from "./headers";
import { RequestTrailers, ResponseTrailers } from "./trailers";

/**
 * An HTTP filter: override the callbacks you need, and register it with `registerHttpFilter`, or
 * make it in a plugin's `createHttpFilter`. Envoy calls only what is overridden.
 *
 * There is one object for each HTTP stream, so fields hold what belongs to one request. A filter
 * that is registered alone, by `registerHttpFilter`, and has no fields is made once and shared.
 */
export abstract class HttpFilter extends StreamContext {
  /** The request's headers have arrived. */
  onRequestHeaders(headers: RequestHeaders): Action {
    return Action.Continue;
  }

  /**
   * A part of the request's body has arrived. Called for each part, and not at all for a request
   * that ends with its headers.
   */
  onRequestBody(body: RequestBody): BodyAction {
    return BodyAction.Continue;
  }

  /** The request's trailers have arrived, which end it: no part of the body was its last one. */
  onRequestTrailers(trailers: RequestTrailers): TrailersAction {
    return TrailersAction.Continue;
  }

  /** The response's headers have arrived: from upstream, or made by a filter or by Envoy itself. */
  onResponseHeaders(headers: ResponseHeaders): Action {
    return Action.Continue;
  }

  /** A part of the response's body has arrived; as `onRequestBody`. */
  onResponseBody(body: ResponseBody): BodyAction {
    return BodyAction.Continue;
  }

  /** The response's trailers have arrived, which end it: no part of the body was its last one. */
  onResponseTrailers(trailers: ResponseTrailers): TrailersAction {
    return TrailersAction.Continue;
  }

  /**
   * A METADATA frame of HTTP/2 has come with the request, with so many entries: they cannot be read,
   * changed or held up. Envoy 1.40 drops them unless its configuration has `allow_metadata`.
   */
  onRequestMetadata(count: u32): void {}

  /** A METADATA frame of HTTP/2 has come with the response; as `onRequestMetadata`. */
  onResponseMetadata(count: u32): void {}

  // What the host calls: a base class of the SDK can come in between without the author's overrides
  // having to know of it.

  /** @internal */
  __requestBody(body: RequestBody): BodyAction {
    return this.onRequestBody(body);
  }

  /** @internal */
  __requestTrailers(trailers: RequestTrailers): TrailersAction {
    return this.onRequestTrailers(trailers);
  }

  /** @internal */
  __responseBody(body: ResponseBody): BodyAction {
    return this.onResponseBody(body);
  }

  /** @internal */
  __responseTrailers(trailers: ResponseTrailers): TrailersAction {
    return this.onResponseTrailers(trailers);
  }
}

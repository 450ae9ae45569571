import { StreamContext } from "../plugin/stream-context";
import { Action } from "./action";
import { RequestHeaders, ResponseHeaders } from "./headers";

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

  /** The response's headers have arrived: from upstream, or made by a filter or by Envoy itself. */
  onResponseHeaders(headers: ResponseHeaders): Action {
    return Action.Continue;
  }
}

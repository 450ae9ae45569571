import { Action } from "./action";
import { RequestHeaders, ResponseHeaders } from "./headers";

/**
 * An HTTP filter: override the callbacks you need, and register it with `registerHttpFilter`, or
 * make it in a plugin's `createHttpFilter`. Envoy calls only what is overridden.
 *
 * There is one object for each HTTP stream, so fields hold what belongs to one request. A filter
 * that is registered alone, by `registerHttpFilter`, and has no fields is made once and shared.
 */
export abstract class HttpFilter {
  /** The id of the stream's context. The SDK's own. */
  __contextId: u32 = 0;
  /** The next filter in the same bucket of the context table. The SDK's own. */
  __next: HttpFilter | null = null;

  /** The request's headers have arrived. */
  onRequestHeaders(headers: RequestHeaders): Action {
    return Action.Continue;
  }

  /** The response's headers have arrived: from upstream, or made by a filter or by Envoy itself. */
  onResponseHeaders(headers: ResponseHeaders): Action {
    return Action.Continue;
  }

  /** The stream is complete and about to be logged: the headers of both directions are readable. */
  onLog(): void {}

  /** The stream is gone, and so is this object after the call. */
  onDelete(): void {}
}

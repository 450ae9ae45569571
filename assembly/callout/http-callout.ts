import { Status } from "../abi/enums";
import { currentContext } from "../runtime/callback";
import { resultData } from "../runtime/memory";
import { CalloutFailure, CalloutFailureReason } from "./failure";
import { hookHttp } from "./hooks";
import { actForOwner } from "./owner";
import { Callout, PendingCallouts } from "./pending";
import { CalloutRequest } from "./request";
import { CalloutResponse, readStatus } from "./response";

/** A header that Envoy puts into every answer that an upstream gave, and into none of its own. */
// @ts-ignore: decorator
@inline
const FROM_UPSTREAM = "x-envoy-upstream-service-time";

/** Set by the first `send`. */
// @ts-ignore: decorator
@lazy
let underWay: PendingCallouts | null = null;

/**
 * An HTTP request of the filter's own, to a cluster of Envoy's. One of the two callbacks is called
 * once, later; they act on the stream that sent it, as that stream's own callbacks do:
 *
 * ```ts
 * class Check extends HttpCallout {
 *   override onResponse(response: CalloutResponse): void {
 *     if (response.status == 200) continueRequest();
 *     else new LocalResponse(403).send();
 *   }
 *   override onFailure(failure: CalloutFailure): void {
 *     new LocalResponse(503).send();
 *   }
 * }
 * // in onRequestHeaders
 * const status = new Check().send("auth", new CalloutRequest("GET", "/check", "auth"), 200);
 * if (status != Status.Ok) return new LocalResponse(503).send();
 * return Action.StopAllIterationAndWatermark;
 * ```
 *
 * It belongs to the stream whose callback sent it, or to the plugin. When its stream ends first, the
 * service still gets the request, and neither callback is called. A stream may have any number of callouts
 * under way, and a callback may send further ones. What a callback needs, beside the stream, is handed
 * to the author's constructor: AssemblyScript has no closures.
 */
export abstract class HttpCallout extends Callout {
  /** The service has answered, with whatever status. */
  abstract onResponse(response: CalloutResponse): void;

  /** There is no answer, and none will come. A stream that waits must be told here too. */
  abstract onFailure(failure: CalloutFailure): void;

  /**
   * Sends the request. From any callback, of a stream or a plugin; again once it was answered.
   *
   * @param cluster the name of a cluster in Envoy's configuration
   * @param timeoutMs how long the whole answer may take; 0 waits without end
   * @returns `Ok` when a callback will follow, else none does: `BadArgument` for a cluster that is not
   *   there, a request that is refused (see CalloutRequest), or when it is under way already;
   *   `InternalFailure` when the cluster has no host
   */
  send(cluster: string, request: CalloutRequest, timeoutMs: u32): Status {
    if (this.pending) return Status.BadArgument;
    const status = request.__dispatch(cluster, timeoutMs);
    if (status != Status.Ok) return status;
    let callouts = underWay;
    if (callouts === null) {
      underWay = callouts = new PendingCallouts();
      hookHttp(answer, forget);
    }
    callouts.insert(<u32>resultData(), currentContext, this);
    return status;
  }
}

/** Hands the host's answer to the callout that waits for it, if there still is one. */
function answer(root: u32, token: u32, headers: u32, bodySize: u32): void {
  const callouts = underWay;
  if (callouts === null) return;
  const found = callouts.find(token);
  if (found === null) return;
  const owner = found.__owner;
  callouts.remove(found);
  if (!actForOwner(owner, root)) return;
  const callout = changetype<HttpCallout>(found);
  if (headers == 0) {
    callout.onFailure(new CalloutFailure(CalloutFailureReason.Reset, null));
    return;
  }
  const response = new CalloutResponse(readStatus(), bodySize);
  const status = response.status;
  if (status >= 500 && !response.headers.has(FROM_UPSTREAM)) {
    const reason = status == 504 ? CalloutFailureReason.Timeout : CalloutFailureReason.Unreachable;
    callout.onFailure(new CalloutFailure(reason, response));
  } else {
    callout.onResponse(response);
  }
}

/** Drops what a context has sent. */
function forget(owner: u32): void {
  const callouts = underWay;
  if (callouts !== null) callouts.removeAllOf(owner);
}

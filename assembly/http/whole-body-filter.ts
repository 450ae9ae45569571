import { BodyAction, TrailersAction } from "./action";
import { RequestBody, ResponseBody } from "./body";
import { HttpFilter } from "./filter";
import { LocalResponse } from "./local-response";
import { RequestTrailers, ResponseTrailers } from "./trailers";

/**
 * An HTTP filter that sees bodies whole. It says for each request whether it wants to, and how much
 * of it at most:
 *
 * ```ts
 * class Redact extends WholeBodyFilter {
 *   override onRequestHeaders(headers: RequestHeaders): Action {
 *     headers.remove("content-length"); // the body is going to have another length
 *     this.holdRequestBody(64 * 1024);
 *     return Action.Continue;
 *   }
 *
 *   override onWholeRequestBody(body: RequestBody): BodyAction {
 *     body.replace(body.text().replaceAll("secret", "***"));
 *     return BodyAction.Continue;
 *   }
 * }
 * ```
 *
 * The body waits in Envoy, and only what is read of it is copied. Envoy has a limit of its own (1 MiB
 * unless it is configured otherwise), which comes first where it is lower. To hold the headers back
 * too, until the body was seen, answer `StopIteration` for them (`endOfStream` tells that there is no
 * body to wait for).
 */
export abstract class WholeBodyFilter extends HttpFilter {
  private holdsRequest: bool = false;
  private requestLimit: u32 = 0;
  private requestAction: BodyAction = BodyAction.Continue;
  private holdsResponse: bool = false;
  private responseLimit: u32 = 0;
  private responseAction: BodyAction = BodyAction.Continue;

  /**
   * From here on keeps the request's body back, and hands it to `onWholeRequestBody`; a body of more
   * than `limit` bytes to `onRequestBodyTooLarge`. From `onRequestHeaders`, or the constructor.
   */
  holdRequestBody(limit: u32): void {
    this.holdsRequest = true;
    this.requestLimit = limit;
  }

  /** As `holdRequestBody`, for the response's body. From any callback before that body comes. */
  holdResponseBody(limit: u32): void {
    this.holdsResponse = true;
    this.responseLimit = limit;
  }

  /**
   * The body that was held is there, whole. Called once for each request that has a body, be it empty
   * (a request that ends with its headers has none). Trailers are seen after it. While another
   * answer is awaited, `StopIterationAndBuffer` keeps the body, and `heldRequestBody` gives access.
   */
  onWholeRequestBody(body: RequestBody): BodyAction {
    return BodyAction.Continue;
  }

  /**
   * The body that was held is larger than the limit; `body` is what came until now. Unless it is
   * overridden, the request is refused with 413. `Continue` lets the request pass: what follows of
   * its body goes to `onRequestBody`.
   */
  onRequestBodyTooLarge(body: RequestBody): BodyAction {
    return new LocalResponse(413, "Payload Too Large").send();
  }

  /** As `onWholeRequestBody`, for the response. */
  onWholeResponseBody(body: ResponseBody): BodyAction {
    return BodyAction.Continue;
  }

  /**
   * As `onRequestBodyTooLarge`, for the response. Unless it is overridden, the client gets 500 or,
   * where the response's headers have gone on already, the stream is broken off.
   */
  onResponseBodyTooLarge(body: ResponseBody): BodyAction {
    return new LocalResponse(500, "Internal Server Error").send();
  }

  /**
   * The whole request body, from a later callback on (of a callout, say), while it is kept by
   * `StopIterationAndBuffer`; else `null`. Change it, then `continueRequest()`.
   */
  heldRequestBody(): RequestBody | null {
    if (this.holdsRequest || this.requestAction != BodyAction.StopIterationAndBuffer) return null;
    const body = new RequestBody();
    body.__openHeld();
    return body;
  }

  /** As `heldRequestBody`, for the response. */
  heldResponseBody(): ResponseBody | null {
    if (this.holdsResponse || this.responseAction != BodyAction.StopIterationAndBuffer) return null;
    const body = new ResponseBody();
    body.__openHeld();
    return body;
  }

  /** @internal */
  override __requestBody(body: RequestBody): BodyAction {
    let action = BodyAction.StopIterationAndBuffer;
    if (!this.holdsRequest) {
      action = this.onRequestBody(body);
    } else if (body.size > this.requestLimit) {
      this.holdsRequest = false;
      action = this.onRequestBodyTooLarge(body);
    } else if (body.endOfStream) {
      this.holdsRequest = false;
      action = this.onWholeRequestBody(body);
    }
    this.requestAction = action;
    return action;
  }

  /** @internal */
  override __requestTrailers(trailers: RequestTrailers): TrailersAction {
    // Held, and trailers end it: the body has no last part that says so.
    if (this.holdsRequest && this.requestAction == BodyAction.StopIterationAndBuffer) {
      this.holdsRequest = false;
      const body = new RequestBody();
      body.__openHeld();
      if (this.onWholeRequestBody(body) != BodyAction.Continue) return TrailersAction.StopIteration;
    }
    return this.onRequestTrailers(trailers);
  }

  /** @internal */
  override __responseBody(body: ResponseBody): BodyAction {
    let action = BodyAction.StopIterationAndBuffer;
    if (!this.holdsResponse) {
      action = this.onResponseBody(body);
    } else if (body.size > this.responseLimit) {
      this.holdsResponse = false;
      action = this.onResponseBodyTooLarge(body);
    } else if (body.endOfStream) {
      this.holdsResponse = false;
      action = this.onWholeResponseBody(body);
    }
    this.responseAction = action;
    return action;
  }

  /** @internal */
  override __responseTrailers(trailers: ResponseTrailers): TrailersAction {
    if (this.holdsResponse && this.responseAction == BodyAction.StopIterationAndBuffer) {
      this.holdsResponse = false;
      const body = new ResponseBody();
      body.__openHeld();
      if (this.onWholeResponseBody(body) != BodyAction.Continue) {
        return TrailersAction.StopIteration;
      }
    }
    return this.onResponseTrailers(trailers);
  }
}

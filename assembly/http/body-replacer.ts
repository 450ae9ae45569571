// Search and replace in bodies that trailers may end.
import { Needles, StreamReplacer } from "../std/stream-replacer";
import { BodyAction } from "./action";
import { Body, RequestBody, ResponseBody } from "./body";
import { LocalResponse } from "./local-response";

/**
 * Replaces needles in one body part by part, as `StreamReplacer` does, and loses nothing where
 * trailers end the body.
 *
 * Envoy takes bytes for a body at its trailers only while it holds some of the body for the filter.
 * So a part whose end may be the start of a needle waits in whole, until the next part or the
 * trailers tell; all others go on at once.
 *
 * ```ts
 * class Rewrite extends HttpFilter {
 *   private readonly replacer: BodyReplacer;
 *
 *   constructor(needles: Needles) {
 *     super();
 *     this.replacer = new BodyReplacer(needles);
 *   }
 *
 *   override onResponseHeaders(headers: ResponseHeaders): Action {
 *     headers.remove("content-length");
 *     return Action.Continue;
 *   }
 *
 *   override onResponseBody(body: ResponseBody): BodyAction {
 *     return this.replacer.part(body);
 *   }
 *
 *   override onResponseTrailers(trailers: ResponseTrailers): TrailersAction {
 *     this.replacer.endResponse();
 *     return TrailersAction.Continue;
 *   }
 * }
 * ```
 */
@final
export class BodyReplacer {
  private readonly replacer: StreamReplacer;
  /** What waits: parts that are done, and their size. */
  private waiting: Uint8Array[] = [];
  private size: i32 = 0;

  /**
   * `maxWaiting`: how many bytes may wait at most. Beyond that, which takes one part after the other
   * that ends like the start of a needle, or one large part, the stream is refused: a request with
   * 413, a response with 500, or broken off where its headers have gone on.
   */
  constructor(
    needles: Needles,
    private readonly maxWaiting: i32 = 1024 * 1024,
  ) {
    this.replacer = new StreamReplacer(needles);
  }

  /** How many needles were replaced so far. */
  get count(): u32 {
    return this.replacer.count;
  }

  /** Takes the next part: from `onRequestBody` or `onResponseBody`, which answer what this answers. */
  part(body: Body): BodyAction {
    const isLast = body.endOfStream;
    const output = this.replacer.push(body.bytes(), isLast);
    const isHolding = this.replacer.heldBack > 0;
    if (this.replacer.isFull || (isHolding && this.size + output.length > this.maxWaiting)) {
      return body instanceof RequestBody
        ? new LocalResponse(413, "Payload Too Large").send()
        : new LocalResponse(500, "Internal Server Error").send();
    }
    this.waiting.push(output);
    this.size += output.length;
    body.clear();
    if (isHolding) return BodyAction.StopIterationAndBuffer;
    this.release(body);
    return BodyAction.Continue;
  }

  /** Lets go on what waits of a request: from `onRequestTrailers`, which must answer `Continue`. */
  endRequest(): void {
    const body = new RequestBody();
    body.__openHeld();
    this.end(body);
  }

  /** As `endRequest`, for a response: from `onResponseTrailers`. */
  endResponse(): void {
    const body = new ResponseBody();
    body.__openHeld();
    this.end(body);
  }

  private end(body: Body): void {
    this.waiting.push(this.replacer.finish());
    this.release(body);
  }

  private release(body: Body): void {
    for (let i = 0; i < this.waiting.length; i++) {
      const part = unchecked(this.waiting[i]);
      if (part.length > 0) body.appendBytes(part);
    }
    this.waiting = [];
    this.size = 0;
  }
}

import { BufferType, Status } from "../abi/enums";
import { StreamBuffer } from "../abi/stream-buffer";
import { ResponseTrailers } from "./trailers";

/**
 * What the bodies of both directions have in common. A filter that changes how long a body is must
 * take `content-length` out of the headers, or correct it, before they go on: Envoy does not, and the
 * receiver would wait for bytes that never come, or take what is too much for something else.
 */
export abstract class Body extends StreamBuffer {}

/** What of the request's body has arrived and not gone on yet. */
@final
export class RequestBody extends Body {
  constructor() {
    super(BufferType.HttpRequestBody);
  }
}

/** What of the response's body has arrived and not gone on yet. */
@final
export class ResponseBody extends Body {
  constructor() {
    super(BufferType.HttpResponseBody);
  }

  /**
   * Gives a response that has no trailers one: only with `endOfStream` (else `BadArgument`), and the
   * callback must answer `Continue`. HTTP/1.1 carries trailers in chunked bodies only, and where
   * Envoy is told to. Requests have no such method: Envoy would send a broken one.
   */
  addTrailer(name: string, value: string): Status {
    if (!this.isOpen() || !this.endOfStream) return Status.BadArgument;
    return new ResponseTrailers().add(name, value);
  }
}

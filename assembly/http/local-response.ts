import { Status } from "../abi/enums";
import { proxy_send_local_response } from "../abi/hostcalls/http";
import { PairsWriter } from "../abi/pairs";
import { GrpcCode } from "../callout/grpc-code";
import { release, reserve } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";
import { Action } from "./action";
import { beginEnd, noteEnd } from "./phase";

/** The value that stands for 'no gRPC status'. */
// @ts-ignore: decorator
@inline
const NO_GRPC_STATUS = -1;

/**
 * An answer from the proxy itself, in place of the upstream's:
 *
 * ```ts
 * return new LocalResponse(401, "who are you?\n").header("www-authenticate", "Bearer").send();
 * ```
 */
@final
export class LocalResponse {
  private headers: PairsWriter = new PairsWriter();
  private details: string = "";
  private bytes: Uint8Array | null = null;
  private grpcCode: i32 = NO_GRPC_STATUS;

  /**
   * @param status the HTTP status, 200 to 599; any other is sent as 500
   * @param body sent as `text/plain` unless a `content-type` header is given
   */
  constructor(
    private readonly status: u32,
    private readonly body: string = "",
  ) {}

  /**
   * Adds a header. One whose name is empty, or whose name or value holds CR, LF or NUL, is left out
   * when the response is sent: an answer that refuses a request is still sent.
   */
  header(name: string, value: string): LocalResponse {
    this.headers.add(name, value);
    return this;
  }

  /** What access logs show as RESPONSE_CODE_DETAILS; Envoy replaces white space. */
  because(details: string): LocalResponse {
    this.details = details;
    return this;
  }

  /** Sends these bytes as the body, in place of the text. */
  bodyBytes(bytes: Uint8Array): LocalResponse {
    this.bytes = bytes;
    return this;
  }

  /**
   * The `grpc-status` for a gRPC request, which Envoy answers with HTTP status 200 and the body as
   * `grpc-message`. Without it, Envoy derives one from the HTTP status. Other requests do not see it.
   */
  grpcStatus(code: GrpcCode): LocalResponse {
    this.grpcCode = code;
    return this;
  }

  /**
   * Sends the response once the callback has returned, and answers what the callback must return,
   * be it for headers, a body or trailers. The response then passes through the response callbacks
   * of this filter too, unless it was sent from one.
   *
   * Where the headers of a response have gone to the client already, Envoy breaks the stream off
   * instead. A stream is answered once: later responses, and any in `onLog` or `onDelete`, are
   * dropped, and what comes back lets the first one pass. Should the host refuse the call (a
   * capability restriction), the stream is stopped all the same: nothing unanswered gets past this
   * filter.
   */
  send(): i32 {
    const slot = beginEnd();
    if (slot == 0) return Action.Continue;
    const headers = this.headers;
    const text = this.body;
    const start = reserve(headers.size + maxUtf8Size(this.details.length + text.length));
    const details = headers.write(start);
    const headersSize = details - start;
    const detailsSize = encodeUtf8(this.details, details);
    let body = details + detailsSize;
    let bodySize = encodeUtf8(text, body);
    const bytes = this.bytes;
    if (bytes !== null) {
      body = bytes.dataStart;
      bodySize = bytes.length;
    }
    const code = this.status;
    const status = proxy_send_local_response(
      code < 200 || code > 599 ? 500 : code,
      details,
      detailsSize,
      body,
      bodySize,
      start,
      headersSize,
      this.grpcCode,
    );
    noteEnd(slot, status);
    release(start);
    return Action.StopIteration;
  }
}

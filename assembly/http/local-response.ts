import { Status } from "../abi/enums";
import { isFieldName, isFieldSafe } from "../abi/field";
import { proxy_send_local_response } from "../abi/hostcalls/http";
import { pairsOverhead } from "../abi/pairs";
import { release, reserve } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";
import { Action } from "./action";

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
  private names: string[] = [];
  private values: string[] = [];
  private details: string = "";

  /**
   * @param status the HTTP status, 200 to 599
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
    this.names.push(name);
    this.values.push(value);
    return this;
  }

  /** What access logs show as RESPONSE_CODE_DETAILS; Envoy replaces white space. */
  because(details: string): LocalResponse {
    this.details = details;
    return this;
  }

  /**
   * Sends the response once the callback has returned, and answers what the callback must return.
   * Only from `onRequestHeaders` and `onResponseHeaders`. The response then passes through
   * `onResponseHeaders` of this filter too. Should the host refuse the call (a capability
   * restriction), the stream is stopped all the same: nothing unanswered gets past this filter.
   */
  send(): Action {
    const count = this.names.length;
    let room = pairsOverhead(count) + maxUtf8Size(this.details.length + this.body.length);
    for (let i = 0; i < count; i++) {
      room += maxUtf8Size(this.names[i].length + this.values[i].length);
    }
    const start = reserve(room);
    const headersSize = this.writeHeaders(start);
    const details = start + headersSize;
    const detailsSize = encodeUtf8(this.details, details);
    const body = details + detailsSize;
    const bodySize = encodeUtf8(this.body, body);
    proxy_send_local_response(
      this.status,
      details,
      detailsSize,
      body,
      bodySize,
      start,
      headersSize,
      NO_GRPC_STATUS,
    );
    release(start);
    return Action.StopIteration;
  }

  /** Writes the headers in the format of `abi/pairs` and returns their size in bytes. */
  private writeHeaders(start: usize): usize {
    const given = this.names.length;
    // The table of sizes comes first, and its length decides where the names start: so the headers
    // that are left out must be known before the first one is written for good.
    let count = 0;
    for (let i = 0; i < given; i++) {
      if (this.isSendable(i, start)) count++;
    }
    store<u32>(start, <u32>count);
    let sizes = start + 4;
    let at = sizes + ((<usize>count) << 3);
    for (let i = 0; i < given; i++) {
      if (!this.isSendable(i, at)) continue;
      const nameSize = encodeUtf8(this.names[i], at);
      store<u8>(at + nameSize, 0);
      const value = at + nameSize + 1;
      const valueSize = encodeUtf8(this.values[i], value);
      store<u8>(value + valueSize, 0);
      store<u32>(sizes, <u32>nameSize);
      store<u32>(sizes, <u32>valueSize, 4);
      sizes += 8;
      at = value + valueSize + 1;
    }
    return at - start;
  }

  /** Whether header `index` may go out; uses the memory at `scratch` to see its bytes. */
  private isSendable(index: i32, scratch: usize): bool {
    if (!isFieldName(scratch, encodeUtf8(this.names[index], scratch))) return false;
    return isFieldSafe(scratch, encodeUtf8(this.values[index], scratch));
  }
}

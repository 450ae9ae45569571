import { Status } from "../abi/enums";
import { proxy_http_call } from "../abi/hostcalls/callouts";
import { PairsWriter } from "../abi/pairs";
import { clearOut, outData, release, reserve } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";
import { isTarget } from "./target";

/**
 * What an HttpCallout sends:
 *
 * ```ts
 * new CalloutRequest("POST", "/check", "auth.example")
 *   .header("content-type", "application/json")
 *   .body('{"user":1}')
 * ```
 *
 * Envoy adds `content-length`, and `:scheme` by the cluster. A request may be sent more than once.
 */
@final
export class CalloutRequest {
  private readonly headers: PairsWriter = new PairsWriter();
  private trailers: PairsWriter | null = null;
  private text: string = "";
  private data: Uint8Array | null = null;
  private refused: bool;

  /**
   * @param method for example `GET`
   * @param path with the query, from the first slash on
   * @param authority what HTTP/1.1 calls host
   *
   * None of them may be empty, or hold white space or control characters: the request is refused then
   * when it is sent.
   */
  constructor(method: string, path: string, authority: string) {
    this.refused = !isTarget(method) || !isTarget(path) || !isTarget(authority);
    this.headers.add(":method", method);
    this.headers.add(":path", path);
    this.headers.add(":authority", authority);
  }

  /**
   * Adds a header. When its name is empty or begins with a colon, or its name or value holds CR, LF or
   * NUL, the request is refused when it is sent.
   */
  header(name: string, value: string): CalloutRequest {
    this.checkName(name);
    this.headers.add(name, value);
    return this;
  }

  /** As `header`, with the value as bytes. */
  headerBytes(name: string, value: Uint8Array): CalloutRequest {
    this.checkName(name);
    this.headers.addBytes(name, value);
    return this;
  }

  /** Sets the body, sent as UTF-8. */
  body(text: string): CalloutRequest {
    this.text = text;
    this.data = null;
    return this;
  }

  /** Sets the body; the bytes are read when the request is sent. */
  bodyBytes(bytes: Uint8Array): CalloutRequest {
    this.data = bytes;
    return this;
  }

  /**
   * Adds a trailer, for after the body; what is refused as a header is refused here too. Envoy 1.40
   * takes trailers and does not send them.
   */
  trailer(name: string, value: string): CalloutRequest {
    let trailers = this.trailers;
    if (trailers === null) this.trailers = trailers = new PairsWriter();
    this.checkName(name);
    trailers.add(name, value);
    return this;
  }

  /** Sends it; the token is the host call's first result. @internal */
  __dispatch(cluster: string, timeoutMs: u32): Status {
    const headers = this.headers;
    const trailers = this.trailers;
    if (this.refused || headers.refused) return Status.BadArgument;
    if (trailers !== null && trailers.refused) return Status.BadArgument;
    const trailersRoom: usize = trailers === null ? 0 : trailers.size;
    const data = this.data;
    const start = reserve(
      headers.size + trailersRoom + maxUtf8Size(cluster.length + this.text.length),
    );
    const trailersStart = headers.write(start);
    const clusterStart = trailers === null ? trailersStart : trailers.write(trailersStart);
    const clusterSize = encodeUtf8(cluster, clusterStart);
    let body = clusterStart + clusterSize;
    let bodySize: usize;
    if (data === null) {
      bodySize = encodeUtf8(this.text, body);
    } else {
      body = data.dataStart;
      bodySize = data.length;
    }
    clearOut();
    const status = proxy_http_call(
      clusterStart,
      clusterSize,
      start,
      trailersStart - start,
      body,
      bodySize,
      trailersStart,
      clusterStart - trailersStart,
      timeoutMs,
      outData(),
    );
    release(start);
    return status;
  }

  /** The constructor gives all that may begin with a colon; a second one would be joined to it. */
  private checkName(name: string): void {
    if (name.length != 0 && name.charCodeAt(0) == 0x3a) this.refused = true;
  }
}

import { BufferType, MapType, Status } from "../abi/enums";
import { proxy_get_buffer_bytes } from "../abi/hostcalls/buffers";
import { takeBytes, takeString } from "../runtime/bytes";
import { clearOut, outData, outSize } from "../runtime/memory";
import { CalloutHeaders } from "./headers";

// Views without state: one of each does for all answers.
// @ts-ignore: decorator
@lazy
const headers = new CalloutHeaders(MapType.HttpCallResponseHeaders);
// @ts-ignore: decorator
@lazy
const trailers = new CalloutHeaders(MapType.HttpCallResponseTrailers);

/** The HTTP status of the answer; 0 where the host does not tell. */
export function readStatus(): u32 {
  const text = headers.get(":status");
  let status: u32 = 0;
  if (text !== null) {
    for (let i = 0; i < text.length; i++) status = status * 10 + (text.charCodeAt(i) - 0x30);
  }
  return status;
}

/** The answer to an HttpCallout. Readable only inside the callback that hands it over. */
@final
export class CalloutResponse {
  constructor(
    /** The HTTP status. */
    readonly status: u32,
    /** The body's size in bytes. */
    readonly bodySize: u32,
  ) {}

  /** The headers; `:status` is among them. */
  get headers(): CalloutHeaders {
    return headers;
  }

  /** The trailers; empty when there are none. */
  get trailers(): CalloutHeaders {
    return trailers;
  }

  /** The body as text (UTF-8, each ill-formed part as one U+FFFD); `""` when there is none. */
  text(): string {
    return this.read() ? takeString() : "";
  }

  /** The body as bytes; empty when there is none. */
  bytes(): Uint8Array {
    return this.read() ? takeBytes() : new Uint8Array(0);
  }

  private read(): bool {
    clearOut();
    const status = proxy_get_buffer_bytes(
      BufferType.HttpCallResponseBody,
      0,
      this.bodySize,
      outData(),
      outSize(),
    );
    return status == Status.Ok;
  }
}

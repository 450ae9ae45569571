// What a filter does with the stream that a callback is for.

import { Status, StreamType } from "../abi/enums";
import { proxy_close_stream, proxy_continue_stream } from "../abi/hostcalls/stream";
import { lookUp } from "../properties/read";
import { release, resultData } from "../runtime/memory";
import { beginEnd, isRequestContinuable, isResponseContinuable, noteEnd } from "./phase";

/**
 * Goes on with a request that a callback of this filter has stopped: its headers, what is buffered
 * of its body, its trailers. From a callback that acts on the stream and is not one of its request's
 * (a callout's, a timer's): those say by what they answer whether the request goes on, and get
 * `BadArgument` here. So does a callback that has ended the stream.
 */
export function continueRequest(): Status {
  if (!isRequestContinuable()) return Status.BadArgument;
  return proxy_continue_stream(StreamType.HttpRequest);
}

/** As `continueRequest`, for the response; `BadArgument` also while there is none yet. */
export function continueResponse(): Status {
  if (!isResponseContinuable() || !hasResponse()) return Status.BadArgument;
  return proxy_continue_stream(StreamType.HttpResponse);
}

/**
 * Breaks the stream off without an answer, once the callback has returned: over HTTP/1.1 the
 * client's connection is closed, over HTTP/2 the stream is reset. Access logs show
 * `wasm_close_stream`. `BadArgument` in `onLog` and `onDelete`, and for a stream that this filter
 * has closed or answered already.
 */
export function closeRequest(): Status {
  return close(StreamType.HttpRequest);
}

/** As `closeRequest`, seen from the response: the stream is the same. */
export function closeResponse(): Status {
  return close(StreamType.HttpResponse);
}

function close(stream: StreamType): Status {
  const slot = beginEnd();
  return slot == 0 ? Status.BadArgument : noteEnd(slot, proxy_close_stream(stream));
}

/** Whether the response's headers have come, or Envoy is making them. */
function hasResponse(): bool {
  if (!lookUp("response\0code_details")) return false;
  release(resultData());
  return true;
}

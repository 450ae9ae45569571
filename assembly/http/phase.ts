// What may be asked of Envoy for a stream depends on where the stream is, and Envoy does not look.
// Seen with 1.40: two ends of a stream (an answer of the filter's, a reset) in one response callback
// crash it, and so do a reset in onLog and going on with a response that has not begun; an answer in
// onLog calls onLog again, without end; going on with a request in the very callback that could stop
// it loses its body. An answer in the response callback of an earlier answer has kept clients waiting
// for ever (envoyproxy/envoy#28826).

import { Status } from "../abi/enums";
import { callbackSerial, currentContext } from "../runtime/callback";

// The latest callback of each kind. Only written where nothing asks: such a module has no trace of
// them.
// @ts-ignore: decorator
@lazy
let requestCallback: u32 = 0;
// @ts-ignore: decorator
@lazy
let responseCallback: u32 = 0;
/** Whether this callback is one after which the stream is gone. */
// @ts-ignore: decorator
@lazy
let last: bool = false;

/** Says that this callback is one of a request: its headers, its body, its trailers. */
// @ts-ignore: decorator
@inline
export function inRequest(): void {
  requestCallback = callbackSerial;
}

/** Says that this callback is one of a response. */
// @ts-ignore: decorator
@inline
export function inResponse(): void {
  responseCallback = callbackSerial;
}

/** Says whether the callbacks from now on are those after which the stream is gone. */
// @ts-ignore: decorator
@inline
export function setLast(isLast: bool): void {
  last = isLast;
}

/** How many ended streams are remembered, a power of two. */
// @ts-ignore: decorator
@inline
const STREAMS = 256;

// The streams that were ended, each in the slot of its id's lowest bits. Envoy counts the ids up, so
// a later stream takes the slot over: nothing needs to be forgotten, which a filter that all streams
// share could not do.
// @ts-ignore: decorator
@lazy
const ENDED: usize = memory.data(1024, 4);

/** The callback, and the stream, of the last end. */
// @ts-ignore: decorator
@lazy
let endedIn: u32 = 0;
// @ts-ignore: decorator
@lazy
let endedContext: u32 = 0;

/**
 * What to hand to `noteEnd` when the stream that this callback is for has been ended; 0 when it cannot
 * be: in its last callbacks, and a second time.
 */
export function beginEnd(): usize {
  const slot = ENDED + (((<usize>currentContext) & (STREAMS - 1)) << 2);
  return last || load<u32>(slot) == currentContext ? 0 : slot;
}

/** Remembers that the stream was ended, if the host agreed; passes its status on. */
// @ts-ignore: decorator
@inline
export function noteEnd(slot: usize, status: Status): Status {
  if (status == Status.Ok) {
    store<u32>(slot, currentContext);
    endedIn = callbackSerial;
    endedContext = currentContext;
  }
  return status;
}

/**
 * Whether the request can be continued: not in its own callbacks, which say by what they answer
 * whether it goes on, not in the last ones, and not where this callback ends the stream.
 */
export function isRequestContinuable(): bool {
  return requestCallback != callbackSerial && isContinuable();
}

/** As `isRequestContinuable`, for the response. */
export function isResponseContinuable(): bool {
  return responseCallback != callbackSerial && isContinuable();
}

function isContinuable(): bool {
  return !last && (endedIn != callbackSerial || endedContext != currentContext);
}

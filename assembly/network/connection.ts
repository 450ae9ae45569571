// What a TCP filter does with the connection that a callback is for. Carried out once the callback
// has returned.
import { Status, StreamType } from "../abi/enums";
import { proxy_close_stream, proxy_continue_stream } from "../abi/hostcalls/stream";

/** Goes on with what a callback of this filter has stopped: the connection, and the client's data. */
export function continueDownstream(): Status {
  return proxy_continue_stream(StreamType.Downstream);
}

/** Closes the client's connection, after what was to be written to it. */
export function closeDownstream(): Status {
  return proxy_close_stream(StreamType.Downstream);
}

/**
 * Closes the upstream's side. Envoy knows one connection here, the client's, with one filter chain:
 * that is closed as by `closeDownstream`, and the TCP proxy then closes its own to the upstream.
 */
export function closeUpstream(): Status {
  return proxy_close_stream(StreamType.Upstream);
}

import { LAST_STREAM_TYPE, Status, StreamType } from "../abi.ts";
import { decodePairs } from "../pairs.ts";
import type { HostCalls } from "./host-call.ts";

/** Continuing, closing and answering a stream; all of it is done when the callback has returned. */
export const streamCalls: HostCalls = {
  proxy_continue_stream({ context }, type: number) {
    if (type > LAST_STREAM_TYPE) return Status.BadArgument;
    if (type === StreamType.Upstream) return Status.Unimplemented;
    if (type === StreamType.Downstream) context.continueReading();
    else context.continueStream(type === StreamType.Request);
    return Status.Ok;
  },

  proxy_close_stream({ context }, type: number) {
    if (type > LAST_STREAM_TYPE) return Status.BadArgument;
    if (type <= StreamType.Response) context.closeStream(type === StreamType.Request);
    else context.closeConnection();
    return Status.Ok;
  },

  // 0.1.0 only, as the next two.
  proxy_continue_request({ context }) {
    context.continueStream(true);
    return Status.Ok;
  },

  proxy_continue_response({ context }) {
    context.continueStream(false);
    return Status.Ok;
  },

  proxy_clear_route_cache() {
    return Status.Ok;
  },

  proxy_send_local_response(
    { context, memory, vm },
    status: number,
    details: number,
    detailsSize: number,
    body: number,
    bodySize: number,
    headers: number,
    headersSize: number,
    grpcStatus: number,
  ) {
    const response = {
      status,
      details: memory.readUtf8(details, detailsSize).replace(/\s/g, "_"),
      body: memory.read(body, bodySize),
      headers: decodePairs(memory.read(headers, headersSize)),
      grpcStatus,
    };
    context.sendLocalResponse(response);
    vm.stopNextIteration = true;
    return Status.Ok;
  },
};

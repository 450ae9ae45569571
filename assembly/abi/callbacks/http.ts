import { Action, BodyAction, TrailersAction } from "../../http/action";
import { RequestBody, ResponseBody } from "../../http/body";
import { RequestHeaders, ResponseHeaders } from "../../http/headers";
import { inRequest, inResponse } from "../../http/phase";
import { RequestTrailers, ResponseTrailers } from "../../http/trailers";
import { findHttpFilter } from "../../plugin/contexts";
import { enter, leave } from "../../runtime/callback";

// Views without state of their own but what the host has just told: one of each does for all
// streams.
// @ts-ignore: decorator
@lazy
const requestHeaders = new RequestHeaders();
// @ts-ignore: decorator
@lazy
const responseHeaders = new ResponseHeaders();
// @ts-ignore: decorator
@lazy
const requestBody = new RequestBody();
// @ts-ignore: decorator
@lazy
const responseBody = new ResponseBody();
// @ts-ignore: decorator
@lazy
const requestTrailers = new RequestTrailers();
// @ts-ignore: decorator
@lazy
const responseTrailers = new ResponseTrailers();

export function proxy_on_request_headers(id: u32, count: u32, endOfStream: u32): Action {
  const outer = enter(id);
  inRequest();
  let action = Action.Continue;
  const filter = findHttpFilter(id);
  if (filter !== null) {
    requestHeaders.endOfStream = endOfStream != 0;
    action = filter.onRequestHeaders(requestHeaders);
  }
  leave(outer);
  return action;
}

export function proxy_on_request_body(id: u32, size: u32, endOfStream: u32): BodyAction {
  const outer = enter(id);
  inRequest();
  let action = BodyAction.Continue;
  const filter = findHttpFilter(id);
  if (filter !== null) {
    requestBody.__open(size, endOfStream != 0);
    action = filter.__requestBody(requestBody);
  }
  leave(outer);
  return action;
}

export function proxy_on_request_trailers(id: u32, count: u32): TrailersAction {
  const outer = enter(id);
  inRequest();
  let action = TrailersAction.Continue;
  const filter = findHttpFilter(id);
  if (filter !== null) action = filter.__requestTrailers(requestTrailers);
  leave(outer);
  return action;
}

export function proxy_on_response_headers(id: u32, count: u32, endOfStream: u32): Action {
  const outer = enter(id);
  inResponse();
  let action = Action.Continue;
  const filter = findHttpFilter(id);
  if (filter !== null) {
    responseHeaders.endOfStream = endOfStream != 0;
    action = filter.onResponseHeaders(responseHeaders);
  }
  leave(outer);
  return action;
}

export function proxy_on_response_body(id: u32, size: u32, endOfStream: u32): BodyAction {
  const outer = enter(id);
  inResponse();
  let action = BodyAction.Continue;
  const filter = findHttpFilter(id);
  if (filter !== null) {
    responseBody.__open(size, endOfStream != 0);
    action = filter.__responseBody(responseBody);
  }
  leave(outer);
  return action;
}

export function proxy_on_response_trailers(id: u32, count: u32): TrailersAction {
  const outer = enter(id);
  inResponse();
  let action = TrailersAction.Continue;
  const filter = findHttpFilter(id);
  if (filter !== null) action = filter.__responseTrailers(responseTrailers);
  leave(outer);
  return action;
}

/** Envoy passes metadata on whatever is answered, and has no way to read it. */
export function proxy_on_request_metadata(id: u32, count: u32): u32 {
  const outer = enter(id);
  inRequest();
  const filter = findHttpFilter(id);
  if (filter !== null) filter.onRequestMetadata(count);
  leave(outer);
  return 0;
}

/** As `proxy_on_request_metadata`. */
export function proxy_on_response_metadata(id: u32, count: u32): u32 {
  const outer = enter(id);
  inResponse();
  const filter = findHttpFilter(id);
  if (filter !== null) filter.onResponseMetadata(count);
  leave(outer);
  return 0;
}

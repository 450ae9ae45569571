import { Action } from "../../http/action";
import { RequestHeaders, ResponseHeaders } from "../../http/headers";
import { findHttpFilter } from "../../plugin/contexts";
import { enter, leave } from "../../runtime/callback";

// Views without state of their own but `endOfStream`: one of each does for all streams.
// @ts-ignore: decorator
@lazy
const requestHeaders = new RequestHeaders();
// @ts-ignore: decorator
@lazy
const responseHeaders = new ResponseHeaders();

export function proxy_on_request_headers(id: u32, count: u32, endOfStream: u32): Action {
  const outer = enter(id);
  let action = Action.Continue;
  const filter = findHttpFilter(id);
  if (filter !== null) {
    requestHeaders.endOfStream = endOfStream != 0;
    action = filter.onRequestHeaders(requestHeaders);
  }
  leave(outer);
  return action;
}

export function proxy_on_response_headers(id: u32, count: u32, endOfStream: u32): Action {
  const outer = enter(id);
  let action = Action.Continue;
  const filter = findHttpFilter(id);
  if (filter !== null) {
    responseHeaders.endOfStream = endOfStream != 0;
    action = filter.onResponseHeaders(responseHeaders);
  }
  leave(outer);
  return action;
}

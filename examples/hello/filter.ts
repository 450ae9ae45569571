import {
  HttpFilter,
  RequestHeaders,
  ResponseHeaders,
  Action,
  Counter,
  registerHttpFilter,
} from "as-proxy-wasm";

const requests = new Counter("hello_requests");

class Hello extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    requests.increment();
    headers.set("x-hello", "world");
    return Action.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    headers.set("x-hello", "client");
    return Action.Continue;
  }
}
registerHttpFilter<Hello>("hello");

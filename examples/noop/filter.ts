import { HttpFilter, RequestHeaders, Action, registerHttpFilter } from "as-proxy-wasm";

class Noop extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    return Action.Continue;
  }
}
registerHttpFilter<Noop>("noop");

// Traps where the configuration or the path says so.
import {
  Action,
  Configuration,
  HttpFilter,
  Plugin,
  RequestHeaders,
  registerPlugin,
} from "as-proxy-wasm";

const numbers: i32[] = [1, 2, 3];

class Trap extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    const path = headers.get(":path")!;
    if (path == "/index") numbers[path.length]++;
    if (path == "/throw") throw new Error("thrown: ünïcödé");
    return Action.Continue;
  }
}

class Traps extends Plugin {
  override onConfigure(configuration: Configuration): bool {
    assert(configuration.text() != "trap", "asked to trap");
    return true;
  }

  override createHttpFilter(): HttpFilter {
    return new Trap();
  }
}
registerPlugin<Traps>("trap");

// Traps where the configuration or the path says so. The comments name the paths: the tests look for
// the lines by them.
import {
  Action,
  Configuration,
  HttpFilter,
  Plugin,
  RequestHeaders,
  log,
  registerPlugin,
} from "as-proxy-wasm";

const numbers: i32[] = [1, 2, 3];

class Base {}
class Derived extends Base {
  value: i32 = 1;
}

/** Small enough to be put where it is called. */
function half(path: string): i32 {
  return numbers[path.length]; // /inlined
}

/** Too large for that. */
function deep(path: string, depth: i32): i32 {
  log.debug(path + depth.toString());
  if (depth > 3) return numbers[path.length]; // /deep
  log.debug(path + (depth + 1).toString());
  return deep(path, depth + 1) + deep(path, depth + 2);
}

function endless(text: string, depth: i32): string {
  return depth < 0 ? text : endless(text + ".", depth + 1) + text; // /recursion
}

class Trap extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    const path = headers.get(":path")!;
    if (path == "/index") numbers[path.length]++; // /index
    if (path == "/throw") throw new Error("thrown: ünïcödé"); // /throw
    if (path == "/absent") headers.set("x", headers.get("x-absent")!); // /absent
    if (path == "/cast") headers.set("x", (<Derived>this.base()).value.toString()); // /cast
    if (path == "/divide") headers.set("x", (1 / (path.length - 7)).toString()); // /divide
    if (path == "/load") headers.set("x", load<u8>(<usize>-path.length).toString()); // /load
    if (path == "/unreachable") unreachable(); // /unreachable
    if (path == "/inlined") headers.set("x", half(path).toString());
    if (path == "/deep") headers.set("x", deep(path, 0).toString());
    if (path == "/recursion") headers.set("x", endless(path, 0));
    return Action.Continue;
  }

  private base(): Base {
    return new Base();
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

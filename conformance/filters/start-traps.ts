// Plugins that trap before they serve, and a filter that traps as it is made. The comments are the root
// ids: the test looks for the lines by them.
import {
  Action,
  Configuration,
  HttpFilter,
  Plugin,
  RequestHeaders,
  VmConfiguration,
  log,
  registerHttpFilter,
  registerPlugin,
} from "as-proxy-wasm";

const numbers: i32[] = [1, 2, 3];

/** Too large to be put where it is called. */
function pick(text: string, depth: i32): i32 {
  log.debug(text + depth.toString());
  if (depth > 2) return numbers[text.length + 3]; // configure
  log.debug(text + (depth + 1).toString());
  return pick(text, depth + 1) + pick(text, depth + 2);
}

class InConstructor extends Plugin {
  private first: i32 = numbers[numbers.length]; // constructor

  override onConfigure(configuration: Configuration): bool {
    log.info(this.first.toString());
    return true;
  }
}

class InStart extends Plugin {
  override onStart(vm: VmConfiguration): bool {
    throw new Error("not today, " + vm.text()); // start
  }
}

class InConfigure extends Plugin {
  override onConfigure(configuration: Configuration): bool {
    log.warn("about to configure");
    return pick(configuration.text(), 0) > 0;
  }
}

class FilterConstructor extends HttpFilter {
  private share: i32 = 1 / (numbers.length - 3); // filter

  override onRequestHeaders(headers: RequestHeaders): Action {
    headers.set("x-share", this.share.toString());
    return Action.Continue;
  }
}

registerPlugin<InConstructor>("constructor");
registerPlugin<InStart>("start");
registerPlugin<InConfigure>("configure");
registerHttpFilter<FilterConstructor>("filter");

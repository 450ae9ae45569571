// Two plugins in one module: what each stream and each plugin configuration has of its own.
import {
  Action,
  Configuration,
  Counter,
  HttpFilter,
  Plugin,
  RequestHeaders,
  ResponseHeaders,
  log,
  registerHttpFilter,
  registerPlugin,
} from "as-proxy-wasm";

const live = new Counter("lifecycle_created");

class Stream extends HttpFilter {
  path: string | null = null;

  constructor(private readonly plugin: Life) {
    super();
    live.increment();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    this.path = headers.get(":path");
    headers.set("x-plugin", this.plugin.text);
    return Action.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    headers.set("x-path", this.path!);
    headers.set("x-created", live.value().toString());
    return Action.Continue;
  }

  override onLog(): void {
    log.info("log " + this.path!);
  }

  override onDelete(): void {
    log.info("delete " + this.path!);
  }
}

class Life extends Plugin {
  text: string = "";

  override onConfigure(configuration: Configuration): bool {
    const bytes = configuration.bytes();
    this.text = configuration.text();
    if (this.text == "refuse me") {
      log.error("refused as asked");
      return false;
    }
    return <u32>bytes.length == configuration.size;
  }

  override createHttpFilter(): HttpFilter | null {
    return this.text == "none" ? null : new Stream(this);
  }
}
registerPlugin<Life>("life");

class Other extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    headers.set("x-other", "1");
    return Action.Continue;
  }
}
registerHttpFilter<Other>("other");

// Tells, in a header of the response, which configuration holds for the request.
import {
  Action,
  Configuration,
  Counter,
  HttpFilter,
  Json,
  Plugin,
  RequestHeaders,
  ResponseHeaders,
  RouteConfiguration,
  registerPlugin,
} from "as-proxy-wasm";
import { percentEncode } from "as-proxy-wasm/assembly/std/percent";

const reads = new Counter("route_configuration_reads");

class Settings {
  constructor(
    readonly limit: i64,
    readonly text: string,
    readonly list: string,
  ) {}
}

class RouteSettings extends RouteConfiguration<Settings> {
  read(json: Json): Settings {
    reads.increment();
    json.onlyKeys(["limit", "text", "list", "null"]);
    let list = "";
    if (json.has("list")) {
      const items = json.array("list");
      for (let i = 0; i < items.length; i++) list += items.at(i).asString() + ";";
    }
    return new Settings(json.integer("limit", 1, 0, 1000), json.string("text", ""), list);
  }
}

class Configured extends Plugin {
  settings: RouteSettings = new RouteSettings();

  override onConfigure(configuration: Configuration): bool {
    return this.settings.configure(configuration);
  }

  override createHttpFilter(): HttpFilter | null {
    return new Telling(this);
  }
}
registerPlugin<Configured>("configured");

class Telling extends HttpFilter {
  private settings: Settings | null = null;

  constructor(private readonly plugin: Configured) {
    super();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    this.settings = this.plugin.settings.current();
    return Action.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    const settings = this.settings!;
    const text = percentEncode(settings.text);
    headers.set("x-settings", settings.limit.toString() + "|" + text + "|" + settings.list);
    return Action.Continue;
  }
}

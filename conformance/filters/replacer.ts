// Replaces needles in the bodies of both directions, part by part.
import {
  Action,
  BodyAction,
  HttpFilter,
  Needles,
  Plugin,
  RequestBody,
  RequestHeaders,
  ResponseBody,
  ResponseHeaders,
  StreamReplacer,
  registerPlugin,
} from "as-proxy-wasm";

class Replacer extends HttpFilter {
  private readonly request: StreamReplacer;
  private readonly response: StreamReplacer;

  constructor(needles: Needles) {
    super();
    this.request = new StreamReplacer(needles);
    this.response = new StreamReplacer(needles);
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    headers.remove("content-length");
    return Action.Continue;
  }

  override onRequestBody(body: RequestBody): BodyAction {
    body.replaceBytes(this.request.push(body.bytes(), body.endOfStream));
    return BodyAction.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    headers.remove("content-length");
    return Action.Continue;
  }

  override onResponseBody(body: ResponseBody): BodyAction {
    body.replaceBytes(this.response.push(body.bytes(), body.endOfStream));
    return BodyAction.Continue;
  }
}

class Replacers extends Plugin {
  private readonly needles: Needles = new Needles();

  constructor() {
    super();
    this.needles.add("needle", "[pin]");
    this.needles.add("needless", "[useless]");
    this.needles.add("http://internal.example", "https://www.example");
  }

  override createHttpFilter(): HttpFilter {
    return new Replacer(this.needles);
  }
}

registerPlugin<Replacers>("replacer");

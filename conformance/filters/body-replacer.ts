// Replaces needles in the bodies of both directions, part by part, whatever ends them.
import {
  Action,
  BodyAction,
  BodyReplacer,
  HttpFilter,
  Needles,
  Plugin,
  RequestBody,
  RequestHeaders,
  RequestTrailers,
  ResponseBody,
  ResponseHeaders,
  ResponseTrailers,
  TrailersAction,
  registerPlugin,
} from "as-proxy-wasm";

class WaitingReplacer extends HttpFilter {
  private readonly request: BodyReplacer;
  private readonly response: BodyReplacer;

  constructor(needles: Needles) {
    super();
    this.request = new BodyReplacer(needles, 2000);
    this.response = new BodyReplacer(needles, 2000);
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    headers.remove("content-length");
    return Action.Continue;
  }

  override onRequestBody(body: RequestBody): BodyAction {
    return this.request.part(body);
  }

  override onRequestTrailers(trailers: RequestTrailers): TrailersAction {
    this.request.endRequest();
    return TrailersAction.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    headers.remove("content-length");
    return Action.Continue;
  }

  override onResponseBody(body: ResponseBody): BodyAction {
    return this.response.part(body);
  }

  override onResponseTrailers(trailers: ResponseTrailers): TrailersAction {
    this.response.endResponse();
    return TrailersAction.Continue;
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
    return new WaitingReplacer(this.needles);
  }
}

registerPlugin<Replacers>("body-replacer");

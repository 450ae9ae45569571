// Bodies held up to a limit, and handed over once. The path says how: /LIMIT/WHAT.
import {
  Action,
  Body,
  BodyAction,
  CalloutFailure,
  CalloutRequest,
  CalloutResponse,
  HttpCallout,
  LocalResponse,
  RequestBody,
  RequestHeaders,
  RequestTrailers,
  ResponseBody,
  ResponseHeaders,
  Status,
  TrailersAction,
  WholeBodyFilter,
  continueRequest,
  continueResponse,
  registerHttpFilter,
} from "as-proxy-wasm";

/** Asks the upstream, and puts its answer in the place of the body that waits for it. */
class Ask extends HttpCallout {
  constructor(
    private readonly filter: WholeBodies,
    private readonly onRequest: bool,
  ) {
    super();
  }

  override onResponse(response: CalloutResponse): void {
    const body: Body | null = this.onRequest
      ? this.filter.heldRequestBody()
      : this.filter.heldResponseBody();
    if (body === null) return;
    body.replace("asked:" + response.status.toString() + ":" + body.text());
    if (this.onRequest) continueRequest();
    else continueResponse();
  }

  override onFailure(failure: CalloutFailure): void {
    new LocalResponse(503).send();
  }
}

class WholeBodies extends WholeBodyFilter {
  what: string = "";
  times: i32 = 0;
  passed: i32 = 0;

  override onRequestHeaders(headers: RequestHeaders): Action {
    const path = headers.get(":path")!;
    const slash = path.indexOf("/", 1);
    const limit = <u32>parseInt(path.substring(1, slash), 10);
    this.what = path.substring(slash + 1);
    headers.remove("content-length");
    if (this.what.startsWith("response-")) this.holdResponseBody(limit);
    else this.holdRequestBody(limit);
    if (this.heldRequestBody() !== null) headers.set("x-held-early", "1");
    return this.what == "headers-last" && !headers.endOfStream
      ? Action.StopIteration
      : Action.Continue;
  }

  override onRequestBody(body: RequestBody): BodyAction {
    this.passed++;
    return BodyAction.Continue;
  }

  override onWholeRequestBody(body: RequestBody): BodyAction {
    this.times++;
    if (this.what == "ask") return this.ask(true);
    if (this.what == "flip") {
      const bytes = body.bytes();
      for (let i = 0; i < bytes.length; i++) bytes[i] ^= 0xff;
      body.replaceBytes(bytes);
    } else if (this.what == "refuse") {
      return new LocalResponse(422, body.text()).send();
    } else {
      body.replace("whole:" + body.endOfStream.toString() + ":" + body.text());
    }
    return BodyAction.Continue;
  }

  override onRequestBodyTooLarge(body: RequestBody): BodyAction {
    return this.what == "pass" ? BodyAction.Continue : super.onRequestBodyTooLarge(body);
  }

  override onRequestTrailers(trailers: RequestTrailers): TrailersAction {
    trailers.set("x-times", this.times.toString());
    return TrailersAction.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    headers.set("x-times", this.times.toString());
    headers.set("x-passed", this.passed > 0 ? "some" : "none");
    headers.remove("content-length");
    return this.what == "response-headers-last" && !headers.endOfStream
      ? Action.StopIteration
      : Action.Continue;
  }

  override onWholeResponseBody(body: ResponseBody): BodyAction {
    if (this.what == "response-ask") return this.ask(false);
    body.replace("whole:" + body.size.toString());
    if (this.what == "response-trailer") body.addTrailer("x-added", "1");
    return BodyAction.Continue;
  }

  private ask(onRequest: bool): BodyAction {
    const request = new CalloutRequest("GET", "/asked", "upstream");
    const status = new Ask(this, onRequest).send("upstream", request, 5000);
    return status == Status.Ok ? BodyAction.StopIterationAndBuffer : BodyAction.Continue;
  }
}
registerHttpFilter<WholeBodies>("whole-bodies");

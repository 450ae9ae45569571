// A filter without fields, whose one object all streams share: each callout is its stream's own.
import {
  Action,
  CalloutFailure,
  CalloutRequest,
  CalloutResponse,
  Counter,
  HttpCallout,
  HttpFilter,
  LocalResponse,
  RequestHeaders,
  Status,
  continueRequest,
  registerHttpFilter,
} from "as-proxy-wasm";

const answers = new Counter("callouts_answers");

class Check extends HttpCallout {
  constructor(private readonly path: string) {
    super();
  }

  override onResponse(response: CalloutResponse): void {
    answers.increment();
    if (response.status == 200) {
      const headers = new RequestHeaders();
      headers.set("x-checked", response.text());
      headers.set("x-stream", this.path);
      continueRequest();
    } else {
      new LocalResponse(403, "denied: " + response.text() + " " + this.path)
        .header("x-memory-pages", memory.size().toString())
        .send();
    }
  }

  override onFailure(failure: CalloutFailure): void {
    new LocalResponse(503, failure.message()).send();
  }
}

class Shared extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    const path = headers.get(":path")!;
    const request = new CalloutRequest("GET", path, "service.example");
    if (new Check(path).send("service", request, 10_000) != Status.Ok) {
      return new LocalResponse(500).send();
    }
    return Action.StopAllIterationAndWatermark;
  }
}
registerHttpFilter<Shared>("shared");

// All that a busy filter does, for each request: headers, the body as JSON, shared data, and a callout
// whose answer the request waits for. The response tells which request it was, how many all workers have
// seen, and the guest's memory in pages of 64 KiB.
import {
  Action,
  BodyAction,
  CalloutFailure,
  CalloutRequest,
  CalloutResponse,
  HttpCallout,
  Json,
  LocalResponse,
  RequestBody,
  RequestHeaders,
  ResponseHeaders,
  SharedTextUpdate,
  Status,
  WholeBodyFilter,
  continueRequest,
  registerHttpFilter,
  sharedData,
} from "as-proxy-wasm";

const BODY_LIMIT: u32 = 4096;
const TIMEOUT_MS: u32 = 30_000;

class CountUp extends SharedTextUpdate {
  override update(current: string | null): string | null {
    return (current === null ? 1 : I64.parseInt(current) + 1).toString();
  }
}

/** Asks the service about the request, which goes on with the answer. */
class Check extends HttpCallout {
  constructor(private readonly stream: Soak) {
    super();
  }

  override onResponse(response: CalloutResponse): void {
    this.stream.checked = Json.parse(response.text()).integer("checked", -1).toString();
    new RequestHeaders().set("x-checked", this.stream.checked);
    continueRequest();
  }

  override onFailure(failure: CalloutFailure): void {
    new LocalResponse(503, failure.message()).send();
  }
}

class Soak extends WholeBodyFilter {
  id: string = "";
  checked: string = "";

  override onRequestHeaders(headers: RequestHeaders): Action {
    const id = headers.get("x-id");
    if (id === null || headers.endOfStream) return new LocalResponse(400).send();
    this.id = id;
    headers.add("x-seen-by", "soak");
    headers.remove("x-padding");
    this.holdRequestBody(BODY_LIMIT);
    return Action.StopIteration;
  }

  override onWholeRequestBody(body: RequestBody): BodyAction {
    const json = Json.parse(body.text());
    const id = json.integer("id", -1).toString();
    const user = json.object("user").string("name", "");
    const error = json.error;
    if (error !== null) return new LocalResponse(400, error).send();
    if (id != this.id) return new LocalResponse(400, "another request's body").send();
    if (sharedData.update("soak.requests", new CountUp()) != Status.Ok) {
      return new LocalResponse(500, "shared data").send();
    }
    const changed = '{"id":' + id + ',"user":"' + user + '"}';
    body.replace(changed);
    new RequestHeaders().set("content-length", changed.length.toString());
    const request = new CalloutRequest("GET", "/" + id, "service.example");
    return new Check(this).send("service", request, TIMEOUT_MS) == Status.Ok
      ? BodyAction.StopIterationAndBuffer
      : new LocalResponse(503, "refused").send();
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    headers.set("x-checked", this.checked);
    const seen = sharedData.get("soak.requests");
    headers.set("x-seen", seen === null ? "" : seen.value);
    headers.set("x-memory-pages", memory.size().toString());
    return Action.Continue;
  }
}
registerHttpFilter<Soak>("soak");

// Half of the streams, those with `x-ask`, wait for a callout's answer; each response tells whose filter
// it passed, what that filter was answered, and the guest's memory in pages of 64 KiB.
import {
  Action,
  CalloutFailure,
  CalloutRequest,
  CalloutResponse,
  Gauge,
  HttpCallout,
  HttpFilter,
  LocalResponse,
  RequestHeaders,
  ResponseHeaders,
  Status,
  continueRequest,
  registerHttpFilter,
} from "as-proxy-wasm";

const alive = new Gauge("many_streams_alive");
const asking = new Gauge("many_streams_asking");

class Ask extends HttpCallout {
  constructor(private readonly stream: ManyStreams) {
    super();
  }

  override onResponse(response: CalloutResponse): void {
    this.stream.answered();
    this.stream.answer = response.text();
    continueRequest();
  }

  override onFailure(failure: CalloutFailure): void {
    this.stream.answered();
    new LocalResponse(503, failure.message()).send();
  }
}

class ManyStreams extends HttpFilter {
  id: string = "";
  answer: string = "";
  private waits: bool = false;

  override onRequestHeaders(headers: RequestHeaders): Action {
    alive.add(1);
    const id = headers.get("x-id");
    if (id === null) return new LocalResponse(400).send();
    this.id = id;
    if (!headers.has("x-ask")) return Action.Continue;
    const request = new CalloutRequest("GET", "/answer-" + id, "service.example");
    if (new Ask(this).send("service", request, 0) != Status.Ok) {
      return new LocalResponse(503, "refused").send();
    }
    this.waits = true;
    asking.add(1);
    return Action.StopAllIterationAndWatermark;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    headers.set("x-id", this.id);
    headers.set("x-answer", this.answer);
    headers.set("x-memory-pages", memory.size().toString());
    return Action.Continue;
  }

  answered(): void {
    this.waits = false;
    asking.add(-1);
  }

  /** Also while the callout is in flight: then nobody is told of its answer. */
  override onDelete(): void {
    if (this.waits) asking.add(-1);
    alive.add(-1);
  }
}
registerHttpFilter<ManyStreams>("many-streams");

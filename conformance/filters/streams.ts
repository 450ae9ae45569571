// Does in each callback what the path says: /CALLBACK:STEP,STEP;CALLBACK:STEP ... and logs the path,
// the callback, and what came of its steps. A number among the steps is what the callback answers.
import {
  Action,
  BodyAction,
  GrpcCode,
  HttpFilter,
  LocalResponse,
  RequestBody,
  RequestHeaders,
  RequestTrailers,
  ResponseBody,
  ResponseHeaders,
  ResponseTrailers,
  Status,
  TrailersAction,
  closeRequest,
  closeResponse,
  continueRequest,
  continueResponse,
  log,
  registerHttpFilter,
} from "as-proxy-wasm";

/** The part of the path that is for a callback; empty when there is none. */
function stepsOf(path: string, callback: string): string[] {
  const parts = path.substring(1).split(";");
  for (let i = 0; i < parts.length; i++) {
    const colon = parts[i].indexOf(":");
    if (parts[i].substring(0, colon) == callback) return parts[i].substring(colon + 1).split(",");
  }
  return [];
}

function take(path: string, callback: string): i32 {
  const steps = stepsOf(path, callback);
  const outcomes: string[] = [];
  let action = 0;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i];
    if (step == "answer") {
      action = new LocalResponse(430 + i, callback + "\n").because("by script").send();
      outcomes.push("answer=" + action.toString());
    } else if (step == "answer-bytes") {
      action = new LocalResponse(430).bodyBytes(Uint8Array.wrap(new ArrayBuffer(3))).send();
    } else if (step == "answer-grpc") {
      action = new LocalResponse(430, "not here").grpcStatus(GrpcCode.NotFound).send();
    } else if (step.startsWith("answer-")) {
      action = new LocalResponse(<u32>parseInt(step.substring(7), 10), "odd").send();
    } else if (step == "close-request") {
      outcomes.push(outcome(step, closeRequest()));
    } else if (step == "close-response") {
      outcomes.push(outcome(step, closeResponse()));
    } else if (step == "continue-request") {
      outcomes.push(outcome(step, continueRequest()));
    } else if (step == "continue-response") {
      outcomes.push(outcome(step, continueResponse()));
    } else {
      action = <i32>parseInt(step, 10);
    }
  }
  log.info([path, callback, outcomes.join(",")].join(" "));
  return action;
}

function outcome(step: string, status: Status): string {
  return step + "=" + status.toString();
}

class Script extends HttpFilter {
  path: string = "";

  override onRequestHeaders(headers: RequestHeaders): Action {
    this.path = headers.get(":path")!;
    return take(this.path, "request-headers");
  }

  override onRequestBody(body: RequestBody): BodyAction {
    if (!body.endOfStream && body.size == 0) return BodyAction.Continue;
    return take(this.path, body.endOfStream ? "request-end" : "request-body");
  }

  override onRequestTrailers(trailers: RequestTrailers): TrailersAction {
    return take(this.path, "request-trailers");
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    return take(this.path, "response-headers");
  }

  override onResponseBody(body: ResponseBody): BodyAction {
    return take(this.path, body.endOfStream ? "response-end" : "response-body");
  }

  override onResponseTrailers(trailers: ResponseTrailers): TrailersAction {
    return take(this.path, "response-trailers");
  }

  override onLog(): void {
    take(this.path, "log");
  }

  override onDelete(): void {
    take(this.path, "delete");
  }
}
registerHttpFilter<Script>("script");

/** Without fields: answers each request twice, and its own answer once more. */
class Shared extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    new LocalResponse(433, "first\n").send();
    return new LocalResponse(434, "second\n").send();
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    return new LocalResponse(435, "third\n").send();
  }
}
registerHttpFilter<Shared>("shared-answers");

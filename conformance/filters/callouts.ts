// Asks a service, as the path says. Most paths answer with all that was called back.
import {
  Action,
  CalloutFailure,
  CalloutRequest,
  CalloutResponse,
  Configuration,
  Counter,
  HttpCallout,
  HttpFilter,
  LocalResponse,
  Plugin,
  RequestHeaders,
  ResponseHeaders,
  Status,
  Timer,
  continueRequest,
  continueResponse,
  log,
  registerPlugin,
} from "as-proxy-wasm";

const TIMEOUT_MS: u32 = 10_000;

const answers = new Counter("callouts_answers");

function get(path: string): CalloutRequest {
  return new CalloutRequest("GET", path, "service.example");
}

function bytes(values: u8[]): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = values[i];
  return bytes;
}

/** Asks whether the request may pass, and lets it pass with what was answered. */
class Check extends HttpCallout {
  constructor(private readonly stream: Stream) {
    super();
  }

  override onResponse(response: CalloutResponse): void {
    answers.increment();
    if (response.status == 200) {
      const headers = new RequestHeaders();
      headers.set("x-checked", response.text());
      headers.set("x-stream", this.stream.path);
      continueRequest();
    } else {
      new LocalResponse(403, "denied: " + response.text() + " " + this.stream.path)
        .header("x-memory-pages", memory.size().toString())
        .send();
    }
  }

  override onFailure(failure: CalloutFailure): void {
    new LocalResponse(503, failure.message()).send();
  }
}

/** Adds what comes back to the transcript of its stream. */
class Step extends HttpCallout {
  constructor(
    private readonly stream: Stream,
    private readonly name: string,
  ) {
    super();
  }

  override onResponse(response: CalloutResponse): void {
    this.stream.say(this.name + ": " + response.status.toString() + " " + response.text());
    this.stream.stepEnded();
  }

  override onFailure(failure: CalloutFailure): void {
    this.stream.say(this.name + ": failure " + failure.reason.toString() + " " + failure.message());
    this.stream.stepEnded();
  }
}

/** Sends itself again from its own callback, so many times. */
class Chain extends HttpCallout {
  constructor(
    private readonly stream: Stream,
    private left: i32,
  ) {
    super();
  }

  override onResponse(response: CalloutResponse): void {
    this.stream.say(response.text());
    this.next();
  }

  override onFailure(failure: CalloutFailure): void {
    this.stream.say("failure " + failure.reason.toString());
    this.next();
  }

  private next(): void {
    if (--this.left == 0) {
      this.stream.answer();
      return;
    }
    const again = this.send("service", get("/echo/" + this.left.toString()), TIMEOUT_MS);
    if (again != Status.Ok) this.stream.say("not sent again");
    if (this.send("service", get("/echo"), TIMEOUT_MS) != Status.BadArgument)
      this.stream.say("sent while it was under way");
    if (!this.pending) this.stream.say("not pending");
  }
}

/** Tells all that there is in an answer. */
class Whole extends HttpCallout {
  constructor(private readonly stream: Stream) {
    super();
  }

  override onResponse(response: CalloutResponse): void {
    const bytes = response.bytes();
    let sum: u32 = 0;
    for (let i = 0; i < bytes.length; i++) sum = sum * 31 + bytes[i];
    this.stream.say("size " + response.bodySize.toString() + " " + bytes.length.toString());
    this.stream.say("sum " + sum.toString());
    this.stream.say("header " + or(response.headers.get("x-answer")));
    this.stream.say("empty " + or(response.headers.get("x-empty")));
    this.stream.say("none " + or(response.headers.get("x-none")));
    this.stream.say("status " + or(response.headers.get(":status")));
    this.stream.say("trailer " + or(response.trailers.get("x-trailer")));
    this.stream.say("trailers " + response.trailers.entries().length.toString());
    this.stream.say(
      "change " +
        response.headers.set("x-answer", "1").toString() +
        response.headers.add("x-answer", "1").toString() +
        response.headers.remove("x-answer").toString() +
        response.trailers.set("x-trailer", "1").toString(),
    );
    kept = response;
    this.stream.stepEnded();
  }

  override onFailure(failure: CalloutFailure): void {
    this.stream.say("failure " + failure.reason.toString() + " " + failure.message());
    this.stream.stepEnded();
  }
}

let kept: CalloutResponse | null = null;

function or(value: string | null): string {
  return value === null ? "null" : "'" + value + "'";
}

class Stream extends HttpFilter {
  path: string = "";
  private transcript: string[] = [];
  private underWay: i32 = 0;

  say(line: string): void {
    this.transcript.push(line);
  }

  answer(): void {
    new LocalResponse(200, this.transcript.join("\n")).header("x-path", this.path).send();
  }

  stepEnded(): void {
    if (--this.underWay == 0) this.answer();
  }

  private step(callout: HttpCallout, cluster: string, request: CalloutRequest, ms: u32): void {
    const status = callout.send(cluster, request, ms);
    if (status == Status.Ok) this.underWay++;
    else this.say("refused " + status.toString());
  }

  private refusals(): void {
    const step = new Step(this, "refused");
    this.step(step, "nowhere", get("/"), 1000);
    this.step(step, "", get("/"), 1000);
    this.step(step, "service", get("/"), <u32>-1);
    this.step(step, "service", get(""), 1000);
    this.step(step, "service", get("/a b"), 1000);
    this.step(step, "service", get("/a\r\nx-evil: 1"), 1000);
    this.step(step, "service", new CalloutRequest("GET /x", "/", "a"), 1000);
    this.step(step, "service", new CalloutRequest("GET", "/", ""), 1000);
    this.step(step, "service", get("/").header("", "1"), 1000);
    this.step(step, "service", get("/").header(":path", "/b"), 1000);
    this.step(step, "service", get("/").header("x-a", "1\r\nx-evil: 1"), 1000);
    this.step(step, "service", get("/").header("x-a\n", "1"), 1000);
    this.step(step, "service", get("/").headerBytes("x-a", new Uint8Array(1)), 1000);
    this.step(step, "service", get("/").trailer("x-a", "\0"), 1000);
  }

  private whole(path: string): void {
    const request = new CalloutRequest("POST", path, "service.example")
      .header("x-text", "ü")
      .header("x-empty", "")
      .header("x-twice", "1")
      .header("x-twice", "2")
      .headerBytes("x-bytes", bytes([0xff, 0x80, 0x41]));
    if (path == "/large") request.bodyBytes(new Uint8Array(1 << 20).fill(7));
    if (path == "/text") request.body("ünïcödé").header("x-bytes", "");
    if (path == "/binary") request.body("not this").bodyBytes(bytes([0, 1, 0xff, 0xfe, 0]));
    if (path == "/trailers") {
      request.body("with trailers").trailer("x-trailer", "ü").trailer("x-empty", "");
    }
    const cluster = path == "/trailers" ? "service-h2" : "service";
    this.step(new Whole(this), cluster, request, TIMEOUT_MS);
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    const path = headers.get(":path")!;
    this.path = path;
    if (path.startsWith("/check/")) {
      if (new Check(this).send("service", get(path), TIMEOUT_MS) != Status.Ok) {
        return new LocalResponse(500).send();
      }
      return Action.StopAllIterationAndWatermark;
    }
    if (path.startsWith("/fails/")) {
      const cluster = path == "/fails/refused" ? "refused" : "service";
      this.step(new Step(this, path), cluster, get(path), path.includes("hang") ? 100 : TIMEOUT_MS);
    } else if (path == "/parallel") {
      for (let i = 0; i < 20; i++) {
        const name = i.toString();
        this.step(new Step(this, name), "service", get("/echo/" + name), TIMEOUT_MS);
      }
    } else if (path == "/chain") {
      this.step(new Chain(this, 20), "service", get("/fails/close"), TIMEOUT_MS);
    } else if (path == "/refusals") {
      this.refusals();
    } else if (path == "/kept") {
      const response = kept;
      if (response !== null) {
        this.say("kept " + response.text() + response.headers.entries().length.toString());
        this.say(or(response.headers.get("x-answer")));
      }
    } else if (path.startsWith("/whole")) {
      this.whole(path.slice(6));
    } else {
      return Action.Continue;
    }
    if (this.underWay == 0) this.answer();
    return Action.StopAllIterationAndWatermark;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    if (this.path != "/response") return Action.Continue;
    const status = new OfResponse().send("service", get("/echo/response"), TIMEOUT_MS);
    return status == Status.Ok ? Action.StopAllIterationAndWatermark : Action.Continue;
  }

  override onLog(): void {
    if (this.path == "/logged") {
      new Check(this).send("service", get("/logged"), TIMEOUT_MS);
    }
  }

  override onDelete(): void {
    log.info("delete " + this.path);
    if (this.path == "/logged") {
      new Check(this).send("service", get("/deleted"), TIMEOUT_MS);
    }
  }
}

class OfResponse extends HttpCallout {
  override onResponse(response: CalloutResponse): void {
    new ResponseHeaders().set("x-asked", response.text());
    continueResponse();
  }

  override onFailure(failure: CalloutFailure): void {}
}

/** Asks for a plugin, three times in a row. */
class OfPlugin extends HttpCallout {
  private left: i32 = 3;

  override onResponse(response: CalloutResponse): void {
    answers.increment();
    log.info("plugin: " + response.status.toString() + " " + response.text());
    if (--this.left > 0) this.send("service", get("/echo/plugin"), TIMEOUT_MS);
  }

  override onFailure(failure: CalloutFailure): void {
    log.info("plugin: failure " + failure.message());
  }
}

function askForPlugin(): void {
  const status = new OfPlugin().send("service", get("/echo/plugin"), TIMEOUT_MS);
  log.info("plugin: sent " + status.toString());
}

class Later extends Timer {
  override onTimer(): void {
    askForPlugin();
  }
}

class Callouts extends Plugin {
  private later: Later = new Later();

  override onConfigure(configuration: Configuration): bool {
    const text = configuration.text();
    if (text == "ask") askForPlugin();
    if (text == "later") this.later.once(1);
    return true;
  }

  override createHttpFilter(): HttpFilter {
    return new Stream();
  }
}
registerPlugin<Callouts>("callouts");

// Makes each call that the SDK offers, in each callback that says so, and logs what it answered: a line
// `CALLBACK NAME VALUE`. In the callbacks of a stream, what would end it is left out unless asked for.
import {
  AccessLog,
  Action,
  Body,
  BatchedCounter,
  BodyAction,
  CalloutFailure,
  CalloutRequest,
  CalloutResponse,
  Configuration,
  Counter,
  DnsAddress,
  DnsLookup,
  Gauge,
  GrpcCall,
  GrpcCode,
  GrpcMessage,
  GrpcRequest,
  GrpcResult,
  GrpcStream,
  Header,
  HeaderBytes,
  Histogram,
  HttpCallout,
  HttpFilter,
  LocalResponse,
  LogLevel,
  Plugin,
  RequestBody,
  RequestHeaders,
  RequestTrailers,
  ResponseBody,
  ResponseHeaders,
  ResponseTrailers,
  SharedQueue,
  SharedTextUpdate,
  StatsSnapshot,
  Timer,
  TrailersAction,
  VmConfiguration,
  closeDownstream,
  closeRequest,
  closeResponse,
  closeUpstream,
  continueDownstream,
  continueRequest,
  continueResponse,
  currentTimeNanoseconds,
  environment,
  foreign,
  log,
  monotonicNanoseconds,
  properties,
  randomBytes,
  registerPlugin,
  sharedData,
} from "as-proxy-wasm";

let place: string = "";

/** Set by a VM's configuration: Envoy 1.36 and 1.40 hang in a DNS lookup that follows a refused gRPC call. */
let withoutGrpc: bool = false;

function say(name: string, value: string): void {
  log.critical(place + " " + name + " " + value);
}

function text(name: string, value: string | null): void {
  say(name, value === null ? "null" : "'" + value + "'");
}

function number(name: string, value: i64): void {
  say(name, value.toString());
}

function bytes(name: string, value: Uint8Array | null): void {
  say(name, value === null ? "null" : value.length.toString() + " bytes");
}

class Ask extends HttpCallout {
  override onResponse(response: CalloutResponse): void {}
  override onFailure(failure: CalloutFailure): void {}
}

class Call extends GrpcCall {
  override onResponse(message: GrpcMessage): void {}
  override onFailure(result: GrpcResult): void {}
}

class Chat extends GrpcStream {
  override onClose(result: GrpcResult): void {}
}

class Lookup extends DnsLookup {
  override onResolved(addresses: DnsAddress[]): void {}
  override onFailure(): void {}
}

class Once extends Timer {
  override onTimer(): void {}
}

class Replace extends SharedTextUpdate {
  override update(current: string | null): string | null {
    return "new";
  }
}

function headers(): void {
  const request = new RequestHeaders();
  text("RequestHeaders.get", request.get("x-none"));
  number("RequestHeaders.getAll", request.getAll("x-none").length);
  bytes("RequestHeaders.getBytes", request.getBytes("x-none"));
  say("RequestHeaders.has", request.has("x-none").toString());
  number("RequestHeaders.set", request.set("x-a", "1"));
  number("RequestHeaders.add", request.add("x-a", "2"));
  number("RequestHeaders.remove", request.remove("x-a"));
  say("RequestHeaders.entries", request.entries().length == 0 ? "none" : "some");
  say("RequestHeaders.snapshot", request.snapshot().length == 0 ? "none" : "some");
  say("RequestHeaders.byteSize", request.byteSize() == 0 ? "0" : "some");
  if (request.entries().length == 0) {
    number("RequestHeaders.setAll", request.setAll([new Header("x-a", "1")]));
    number(
      "RequestHeaders.setAllBytes",
      request.setAllBytes([new HeaderBytes("x-a", Uint8Array.wrap(String.UTF8.encode("1")))]),
    );
  }
  const response = new ResponseHeaders();
  text("ResponseHeaders.get", response.get("x-none"));
  number("ResponseHeaders.set", response.set("x-a", "1"));
  const trailers = new ResponseTrailers();
  text("ResponseTrailers.get", trailers.get("x-none"));
  number("ResponseTrailers.set", trailers.set("x-a", "1"));
  number("RequestTrailers.set", new RequestTrailers().set("x-a", "1"));
}

function state(): void {
  number("Counter.increment", new Counter("statuses_counter").increment());
  number("Counter.value", new Counter("statuses_counter").value() as i64);
  number("Gauge.set", new Gauge("statuses_gauge").set(1));
  number("Gauge.add", new Gauge("statuses_gauge").add(-1));
  number("Gauge.value", new Gauge("statuses_gauge").value() as i64);
  number("Histogram.record", new Histogram("statuses_histogram").record(1));
  const batched = new BatchedCounter("statuses_batched");
  batched.increment();
  number("BatchedCounter.flush", batched.flush());
  say("sharedData.get", sharedData.get("none") === null ? "null" : "some");
  number("sharedData.set", sharedData.set("key", "value"));
  number("sharedData.add", sharedData.add("key", "value"));
  number("sharedData.setIf", sharedData.setIf("key", "value", u32.MAX_VALUE));
  number("sharedData.update", sharedData.update("key", new Replace()));
  const queue = new SharedQueue();
  number("SharedQueue.resolve", queue.resolve("none", "none"));
  number("SharedQueue.register", queue.register("own"));
  text("SharedQueue.dequeue", queue.dequeue());
  number("SharedQueue.enqueue", queue.enqueue("message"));
}

function surroundings(): void {
  say("currentTimeNanoseconds", currentTimeNanoseconds() == 0 ? "0" : "some");
  say("monotonicNanoseconds", monotonicNanoseconds() == 0 ? "0" : "some");
  bytes("randomBytes", randomBytes(4));
  text("environment.get", environment.get("NONE"));
  number("environment.names", environment.names().length);
  say("log.enabled", log.enabled(LogLevel.Critical).toString());
  text("properties.getText", properties.getText(["none"]));
  number("properties.getInteger", properties.getInteger(["none"]));
  say("properties.getBool", properties.getBool(["none"]).toString());
  say("properties.getMap", properties.getMap(["none"]) === null ? "null" : "some");
  say("properties.getList", properties.getList(["none"]) === null ? "null" : "some");
  say("properties.getDouble", properties.getDouble(["none"], 0.5).toString());
  text("properties.request.path", properties.request.path());
  number("properties.response.code", properties.response.code());
  say("properties.connection.mtls", properties.connection.mtls().toString());
  text("properties.xds.routeName", properties.xds.routeName());
  text("properties.metadata", properties.metadata().text("none", "none"));
  number("properties.set", properties.set("statuses", "1"));
  bytes("foreign.compress", foreign.compress(new Uint8Array(0)));
  bytes("foreign.uncompress", foreign.uncompress(new Uint8Array(1)));
  number("foreign.callForeignFunction", foreign.callForeignFunction("none").status);
  number("foreign.clearRouteCache", foreign.clearRouteCache());
  number("foreign.setEnvoyFilterState", foreign.setEnvoyFilterState("none", "1"));
  const nothing = new Uint8Array(0);
  const key = foreign.PublicKey.fromDer(nothing);
  const hash = foreign.HashFunction.Sha256;
  say(
    "foreign.verifySignature",
    foreign.verifySignature(hash, key, nothing, nothing).ok.toString(),
  );
  const signed = foreign.sign(hash, foreign.PrivateKey.fromDer(nothing), nothing);
  say("foreign.sign", signed.ok.toString());
  const expression = foreign.Expression.compile("1 + 1");
  say("foreign.Expression", expression === null ? "null" : expression.integer().toString());
  if (expression !== null) number("foreign.Expression.delete", expression.delete());
}

function callouts(): void {
  number("HttpCallout.send", new Ask().send("none", new CalloutRequest("GET", "/", "a"), 1));
  number("DnsLookup.resolve", new Lookup().resolve("127.0.0.1"));
  number("Timer.once", new Once().once(60_000));
  if (withoutGrpc) return;
  const grpc = new GrpcRequest("service", "method");
  say("GrpcCall.send", new Call().send("none", grpc, new Uint8Array(0), 1) == 0 ? "0" : "refused");
  const chat = new Chat();
  say("GrpcStream.open", chat.open("none", grpc) == 0 ? "0" : "refused");
  number("GrpcStream.send", chat.send(new Uint8Array(0)));
  number("GrpcStream.halfClose", chat.halfClose());
  number("GrpcStream.cancel", chat.cancel());
}

/** What ends or resumes a stream, where there is one. */
function flow(): void {
  number("continueRequest", continueRequest());
  number("continueResponse", continueResponse());
  number("closeRequest", closeRequest());
  number("closeResponse", closeResponse());
  number("continueDownstream", continueDownstream());
  number("closeDownstream", closeDownstream());
  number("closeUpstream", closeUpstream());
  number("LocalResponse.send", new LocalResponse(200, "x").grpcStatus(GrpcCode.Ok).send());
}

function body(name: string, body: Body): void {
  text(name + ".text", body.text());
  bytes(name + ".bytes", body.bytes());
  number(name + ".append", body.append(""));
  number(name + ".prepend", body.prepend(""));
  number(name + ".replace", body.replace(body.text()));
  number(name + ".drain", body.drain(0));
}

/** All of them. */
function all(where: string, withFlow: bool): void {
  place = where;
  headers();
  state();
  surroundings();
  callouts();
  if (withFlow) flow();
}

class Tick extends Timer {
  override onTimer(): void {
    all("onTimer", true);
  }
}

class Stream extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    all("onRequestHeaders", false);
    return Action.Continue;
  }

  override onRequestBody(requestBody: RequestBody): BodyAction {
    all("onRequestBody", false);
    body("RequestBody", requestBody);
    return BodyAction.Continue;
  }

  override onRequestTrailers(trailers: RequestTrailers): TrailersAction {
    all("onRequestTrailers", false);
    return TrailersAction.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    all("onResponseHeaders", false);
    return Action.Continue;
  }

  override onResponseBody(responseBody: ResponseBody): BodyAction {
    all("onResponseBody", false);
    body("ResponseBody", responseBody);
    return BodyAction.Continue;
  }

  override onResponseTrailers(trailers: ResponseTrailers): TrailersAction {
    all("onResponseTrailers", false);
    return TrailersAction.Continue;
  }

  override onLog(): void {
    all("onLog", true);
  }

  override onDelete(): void {
    all("onDelete", true);
  }
}

class Statuses extends Plugin {
  private readonly tick: Tick = new Tick();

  override onStart(vm: VmConfiguration): bool {
    withoutGrpc = vm.text() == "without gRPC";
    all("onStart", true);
    bytes("VmConfiguration.bytes", vm.bytes());
    return true;
  }

  override onConfigure(configuration: Configuration): bool {
    all("onConfigure", true);
    bytes("Configuration.bytes", configuration.bytes());
    number("Plugin.done", this.done());
    number("Plugin.setTickPeriod", this.setTickPeriod(60_000));
    number("Timer.once", this.tick.once(1));
    return true;
  }

  override onTick(): void {
    all("onTick", true);
  }

  override onAccessLog(log: AccessLog): void {
    all("onAccessLog", true);
  }

  override onStats(stats: StatsSnapshot): void {
    all("onStats", true);
    number("StatsSnapshot.counters", stats.counters().length);
    number("StatsSnapshot.gauges", stats.gauges().length);
  }

  override onDone(): bool {
    all("onDone", true);
    return true;
  }

  override onDelete(): void {
    all("onDelete", true);
  }

  override createHttpFilter(): HttpFilter {
    all("createHttpFilter", false);
    return new Stream();
  }
}
registerPlugin<Statuses>("statuses");

// Makes a call of each kind for requests whose path is its configuration, and answers with what came
// of them. Several of these stand in one chain, each forbidden something else.
import {
  Action,
  CalloutFailure,
  CalloutRequest,
  CalloutResponse,
  Configuration,
  GrpcCall,
  GrpcMessage,
  GrpcRequest,
  GrpcResult,
  GrpcStream,
  HttpCallout,
  HttpFilter,
  LocalResponse,
  Plugin,
  RequestHeaders,
  Status,
  registerPlugin,
  utf8Decode,
  utf8Encode,
} from "as-proxy-wasm";

class Ask extends HttpCallout {
  constructor(private readonly stream: Stream) {
    super();
  }

  override onResponse(response: CalloutResponse): void {
    this.stream.ended("http " + response.status.toString() + " " + response.text());
  }

  override onFailure(failure: CalloutFailure): void {
    this.stream.ended("http failure " + failure.message());
  }
}

class Call extends GrpcCall {
  constructor(private readonly stream: Stream) {
    super();
  }

  override onResponse(message: GrpcMessage): void {
    this.stream.ended("call " + utf8Decode(message.bytes()));
  }

  override onFailure(result: GrpcResult): void {
    this.stream.ended("call failure " + result.message());
  }
}

class Chat extends GrpcStream {
  constructor(private readonly stream: Stream) {
    super();
  }

  override onMessage(message: GrpcMessage): void {
    this.stream.lines.push("chat " + utf8Decode(message.bytes()));
  }

  override onClose(result: GrpcResult): void {
    this.stream.ended("chat end " + result.code.toString() + " " + result.message());
  }
}

class Stream extends HttpFilter {
  lines: string[] = [];
  private underWay: i32 = 0;

  constructor(private readonly plugin: Restricted) {
    super();
  }

  ended(line: string): void {
    this.lines.push(line);
    if (--this.underWay == 0) this.answer();
  }

  private answer(): void {
    new LocalResponse(200, this.lines.sort().join("\n")).send();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    if (headers.get(":path") != this.plugin.path) return Action.Continue;
    const path = this.plugin.path;
    const request = new CalloutRequest("GET", path, "service.example");
    const asked = new Ask(this).send("service", request, 10_000);
    this.begun("http", asked);
    const unary = new GrpcRequest("test.Service", "Unary");
    this.begun("call", new Call(this).send("grpc", unary, utf8Encode("deny"), 10_000));
    const chat = new Chat(this);
    const opened = chat.open("grpc", new GrpcRequest("test.Service", "Chat"));
    this.begun("open", opened);
    if (opened == Status.Ok) {
      this.lines.push("send " + chat.send(utf8Encode("hello")).toString());
      const closed = chat.halfClose();
      this.lines.push("half " + closed.toString());
      if (closed != Status.Ok) this.ended("cancel " + chat.cancel().toString());
    }
    if (this.underWay == 0) this.answer();
    return Action.StopAllIterationAndWatermark;
  }

  private begun(what: string, status: Status): void {
    this.lines.push(what + " sent " + status.toString());
    if (status == Status.Ok) this.underWay++;
  }
}

class Restricted extends Plugin {
  path: string = "";

  override onConfigure(configuration: Configuration): bool {
    this.path = configuration.text();
    return true;
  }

  override createHttpFilter(): HttpFilter {
    return new Stream(this);
  }
}
registerPlugin<Restricted>("restricted");

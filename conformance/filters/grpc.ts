// Calls a gRPC service, as the path says, and answers with all that was called back.
import {
  Action,
  CalloutHeaders,
  GrpcCall,
  GrpcMessage,
  GrpcRequest,
  GrpcResult,
  GrpcStream,
  HttpFilter,
  LocalResponse,
  RequestHeaders,
  Status,
  log,
  registerHttpFilter,
  utf8Decode,
  utf8Encode,
} from "as-proxy-wasm";
import { proxy_grpc_cancel } from "as-proxy-wasm/assembly/abi/hostcalls/grpc";

/** The token of the last stream that was over. */
let over: u32 = 0;

/** The value of `?name=value` in the path; `""` when it is not there. */
function parameter(path: string, name: string): string {
  const parts = path.slice(path.indexOf("?") + 1).split("&");
  for (let i = 0; i < parts.length; i++) {
    if (parts[i].startsWith(name + "=")) return parts[i].slice(name.length + 1);
  }
  return "";
}

class Call extends GrpcCall {
  constructor(private readonly stream: Grpc) {
    super();
  }

  override onResponse(message: GrpcMessage): void {
    const bytes = message.bytes();
    let sum: u32 = 0;
    for (let i = 0; i < bytes.length; i++) sum += bytes[i];
    const text = bytes.length < 200 ? utf8Decode(bytes) : "";
    this.stream.say("response " + message.size.toString() + " " + sum.toString() + " " + text);
    this.stream.callEnded();
  }

  override onFailure(result: GrpcResult): void {
    this.stream.say("failure " + result.code.toString() + " " + result.message());
    this.stream.callEnded();
  }
}

class Chat extends GrpcStream {
  constructor(private readonly stream: Grpc) {
    super();
  }

  override onInitialMetadata(metadata: CalloutHeaders): void {
    const initial = metadata.get("x-initial");
    this.stream.say("initial " + (initial === null ? "none" : initial));
    this.stream.say("change " + metadata.set("x-initial", "other").toString());
  }

  override onMessage(message: GrpcMessage): void {
    const text = utf8Decode(message.bytes());
    this.stream.say("message " + text);
    if (text == "again") this.stream.say("send " + this.send(utf8Encode("end-me")).toString());
    if (text == "cancel") {
      this.stream.say("cancel " + this.cancel().toString() + " " + this.cancel().toString());
      this.stream.say("send " + this.send(utf8Encode("late")).toString());
      this.stream.answer();
    }
  }

  override onTrailingMetadata(metadata: CalloutHeaders): void {
    const trailing = metadata.get("x-trailing");
    this.stream.say("trailing " + (trailing === null ? "none" : trailing));
  }

  override onClose(result: GrpcResult): void {
    over = this.__token;
    this.stream.say("close " + result.code.toString() + " " + result.message());
    this.stream.say("after " + this.send(utf8Encode("late")).toString());
    this.stream.say("after " + this.halfClose().toString() + " " + this.cancel().toString());
    this.stream.answer();
  }
}

class Grpc extends HttpFilter {
  private transcript: string[] = [];
  private underWay: i32 = 0;
  private path: string = "";

  say(line: string): void {
    this.transcript.push(line);
  }

  /** Answers the request with what happened. */
  answer(): void {
    new LocalResponse(200, this.transcript.join("\n")).header("x-path", this.path).send();
  }

  callEnded(): void {
    if (--this.underWay == 0) this.answer();
  }

  /** What the host knows of a stream that is over. */
  private askForLast(): void {
    this.say("host " + proxy_grpc_cancel(over).toString());
  }

  private call(cluster: string, request: GrpcRequest, message: Uint8Array, timeout: u32): void {
    const status = new Call(this).send(cluster, request, message, timeout);
    this.say("sent " + status.toString());
    if (status == Status.Ok) this.underWay++;
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    const path = headers.get(":path")!;
    this.path = path;
    const cluster = parameter(path, "cluster");
    const method = parameter(path, "method");
    const text = parameter(path, "message");
    const request = new GrpcRequest("test.Service", method)
      .metadata("x-sent", path)
      .metadata("x-empty", "");
    if (parameter(path, "authority") != "") request.authority(parameter(path, "authority"));
    if (path == "/over") {
      this.askForLast();
    } else if (path.startsWith("/call")) {
      this.call(cluster, request, utf8Encode(text), 5_000);
    } else if (path.startsWith("/short")) {
      this.call(cluster, request, utf8Encode(text), 50);
    } else if (path.startsWith("/large")) {
      this.call(cluster, request, new Uint8Array(1 << 20).fill(7), 5_000);
    } else if (path.startsWith("/parallel")) {
      for (let i = 0; i < 5; i++) this.call(cluster, request, utf8Encode(i.toString()), 5_000);
    } else if (path.startsWith("/cancelled")) {
      const call = new Call(this);
      this.say("sent " + call.send(cluster, request, utf8Encode(text), 5_000).toString());
      this.say("twice " + call.send(cluster, request, utf8Encode(text), 5_000).toString());
      this.say("cancel " + call.cancel().toString() + " " + call.cancel().toString());
    } else if (path.startsWith("/refused")) {
      this.call(cluster, new GrpcRequest("", method), utf8Encode(text), 50);
      this.call(cluster, new GrpcRequest("a b", method), utf8Encode(text), 50);
      this.call(cluster, new GrpcRequest("s", "m\r\n"), utf8Encode(text), 50);
      this.call(cluster, new GrpcRequest("s", "m").metadata("", "1"), utf8Encode(text), 50);
      this.call(cluster, new GrpcRequest("s", "m").metadata("a", "1\n"), utf8Encode(text), 50);
    } else {
      const chat = new Chat(this);
      this.say("unopened " + chat.send(utf8Encode("early")).toString());
      const opened = chat.open(cluster, request);
      this.say("open " + opened.toString());
      if (opened == Status.Ok) {
        this.underWay++;
        this.say("twice " + chat.open(cluster, request).toString());
        const end = parameter(path, "end");
        this.say("send " + chat.send(utf8Encode(text), end == "flag").toString());
        if (end == "flag") this.say("send " + chat.send(utf8Encode("late")).toString());
        if (end == "half") {
          this.say("half " + chat.halfClose().toString() + " " + chat.halfClose().toString());
        }
      }
    }
    if (this.underWay == 0) this.answer();
    return Action.StopAllIterationAndWatermark;
  }

  override onDelete(): void {
    log.info("delete " + this.path);
  }
}
registerHttpFilter<Grpc>("grpc");

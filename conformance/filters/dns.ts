// Looks names up, as the path says, and answers with what came of it.
import {
  Action,
  Configuration,
  DnsAddress,
  DnsLookup,
  HttpFilter,
  LocalResponse,
  Plugin,
  RequestHeaders,
  Status,
  continueRequest,
  log,
  registerPlugin,
} from "as-proxy-wasm";

function describe(addresses: DnsAddress[]): string {
  const all: string[] = [];
  for (let i = 0; i < addresses.length; i++) all.push(addresses[i].address);
  return "resolved " + all.join(" ");
}

/** Lets the request pass with what was found. */
class Pass extends DnsLookup {
  constructor(private readonly stream: Stream) {
    super();
  }

  override onResolved(addresses: DnsAddress[]): void {
    this.passOn(describe(addresses));
  }

  override onFailure(): void {
    this.passOn("failed");
  }

  private passOn(found: string): void {
    const headers = new RequestHeaders();
    headers.set("x-found", found);
    headers.set("x-stream", this.stream.path);
    continueRequest();
  }
}

/** Adds what comes to its stream's answer, and asks once more. */
class Again extends DnsLookup {
  private left: i32 = 3;

  constructor(private readonly stream: Stream) {
    super();
  }

  override onResolved(addresses: DnsAddress[]): void {
    this.stream.lines.push(describe(addresses));
    this.next();
  }

  override onFailure(): void {
    this.stream.lines.push("failed");
    this.next();
  }

  private next(): void {
    if (--this.left == 0) {
      this.stream.answer();
      return;
    }
    this.stream.lines.push("again " + this.resolve("::1").toString());
    this.stream.lines.push("while under way " + this.resolve("::1").toString());
  }
}

/** Says in the log for whom it was called. */
class Tell extends DnsLookup {
  constructor(private readonly who: string) {
    super();
  }

  override onResolved(addresses: DnsAddress[]): void {
    log.info(this.who + ": " + describe(addresses));
  }

  override onFailure(): void {
    log.info(this.who + ": failed");
  }
}

class Stream extends HttpFilter {
  path: string = "";
  lines: string[] = [];

  answer(): void {
    new LocalResponse(200, this.lines.join("\n")).send();
  }

  override onRequestHeaders(headers: RequestHeaders): Action {
    this.path = headers.get(":path")!;
    if (this.path.startsWith("/pass/")) {
      const status = new Pass(this).resolve(this.path.slice(6));
      if (status != Status.Ok) return new LocalResponse(500, status.toString()).send();
      return Action.StopAllIterationAndWatermark;
    }
    if (this.path == "/again") {
      new Again(this).resolve("127.0.0.1");
      return Action.StopAllIterationAndWatermark;
    }
    if (this.path == "/refusals") {
      this.lines.push(new Tell("refused").resolve("").toString());
      this.lines.push(new Tell("refused").resolve("local\0host").toString());
      this.answer();
      return Action.StopAllIterationAndWatermark;
    }
    return Action.Continue;
  }

  override onLog(): void {
    if (this.path == "/over") new Tell("logged").resolve("127.0.0.1");
  }

  override onDelete(): void {
    if (this.path == "/over") new Tell("deleted").resolve("127.0.0.1");
  }
}

class Dns extends Plugin {
  override onConfigure(configuration: Configuration): bool {
    if (configuration.size != 0) new Tell("plugin").resolve(configuration.text());
    return true;
  }

  override createHttpFilter(): HttpFilter {
    return new Stream();
  }
}
registerPlugin<Dns>("dns");

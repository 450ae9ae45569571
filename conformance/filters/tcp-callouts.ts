// Asks a service about the first bytes of each connection, which wait for its answer: a name that ends
// with 0 closes the connection, with others the bytes go on, and come back behind the answer.
import {
  CalloutFailure,
  CalloutRequest,
  CalloutResponse,
  ClosePeer,
  DownstreamData,
  HttpCallout,
  NetworkAction,
  Status,
  TcpFilter,
  UpstreamData,
  closeDownstream,
  continueDownstream,
  log,
  registerTcpFilter,
} from "as-proxy-wasm";

class Ask extends HttpCallout {
  constructor(private readonly connection: Guarded) {
    super();
  }

  override onResponse(response: CalloutResponse): void {
    this.connection.answer = response.text();
    if (this.connection.answer.endsWith("0")) closeDownstream();
    else continueDownstream();
  }

  override onFailure(failure: CalloutFailure): void {
    log.error(failure.message());
    closeDownstream();
  }
}

class Guarded extends TcpFilter {
  name: string = "";
  answer: string = "";

  override onDownstreamData(data: DownstreamData): NetworkAction {
    if (this.answer != "") return NetworkAction.Continue;
    if (this.name == "") {
      this.name = data.text();
      const request = new CalloutRequest("GET", "/" + this.name, "service.example");
      if (new Ask(this).send("service", request, 0) != Status.Ok) closeDownstream();
    }
    return NetworkAction.StopIteration;
  }

  override onUpstreamData(data: UpstreamData): NetworkAction {
    if (data.size > 0) data.prepend(this.answer + ":");
    return NetworkAction.Continue;
  }

  override onDownstreamClose(peer: ClosePeer): void {
    log.info(this.name + " closed with '" + this.answer + "'");
  }
}
registerTcpFilter<Guarded>("guarded");

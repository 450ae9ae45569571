// Three filters that work on bodies. The first does what the path says to each part of a body: the
// request's under /request/, the response's under /response/.
import {
  Action,
  Body,
  BodyAction,
  Counter,
  HttpFilter,
  RequestBody,
  RequestHeaders,
  RequestTrailers,
  ResponseBody,
  ResponseHeaders,
  ResponseTrailers,
  Status,
  TrailersAction,
  registerHttpFilter,
} from "as-proxy-wasm";

const refused = new Counter("bodies_refused");
const late = new Counter("bodies_late");

function hex(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += (<u32>bytes[i] + 0x100).toString(16).substring(1);
  return text;
}

function bytes(text: string): Uint8Array {
  return Uint8Array.wrap(String.UTF8.encode(text));
}

/** Counts what was not done; adding nothing defines the counter. */
function expect(status: Status): void {
  if (status != Status.Ok) refused.increment();
}

/** What can be read of a body, each way once. */
function report(body: Body): string {
  return [
    body.size.toString(),
    body.text(),
    hex(body.bytes()),
    hex(body.read(1, 2)),
    hex(body.read(0, 1)),
    hex(body.read(body.size - 1, u32.MAX_VALUE)),
    body.read(body.size, 1).length.toString(),
    body.read(u32.MAX_VALUE, u32.MAX_VALUE).length.toString(),
  ].join("|");
}

function edit(body: Body, how: string): BodyAction {
  const whole = how.startsWith("whole-");
  if (whole && !body.endOfStream) return BodyAction.StopIterationAndBuffer;
  const what = whole ? how.substring(6) : how;
  if (what == "report") expect(body.replace(report(body)));
  else if (what == "replace") expect(body.replace("ünïcödé " + body.size.toString()));
  else if (what == "replace-bytes") expect(body.replaceBytes(bytes("\0binary")));
  else if (what == "append") expect(body.append("<ü" + body.size.toString()));
  else if (what == "append-bytes") expect(body.appendBytes(bytes("\0<")));
  else if (what == "prepend") expect(body.prepend(body.size.toString() + "ü>"));
  else if (what == "prepend-bytes") expect(body.prependBytes(bytes(">\0")));
  else if (what == "clear") expect(body.clear());
  else if (what == "drain") expect(body.drain(2));
  else if (what == "drain-nothing") expect(body.drain(0));
  else if (what == "drain-all") expect(body.drain(u32.MAX_VALUE));
  else if (what == "sizes") edits(body);
  else if (what == "lone-surrogates") expect(body.replace("\ud800".repeat(70_000)));
  else if (what == "large") expect(body.replace("0123456789abcdef".repeat(1024 * 1024)));
  else if (what == "drop" && !body.endOfStream) return BodyAction.StopIterationNoBuffer;
  else if (what == "drop") expect(body.clear());
  else if (what == "slow" && !body.endOfStream) return BodyAction.StopIterationAndWatermark;
  return BodyAction.Continue;
}

/** Each way to write, and the size after it. */
function edits(body: Body): void {
  const sizes: string[] = [];
  expect(body.replace("0123456789"));
  sizes.push(body.size.toString());
  expect(body.append("ab"));
  sizes.push(body.size.toString());
  expect(body.prepend("ü"));
  sizes.push(body.size.toString());
  expect(body.drain(3));
  sizes.push(body.size.toString());
  expect(body.append(""));
  expect(body.prependBytes(new Uint8Array(0)));
  sizes.push(body.size.toString() + "=" + body.text());
  expect(body.drain(1000));
  sizes.push(body.size.toString());
  expect(body.append("after"));
  expect(body.clear());
  sizes.push(body.size.toString() + "=" + body.text());
  expect(body.replace(sizes.join(",")));
}

class Bodies extends HttpFilter {
  onRequest: bool = false;
  how: string = "";
  kept: RequestBody | null = null;

  override onRequestHeaders(headers: RequestHeaders): Action {
    const path = headers.get(":path")!;
    this.onRequest = path.startsWith("/request/");
    this.how = path.substring(path.lastIndexOf("/") + 1);
    refused.define();
    late.define();
    if (!path.includes("/keep-length/")) headers.remove("content-length");
    return Action.Continue;
  }

  override onRequestBody(body: RequestBody): BodyAction {
    this.kept = body;
    return this.onRequest ? edit(body, this.how) : BodyAction.Continue;
  }

  override onRequestTrailers(trailers: RequestTrailers): TrailersAction {
    if (!this.onRequest) return TrailersAction.Continue;
    trailers.set("x-size", trailers.byteSize().toString());
    trailers.add("x-names", names(trailers.entries().length, trailers.get("x-t")));
    trailers.remove("x-removed");
    return TrailersAction.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    const body = this.kept;
    if (body !== null) {
      // Its callback is over: there is nothing to read, and nothing is written.
      if (body.text() != "" || body.bytes().length != 0) late.increment();
      if (body.append("late") != Status.BadArgument) late.increment();
      if (body.clear() != Status.BadArgument) late.increment();
    }
    if (!this.onRequest) headers.remove("content-length");
    return Action.Continue;
  }

  override onResponseBody(body: ResponseBody): BodyAction {
    if (this.how.endsWith("trailer")) {
      const status = body.addTrailer("x-added", "ü");
      if (!body.endOfStream && status != Status.BadArgument) refused.increment();
    }
    return this.onRequest ? BodyAction.Continue : edit(body, this.how);
  }

  override onResponseTrailers(trailers: ResponseTrailers): TrailersAction {
    if (this.onRequest) return TrailersAction.Continue;
    trailers.set("x-size", trailers.byteSize().toString());
    trailers.add("x-names", names(trailers.entries().length, trailers.get("x-t")));
    trailers.remove("x-removed");
    return TrailersAction.Continue;
  }
}
registerHttpFilter<Bodies>("bodies");

function names(count: i32, value: string | null): string {
  return count.toString() + ":" + (value === null ? "absent" : value);
}

/** No fields: all streams share one object. Ends the last part of each body with a mark. */
class Shared extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    headers.remove("content-length");
    return Action.Continue;
  }

  override onRequestBody(body: RequestBody): BodyAction {
    if (body.endOfStream) body.append("[sent]");
    return BodyAction.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    headers.remove("content-length");
    return Action.Continue;
  }

  override onResponseBody(body: ResponseBody): BodyAction {
    if (body.endOfStream) body.append("[answered]");
    return BodyAction.Continue;
  }
}
registerHttpFilter<Shared>("shared");

/** Holds the headers until the whole body is there, and tells of the body in them. */
class HeadersLast extends HttpFilter {
  request: RequestHeaders | null = null;
  response: ResponseHeaders | null = null;

  override onRequestHeaders(headers: RequestHeaders): Action {
    this.request = headers;
    return headers.endOfStream ? Action.Continue : Action.StopIteration;
  }

  override onRequestBody(body: RequestBody): BodyAction {
    if (!body.endOfStream) return BodyAction.StopIterationAndBuffer;
    const text = body.text();
    body.replace(text + text);
    const headers = this.request;
    if (headers !== null) {
      headers.set("content-length", body.size.toString());
      headers.set("x-body", text);
    }
    return BodyAction.Continue;
  }

  override onResponseHeaders(headers: ResponseHeaders): Action {
    this.response = headers;
    return headers.endOfStream ? Action.Continue : Action.StopIteration;
  }

  override onResponseBody(body: ResponseBody): BodyAction {
    if (!body.endOfStream) return BodyAction.StopIterationAndBuffer;
    const headers = this.response;
    if (headers !== null) {
      headers.remove("transfer-encoding");
      headers.set("content-length", (body.size + 1).toString());
      headers.set("x-size", body.size.toString());
    }
    body.append("!");
    return BodyAction.Continue;
  }
}
registerHttpFilter<HeadersLast>("headers-last");

// The filter of one HTTP stream, as Envoy has it between the connection manager and the guest: which
// map and buffer is there in which phase, and what the guest's answers mean.
import { BodyAction, BufferType, HeadersAction, MapType, Status, TrailersAction } from "../abi.ts";
import type { CallbackRecord } from "../history.ts";
import type { BodyBuffer } from "../http/body-buffer.ts";
import type { SideFilter } from "../http/filter-side.ts";
import type { HeaderMap } from "../http/header-map.ts";
import type { HttpStream } from "../http/stream.ts";
import { keepProperty } from "../properties.ts";
import type { PropertySource } from "../properties.ts";
import { Context } from "./context.ts";
import { Direction } from "./direction.ts";
import type { BufferSource, LocalResponse } from "./context.ts";
import type { RootContext } from "./root-context.ts";

export class StreamContext extends Context {
  readonly stream: HttpStream;
  /** The callbacks so far. */
  readonly callbacks: CallbackRecord[] = [];
  readonly #root: RootContext;
  readonly #allowHeadersStopIteration: boolean;
  readonly #request = new Direction("request");
  readonly #response = new Direction("response");
  #endOfStream = false;
  #created = false;
  #destroyed = false;
  #failed = false;
  /** The maps as they were when the stream's log began. */
  #logged: Pick<PropertySource, "requestHeaders" | "responseHeaders" | "responseTrailers"> | null =
    null;

  constructor(root: RootContext, stream: HttpStream, allowHeadersStopIteration: boolean) {
    super(root.vm, root.vm.nextContextId());
    this.#root = root;
    this.stream = stream;
    this.#allowHeadersStopIteration = allowHeadersStopIteration;
    this.vm.contexts.set(this.id, this);
  }

  override get root(): RootContext {
    return this.#root;
  }

  override recorded(record: CallbackRecord): void {
    this.callbacks.push(record);
  }

  override get logging(): boolean {
    return this.#logged !== null;
  }

  override get properties(): PropertySource {
    // Of the headers there is what the guest could read as maps.
    return {
      ...this.stream.properties,
      requestHeaders: this.#request.headers ?? this.#logged?.requestHeaders ?? null,
      responseHeaders: this.#response.headers ?? this.#logged?.responseHeaders ?? null,
      responseTrailers: this.#response.trailers ?? this.#logged?.responseTrailers ?? null,
    };
  }

  /** How the stream's requests reach the guest. */
  readonly requestFilter: SideFilter = {
    headers: (map, end) => {
      this.#create();
      return this.#onHeaders(this.#request, map, end);
    },
    data: (data, end) => this.#onData(this.#request, data, end),
    trailers: (map) => this.#onTrailers(this.#request, map),
    metadata: (count) => {
      this.#onMetadata(this.#request, count);
    },
  };

  /** How its responses do. After a failure they pass by it. */
  readonly responseFilter: SideFilter = {
    headers: (map, end) =>
      this.#passes() ? HeadersAction.Continue : this.#onHeaders(this.#response, map, end),
    data: (data, end) =>
      this.#passes() ? BodyAction.Continue : this.#onData(this.#response, data, end),
    trailers: (map) =>
      this.#passes() ? TrailersAction.Continue : this.#onTrailers(this.#response, map),
    metadata: (count) => {
      if (!this.#passes()) this.#onMetadata(this.#response, count);
    },
  };

  /** Tells the guest that the stream is over: its log comes first in Envoy. */
  log(): void {
    this.#create();
    this.#logged = this.stream.properties;
    this.vm.call("proxy_on_log", this, []);
    this.#logged = null;
  }

  /** Lets go of it. */
  destroy(): void {
    this.#destroyed = true;
    this.vm.call("proxy_on_done", this, []);
    this.vm.call("proxy_on_delete", this, []);
    this.vm.contexts.delete(this.id);
  }

  override readableMap(type: number): HeaderMap | null {
    const logged = this.#logged;
    switch (type) {
      case MapType.RequestHeaders:
        return logged === null ? this.#request.headers : logged.requestHeaders;
      case MapType.RequestTrailers:
        return logged === null ? this.#request.trailers : null;
      case MapType.ResponseHeaders:
        return logged === null ? this.#response.headers : logged.responseHeaders;
      case MapType.ResponseTrailers:
        return logged === null ? this.#response.trailers : logged.responseTrailers;
      default:
        return super.readableMap(type);
    }
  }

  override writableMap(type: number): HeaderMap | null {
    switch (type) {
      case MapType.RequestHeaders:
        return this.#request.headers;
      case MapType.ResponseHeaders:
        return this.#response.headers;
      // With the last of the body in hand, asking for trailers makes them.
      case MapType.RequestTrailers:
        return this.#trailers(this.#request, () => this.stream.request.addTrailers());
      case MapType.ResponseTrailers:
        return this.#trailers(this.#response, () => this.stream.response.addTrailers());
      default:
        return null;
    }
  }

  override buffer(type: number): BufferSource | null {
    if (type === BufferType.HttpRequestBody) {
      return this.#body(this.#request, this.stream.request.buffered);
    }
    if (type === BufferType.HttpResponseBody) {
      return this.#body(this.#response, this.stream.response.buffered);
    }
    return super.buffer(type);
  }

  override continueStream(request: boolean): void {
    this.vm.afterCall(() => {
      (request ? this.stream.request : this.stream.response).continue();
    });
    // Envoy forgets the request, whichever side was continued.
    this.#request.forget();
  }

  override closeStream(): void {
    this.stream.closing();
    this.vm.afterCall(() => {
      this.stream.reset();
    });
  }

  override sendLocalResponse(response: LocalResponse): void {
    this.vm.afterCall(() => {
      this.stream.sendLocalReply(response);
    });
  }

  override setFilterState(path: string, shown: Uint8Array | null): Status {
    this.stream.filterState.set(path, shown);
    return Status.Ok;
  }

  override setProperty(path: string, value: Uint8Array): Status {
    return keepProperty(this.stream.state, this.#root, path, value);
  }

  #create(): void {
    if (this.#created) return;
    this.#created = true;
    this.vm.call("proxy_on_context_create", this, [this.#root.id]);
  }

  #passes(): boolean {
    return !this.#created || this.#failed;
  }

  #trailers(held: Direction, add: () => HeaderMap): HeaderMap | null {
    if (held.trailers === null && held.body !== null && this.#endOfStream) held.trailers = add();
    return held.trailers;
  }

  #body(held: Direction, buffered: BodyBuffer | null): BufferSource {
    return (held.buffering ? buffered : held.body) ?? new Uint8Array(0);
  }

  /** Answers the stream with 503, once, when the VM has failed. */
  #failStream(): boolean {
    if (this.vm.failure === null) return false;
    if (this.#failed) return true;
    this.#failed = true;
    this.stream.sendLocalReply({
      status: 503,
      details: "wasm_fail_stream",
      body: new Uint8Array(0),
      headers: [],
      grpcStatus: 14,
    });
    return true;
  }

  /** Calls the guest and makes of its answer what Envoy makes of it. */
  #ask(
    callback: string,
    args: readonly number[],
    failed: number,
    convert: (n: number) => number,
  ): number {
    if (this.#failStream()) return failed;
    return this.vm.call(callback, this, args, 0, (result) => {
      if (this.#failStream()) return failed;
      return convert(result);
    });
  }

  #onHeaders(held: Direction, map: HeaderMap, end: boolean): number {
    held.headers = map;
    this.#endOfStream = end;
    const { abiVersion } = this.vm.module;
    const args = abiVersion === "0.1.0" ? [map.size] : [map.size, end ? 1 : 0];
    const watermark = HeadersAction.StopAllIterationAndWatermark;
    const action = this.#ask(held.callback("headers"), args, watermark, (result) => {
      if (this.vm.stopNextIteration || result > watermark) return watermark;
      const stops = result === HeadersAction.StopIteration && !this.#allowHeadersStopIteration;
      return stops ? watermark : result;
    });
    const continues =
      action !== HeadersAction.StopIteration &&
      action !== HeadersAction.StopAllIterationAndBuffer &&
      action !== watermark;
    if (continues) held.headers = null;
    return continues ? HeadersAction.Continue : action;
  }

  #onData(held: Direction, data: BodyBuffer, end: boolean): number {
    const side = this.stream[held.kind];
    if (held.buffering) {
      side.addData(data);
      if (this.#destroyed) return BodyAction.StopIterationAndBuffer;
    }
    held.body = data;
    this.#endOfStream = end;
    const { length } = this.#body(held, side.buffered);
    const noBuffer = BodyAction.StopIterationNoBuffer;
    const action = this.#ask(held.callback("body"), [length, end ? 1 : 0], noBuffer, (result) =>
      this.vm.stopNextIteration || result > noBuffer ? noBuffer : result,
    );
    held.buffering = action === BodyAction.StopIterationAndBuffer;
    if (action === BodyAction.Continue) held.body = null;
    return action;
  }

  #onMetadata(held: Direction, count: number): void {
    this.#ask(held.callback("metadata"), [count], 0, (result) => result);
  }

  #onTrailers(held: Direction, map: HeaderMap): number {
    held.trailers = map;
    const { StopIteration, Continue } = TrailersAction;
    const action = this.#ask(held.callback("trailers"), [map.size], StopIteration, (result) =>
      this.vm.stopNextIteration || result > StopIteration ? StopIteration : result,
    );
    if (action === Continue) held.trailers = null;
    return action;
  }
}

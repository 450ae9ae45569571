// The filter of one TCP connection, as Envoy has it between the connection and the guest.
import { BufferType, ClosePeer, NetworkAction, Status } from "../abi.ts";
import type { CallbackRecord } from "../history.ts";
import type { BodyBuffer } from "../http/body-buffer.ts";
import { keepProperty } from "../properties.ts";
import type { PropertySource } from "../properties.ts";
import type { TcpStream } from "../tcp/stream.ts";
import { Context } from "./context.ts";
import type { BufferSource } from "./context.ts";
import type { RootContext } from "./root-context.ts";

export class ConnectionContext extends Context {
  readonly stream: TcpStream;
  /** The callbacks so far. */
  readonly callbacks: CallbackRecord[] = [];
  readonly #root: RootContext;
  /** Readable from a callback that holds the bytes on; a callback that lets them go forgets them. */
  #downstream: BodyBuffer | null = null;
  #upstream: BodyBuffer | null = null;
  #created = false;
  #failed = false;
  #over = false;
  #downstreamClosed = false;

  constructor(root: RootContext, stream: TcpStream) {
    super(root.vm, root.vm.nextContextId());
    this.#root = root;
    this.stream = stream;
    this.vm.contexts.set(this.id, this);
  }

  override get root(): RootContext {
    return this.#root;
  }

  override recorded(record: CallbackRecord): void {
    this.callbacks.push(record);
  }

  override get properties(): PropertySource {
    return this.stream.properties;
  }

  onNewConnection(): NetworkAction {
    this.#created = true;
    this.vm.call("proxy_on_context_create", this, [this.#root.id]);
    return this.#ask("proxy_on_new_connection", []);
  }

  onDownstreamData(data: BodyBuffer, end: boolean): NetworkAction {
    if (!this.#created) return NetworkAction.Continue;
    this.#downstream = data;
    const action = this.#ask("proxy_on_downstream_data", [data.length, end ? 1 : 0]);
    if (action === NetworkAction.Continue) this.#downstream = null;
    return action;
  }

  onUpstreamData(data: BodyBuffer, end: boolean): NetworkAction {
    if (!this.#created) return NetworkAction.Continue;
    this.#upstream = data;
    const action = this.#ask("proxy_on_upstream_data", [data.length, end ? 1 : 0]);
    if (action === NetworkAction.Continue) this.#upstream = null;
    // Envoy tells of the upstream's end from here, and knows nothing of its connection.
    if (end) {
      this.vm.call("proxy_on_upstream_connection_close", this, [ClosePeer.Unknown]);
      if (this.#downstreamClosed) this.#end();
    }
    return action;
  }

  onClose(by: ClosePeer): void {
    if (!this.#created) return;
    this.vm.call("proxy_on_downstream_connection_close", this, [by]);
    this.#downstreamClosed = true;
    this.#end();
  }

  override buffer(type: number): BufferSource | null {
    const none = new Uint8Array(0);
    if (type === BufferType.DownstreamData) return this.#downstream ?? none;
    if (type === BufferType.UpstreamData) return this.#upstream ?? none;
    return super.buffer(type);
  }

  override continueReading(): void {
    this.vm.afterCall(() => {
      this.stream.continueReading();
    });
  }

  override closeConnection(): void {
    this.vm.afterCall(() => {
      this.stream.close(ClosePeer.Local);
    });
  }

  override setFilterState(path: string, shown: Uint8Array | null): Status {
    this.stream.filterState.set(path, shown);
    return Status.Ok;
  }

  override setProperty(path: string, value: Uint8Array): Status {
    return keepProperty(this.stream.state, this.#root, path, value);
  }

  /** Unlike for HTTP, it is done before it is logged. */
  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.vm.call("proxy_on_done", this, []);
    this.vm.call("proxy_on_log", this, []);
    this.vm.call("proxy_on_delete", this, []);
    this.vm.contexts.delete(this.id);
  }

  /** Closes the connection, once, when the VM has failed. */
  #failStream(): boolean {
    if (this.vm.failure === null) return false;
    if (!this.#failed) {
      this.#failed = true;
      this.stream.close(ClosePeer.Local);
    }
    return true;
  }

  #ask(callback: string, args: readonly number[]): NetworkAction {
    if (this.#failStream()) return NetworkAction.StopIteration;
    const answer = this.vm.call(callback, this, args, 0, (result) =>
      this.#failStream() ? NetworkAction.StopIteration : result,
    );
    return answer === 0 ? NetworkAction.Continue : NetworkAction.StopIteration;
  }
}

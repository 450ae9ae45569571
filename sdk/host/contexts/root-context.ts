import type { GrpcCallout } from "../grpc/callout.ts";
import type { HeaderMap } from "../http/header-map.ts";
import type { Callout, CalloutResponse } from "../http/callout.ts";
import type { Vm } from "../vm.ts";
import { MapType } from "../abi.ts";
import type { PropertySource } from "../properties.ts";
import { encodeStatistics } from "../statistics.ts";
import type { Statistics } from "../statistics.ts";
import { Context } from "./context.ts";

/** What a plugin is told of itself. */
export interface PluginIdentity {
  readonly name: string;
  readonly rootId: string;
  readonly vmId: string;
}

/** What of a gRPC answer has just come: one of the three. */
export interface GrpcReceived {
  readonly initial?: HeaderMap;
  readonly message?: Uint8Array;
  readonly trailing?: HeaderMap;
}

/** The context of a plugin's configuration: streams have it for a parent, timers and callouts act on it. */
export class RootContext extends Context {
  readonly identity: PluginIdentity;
  readonly configuration: Uint8Array;
  /** The code and text that `proxy_get_status` answers. */
  status: { readonly code: number; readonly message: string } = { code: 0, message: "" };
  /** The callout's response, while the guest is called for it. */
  calloutResponse: CalloutResponse | null = null;
  /** Callouts that wait for an answer, by their ids. */
  readonly callouts = new Map<number, Callout>();
  /** What a gRPC callback may read, while the guest is called for it. */
  grpcReceived: GrpcReceived | null = null;
  /** gRPC calls and streams that the guest can name, by their ids. */
  readonly grpcCallouts = new Map<number, GrpcCallout>();
  /** It was asked to end, and answered that it is not done. */
  pendingDone = false;
  /** It was asked to end. */
  ending = false;
  #cancelTick: () => void = () => undefined;
  #tickPeriod = 0;
  /** The stream that it is told of as an access logger. */
  #logged: PropertySource | null = null;

  constructor(vm: Vm, id: number, identity: PluginIdentity, configuration: Uint8Array) {
    super(vm, id);
    this.identity = identity;
    this.configuration = configuration;
  }

  override get root(): this {
    return this;
  }

  override get logging(): boolean {
    return this.#logged !== null;
  }

  override get properties(): PropertySource | null {
    return this.#logged;
  }

  override readableMap(type: number): HeaderMap | null {
    const logged = this.#logged;
    if (logged === null) return super.readableMap(type);
    if (type === MapType.RequestHeaders) return logged.requestHeaders;
    if (type === MapType.ResponseHeaders) return logged.responseHeaders;
    if (type === MapType.ResponseTrailers) return logged.responseTrailers;
    return super.readableMap(type);
  }

  /** Tells it, as an access logger, of a stream that is over. */
  log(source: PropertySource): void {
    this.#logged = source;
    this.vm.call("proxy_on_log", this, []);
    this.#logged = null;
  }

  /** Hands it, as a stats sink, the filters' statistics: readable in this callback. */
  flushStatistics(statistics: Statistics): void {
    const { bytes, size } = encodeStatistics(statistics);
    this.callData = bytes;
    this.vm.call("envoy_on_stats_update", this, [size]);
    this.callData = new Uint8Array(0);
  }

  /** Nothing can be called for it any more. */
  get over(): boolean {
    return this.vm.failure !== null || this.vm.contexts.get(this.id) !== this;
  }

  /** A call is over for the guest when it has been told; a stream when its own side has ended too. */
  grpcClosed(callout: GrpcCallout): void {
    if (callout.kind === "call" || callout.ended) this.grpcCallouts.delete(callout.id);
  }

  /** Tells the guest that a gRPC call or stream has failed or ended. */
  grpcClose(id: number, code: number, message: string): void {
    if (this.over) return;
    this.status = { code, message };
    this.vm.afterCall(() => {
      this.status = { code, message: "" };
    });
    this.vm.call("proxy_on_grpc_close", this, [id, code]);
  }

  /** Milliseconds from one tick's end to the next; 0 ends them. */
  setTickPeriod(milliseconds: number): void {
    this.#cancelTick();
    this.#tickPeriod = milliseconds;
    this.#arm();
  }

  /** Ends timers and callouts. */
  stop(): void {
    this.#cancelTick();
    this.#tickPeriod = 0;
    for (const callout of this.callouts.values()) callout.cancel();
    this.callouts.clear();
    for (const callout of this.grpcCallouts.values()) callout.cancel();
    this.grpcCallouts.clear();
  }

  #arm(): void {
    if (this.#tickPeriod === 0) return;
    this.#cancelTick = this.vm.host.clock.after(this.#tickPeriod, () => {
      if (this.vm.failure !== null) return;
      this.vm.call("proxy_on_tick", this, []);
      // Set anew in the callback, it has been armed already.
      this.#cancelTick();
      this.#arm();
      this.vm.host.settle();
    });
  }
}

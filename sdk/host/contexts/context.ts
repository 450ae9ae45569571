import { BufferType, MapType, Status } from "../abi.ts";
import type { CallbackRecord } from "../history.ts";
import type { BodyBuffer } from "../http/body-buffer.ts";
import type { Header, HeaderMap } from "../http/header-map.ts";
import type { PropertySource } from "../properties.ts";
import type { Vm } from "../vm.ts";
import type { RootContext } from "./root-context.ts";

/** A response that the filter makes itself. */
export interface LocalResponse {
  readonly status: number;
  readonly details: string;
  readonly body: Uint8Array;
  readonly headers: readonly Header[];
  /** 0 to 16; any other number is none. */
  readonly grpcStatus: number;
}

/** What a filter said of a property of its own. */
export interface DeclaredProperty {
  /** It is set once. */
  readonly readonly: boolean;
}

/** What host calls find behind a buffer's number: a body that may be changed, or bytes to read. */
export type BufferSource = BodyBuffer | Uint8Array;

/**
 * What a host call acts on. This is the VM's own context, which has nothing: it stands while the module
 * starts and while the host allocates.
 */
export class Context {
  readonly id: number;
  readonly vm: Vm;

  /** What a callback of Envoy's own brought: it stays readable. */
  callData: Uint8Array = new Uint8Array(0);
  /** The properties that were declared for it; those of a plugin hold for its streams. */
  readonly declared = new Map<string, DeclaredProperty>();

  constructor(vm: Vm, id: number) {
    this.vm = vm;
    this.id = id;
  }

  /** The plugin's context: of a stream its parent. The VM's own context has none. */
  get root(): RootContext | null {
    return null;
  }

  /** Whether this is the callback in which the stream is logged. */
  get logging(): boolean {
    return false;
  }

  /** The guest is called for it. */
  recorded(record: CallbackRecord): void {
    this.vm.host.recorded(record);
  }

  /** Adds a line to the host's log. */
  writeLog(level: number, text: string): void {
    const { logs, worker } = this.vm.host;
    logs.add(level, text, this.root?.identity.name ?? "", worker);
  }

  /** The map, where it can be read now. */
  readableMap(type: number): HeaderMap | null {
    const callout = this.root?.calloutResponse ?? null;
    if (type === MapType.HttpCallResponseHeaders) return callout?.headers ?? null;
    if (type === MapType.HttpCallResponseTrailers) return callout?.trailers ?? null;
    const grpc = this.root?.grpcReceived;
    if (type === MapType.GrpcReceiveInitialMetadata) return grpc?.initial ?? null;
    if (type === MapType.GrpcReceiveTrailingMetadata) return grpc?.trailing ?? null;
    return null;
  }

  /** The map, where it can be changed now. */
  writableMap(_type: number): HeaderMap | null {
    return null;
  }

  /** What is behind the buffer's number now; null when there is nothing. */
  buffer(type: number): BufferSource | null {
    switch (type) {
      case BufferType.VmConfiguration:
        return this.vm.configuration;
      case BufferType.PluginConfiguration:
        return this.vm.configuring === this ? (this.root?.configuration ?? null) : null;
      case BufferType.HttpCallResponseBody:
        return this.root?.calloutResponse?.body ?? null;
      case BufferType.CallData:
        return this.callData;
      case BufferType.GrpcReceiveBuffer:
        return this.root?.grpcReceived?.message ?? new Uint8Array(0);
      default:
        // Envoy knows the others everywhere, and finds them empty.
        return new Uint8Array(0);
    }
  }

  /** What its properties are read from; null without a stream. */
  get properties(): PropertySource | null {
    return null;
  }

  continueStream(_request: boolean): void {
    // Nothing to continue: Envoy answers Ok.
  }

  closeStream(_request: boolean): void {
    // Nothing to close.
  }

  /** Lets the bytes go on that a TCP filter holds of its client. */
  continueReading(): void {
    // Nothing is held.
  }

  /** Closes a TCP connection; whichever of its sides is named, it is the client's. */
  closeConnection(): void {
    // No connection to close.
  }

  sendLocalResponse(_response: LocalResponse): void {
    // Nobody to answer.
  }

  /** Keeps an object of Envoy's own for the stream, with what it is as a property. */
  setFilterState(_path: string, _shown: Uint8Array | null): Status {
    return Status.NotFound;
  }

  /** Keeps a value for the stream. */
  setProperty(_path: string, _value: Uint8Array): Status {
    return Status.NotFound;
  }
}

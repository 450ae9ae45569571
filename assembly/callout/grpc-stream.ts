import { MapType, Status } from "../abi/enums";
import { proxy_grpc_close, proxy_grpc_send } from "../abi/hostcalls/grpc";
import { GrpcCallout, enlist, settle } from "./grpc-callout";
import { GrpcMessage } from "./grpc-message";
import { GrpcRequest } from "./grpc-request";
import { GrpcResult } from "./grpc-result";
import { CalloutHeaders } from "./headers";

// Views without state: one of each does for all streams.
// @ts-ignore: decorator
@lazy
const initialMetadata = new CalloutHeaders(MapType.GrpcReceiveInitialMetadata);
// @ts-ignore: decorator
@lazy
const trailingMetadata = new CalloutHeaders(MapType.GrpcReceiveTrailingMetadata);

/**
 * A gRPC stream of the filter's own, to a cluster of Envoy's that speaks HTTP/2: any number of
 * messages either way. The callbacks act on the HTTP stream, or connection, that opened it.
 *
 * It belongs to the stream whose callback opened it, or to the plugin. When its stream ends first, it
 * is cancelled, and no callback follows.
 */
export abstract class GrpcStream extends GrpcCallout {
  /** Whether the last message was sent. */
  private ended: bool = false;
  /** Whether the host was told so by a call of its own. */
  private halfClosed: bool = false;

  /** The service has sent the metadata that comes before its messages. */
  onInitialMetadata(metadata: CalloutHeaders): void {}

  /** The service has sent a message. */
  onMessage(message: GrpcMessage): void {}

  /** The service has sent the metadata that comes after its messages. */
  onTrailingMetadata(metadata: CalloutHeaders): void {}

  /** The stream is over, in whatever way but `cancel`. Nothing follows; it may be opened anew. */
  abstract onClose(result: GrpcResult): void;

  /**
   * Opens the stream; messages may be sent at once. From any callback, of a stream or a plugin.
   *
   * @param cluster the name of a cluster in Envoy's configuration
   * @returns `Ok` when `onClose` will follow, else nothing does: `BadArgument` for a request that is
   *   refused (see GrpcRequest), or when it is open already; another for a cluster that is not there or
   *   has no host
   */
  open(cluster: string, request: GrpcRequest): Status {
    if (this.pending) return Status.BadArgument;
    const status = request.__open(cluster);
    if (status == Status.Ok) {
      this.ended = false;
      this.halfClosed = false;
      enlist(this);
    }
    return status;
  }

  /**
   * Sends a message, serialised by Protocol Buffers as a rule; it may be empty.
   *
   * @param end whether it is the last one
   * @returns `NotFound` when the stream is not open, `BadArgument` after the last message
   */
  send(message: Uint8Array, end: bool = false): Status {
    if (!this.pending) return Status.NotFound;
    if (this.ended) return Status.BadArgument;
    this.ended = end;
    return proxy_grpc_send(this.__token, message.dataStart, message.length, u32(end));
  }

  /** Says that no message follows; the service may still send. Fails as `send`. */
  halfClose(): Status {
    if (!this.pending) return Status.NotFound;
    if (this.ended) return Status.BadArgument;
    this.ended = true;
    this.halfClosed = true;
    return proxy_grpc_close(this.__token);
  }

  override __onInitialMetadata(): void {
    this.onInitialMetadata(initialMetadata);
  }

  override __onMessage(size: u32): void {
    this.onMessage(new GrpcMessage(size));
  }

  override __onTrailingMetadata(): void {
    this.onTrailingMetadata(trailingMetadata);
  }

  override __onClose(code: u32): void {
    settle(this);
    // Else Envoy would keep an entry for the stream, which leads to memory that it has freed.
    if (!this.halfClosed) proxy_grpc_close(this.__token);
    this.onClose(new GrpcResult(code));
  }
}

import { Status } from "../abi/enums";
import { GrpcCallout, enlist, settle } from "./grpc-callout";
import { GrpcMessage } from "./grpc-message";
import { GrpcRequest } from "./grpc-request";
import { GrpcResult } from "./grpc-result";

/**
 * A unary gRPC call of the filter's own, to a cluster of Envoy's that speaks HTTP/2. One of the two
 * callbacks is called once, later; they act on the stream that made the call:
 *
 * ```ts
 * class Check extends GrpcCall {
 *   override onResponse(message: GrpcMessage): void {
 *     continueRequest();
 *   }
 *   override onFailure(result: GrpcResult): void {
 *     new LocalResponse(403, result.message()).send();
 *   }
 * }
 * // in onRequestHeaders; the message is serialised already
 * const request = new GrpcRequest("auth.Auth", "Check").metadata("x-by", "me");
 * if (new Check().send("auth", request, message, 200) != Status.Ok) return new LocalResponse(503).send();
 * return Action.StopAllIterationAndWatermark;
 * ```
 *
 * It belongs to the stream whose callback made it, or to the plugin. When its stream ends first, it is
 * cancelled, and neither callback is called.
 */
export abstract class GrpcCall extends GrpcCallout {
  /** The service has answered with `GrpcCode.Ok`. */
  abstract onResponse(message: GrpcMessage): void;

  /** The service has answered with another code, or Envoy in its place. No answer will come. */
  abstract onFailure(result: GrpcResult): void;

  /**
   * Makes the call. From any callback, of a stream or a plugin; again once it was answered.
   *
   * @param cluster the name of a cluster in Envoy's configuration
   * @param message serialised by Protocol Buffers, as a rule; it may be empty
   * @param timeoutMs how long the answer may take; 0 waits without end. Then it fails with
   *   `DeadlineExceeded` when the service was first to notice, with `Unavailable` when Envoy was
   * @returns `Ok` when a callback will follow, else none does: `BadArgument` for a request that is
   *   refused (see GrpcRequest), or when it is under way already; another for a cluster that is not
   *   there or has no host
   */
  send(cluster: string, request: GrpcRequest, message: Uint8Array, timeoutMs: u32): Status {
    if (this.pending) return Status.BadArgument;
    const status = request.__call(cluster, message, timeoutMs);
    if (status == Status.Ok) enlist(this);
    return status;
  }

  override __onMessage(size: u32): void {
    settle(this);
    this.onResponse(new GrpcMessage(size));
  }

  override __onClose(code: u32): void {
    settle(this);
    this.onFailure(new GrpcResult(code));
  }
}

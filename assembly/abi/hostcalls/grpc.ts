import { Status } from "../enums";

/**
 * Makes a unary call. `target` is a serialised `envoy.config.core.v3.GrpcService`; stores the token
 * (u32) that the answer will come with.
 */
// @ts-ignore: decorator
@external("env", "proxy_grpc_call")
export declare function proxy_grpc_call(
  target: usize,
  targetSize: usize,
  service: usize,
  serviceSize: usize,
  method: usize,
  methodSize: usize,
  metadata: usize,
  metadataSize: usize,
  message: usize,
  messageSize: usize,
  timeoutMs: u32,
  outToken: usize,
): Status;

/** Opens a stream, as `proxy_grpc_call`. */
// @ts-ignore: decorator
@external("env", "proxy_grpc_stream")
export declare function proxy_grpc_stream(
  target: usize,
  targetSize: usize,
  service: usize,
  serviceSize: usize,
  method: usize,
  methodSize: usize,
  metadata: usize,
  metadataSize: usize,
  outToken: usize,
): Status;

/** Sends a message over a stream; BadArgument for the token of a call. */
// @ts-ignore: decorator
@external("env", "proxy_grpc_send")
export declare function proxy_grpc_send(
  token: u32,
  message: usize,
  messageSize: usize,
  endOfStream: u32,
): Status;

/** Resets a call or a stream; no callback follows. */
// @ts-ignore: decorator
@external("env", "proxy_grpc_cancel")
export declare function proxy_grpc_cancel(token: u32): Status;

/** Ends our side of a stream. */
// @ts-ignore: decorator
@external("env", "proxy_grpc_close")
export declare function proxy_grpc_close(token: u32): Status;

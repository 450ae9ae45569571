import { GrpcEvent, onGrpcEvent, onHttpAnswer } from "../../callout/hooks";
import { enter, leave } from "../../runtime/callback";

export function proxy_on_http_call_response(
  root: u32,
  token: u32,
  headers: u32,
  bodySize: u32,
  trailers: u32,
): void {
  const outer = enter(root);
  onHttpAnswer(root, token, headers, bodySize);
  leave(outer);
}

export function proxy_on_grpc_receive_initial_metadata(root: u32, token: u32, count: u32): void {
  const outer = enter(root);
  onGrpcEvent(GrpcEvent.InitialMetadata, root, token, count);
  leave(outer);
}

export function proxy_on_grpc_receive(root: u32, token: u32, size: u32): void {
  const outer = enter(root);
  onGrpcEvent(GrpcEvent.Message, root, token, size);
  leave(outer);
}

export function proxy_on_grpc_receive_trailing_metadata(root: u32, token: u32, count: u32): void {
  const outer = enter(root);
  onGrpcEvent(GrpcEvent.TrailingMetadata, root, token, count);
  leave(outer);
}

export function proxy_on_grpc_close(root: u32, token: u32, code: u32): void {
  const outer = enter(root);
  onGrpcEvent(GrpcEvent.Close, root, token, code);
  leave(outer);
}

// Everything that the host may call. `build` exports of these what a filter needs; a module built
// by plain asc exports them all with `export * from "as-proxy-wasm/assembly/abi/callbacks"`.
// The side-effect import puts the abort of the SDK into the program, for `--use abort=...`.
import "../../runtime/abort";

export { malloc, proxy_abi_version_0_2_1 } from "./memory";
export {
  proxy_on_context_create,
  proxy_on_configure,
  proxy_on_log,
  proxy_on_delete,
} from "./lifecycle";
export {
  proxy_on_request_headers,
  proxy_on_request_body,
  proxy_on_request_trailers,
  proxy_on_response_headers,
  proxy_on_response_body,
  proxy_on_response_trailers,
  proxy_on_request_metadata,
  proxy_on_response_metadata,
} from "./http";
export {
  proxy_on_http_call_response,
  proxy_on_grpc_receive_initial_metadata,
  proxy_on_grpc_receive,
  proxy_on_grpc_receive_trailing_metadata,
  proxy_on_grpc_close,
} from "./callouts";
export {
  proxy_on_new_connection,
  proxy_on_downstream_data,
  proxy_on_upstream_data,
  proxy_on_downstream_connection_close,
  proxy_on_upstream_connection_close,
} from "./network";
export { proxy_on_vm_start, proxy_on_tick, proxy_on_queue_ready, proxy_on_done } from "./plugin";
export { envoy_on_resolve_dns, envoy_on_stats_update } from "./envoy";

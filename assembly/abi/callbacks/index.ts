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
export { proxy_on_request_headers, proxy_on_response_headers } from "./http";

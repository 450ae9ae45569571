// The two halves of what a module and Envoy agree on: the functions that Envoy offers to import, and
// the exports that Envoy calls, each with its exact WebAssembly type. Envoy compares the types when it
// loads a module. Source: proxy-wasm-cpp-host (`exports.h`, `wasm.cc`) and Envoy's own
// `source/extensions/common/wasm/wasm.cc`. Envoy 1.40 was seen to take every line of it.

/** The versions of the Proxy-Wasm ABI that Envoy knows, oldest first. */
export const ABI_VERSIONS = ["0.1.0", "0.2.0", "0.2.1"] as const;
export type AbiVersion = (typeof ABI_VERSIONS)[number];

/** What the exports that name the ABI version begin with, as in `proxy_abi_version_0_2_1`. */
export const ABI_MARKER_PREFIX = "proxy_abi_version_";

/** The export that marks a module as speaking `version` of the ABI. */
export function abiMarker(version: AbiVersion): string {
  return ABI_MARKER_PREFIX + version.replaceAll(".", "_");
}

/** A function that Envoy offers to modules, or looks for in them. */
export interface AbiFunction {
  /** The module to import it from; null for an export. */
  readonly module: string | null;
  readonly name: string;
  /** Its type, as `(i32, i64) -> i32`; `-> ()` when it has no result. */
  readonly signature: string;
  /** The ABI versions that have it. */
  readonly versions: readonly AbiVersion[];
}

const SINCE_0_2_0: readonly AbiVersion[] = ["0.2.0", "0.2.1"];
const ONLY_0_1_0: readonly AbiVersion[] = ["0.1.0"];
const ONLY_0_2_1: readonly AbiVersion[] = ["0.2.1"];

// Types are written in short: `i` is i32, `I` is i64; the result follows a colon.

/** Host calls of the ABI, all of them imported from `env`. */
const PROXY_HOST_CALLS: Readonly<Record<string, string>> = {
  proxy_log: "iii:i",
  proxy_get_current_time_nanoseconds: "i:i",
  proxy_set_tick_period_milliseconds: "i:i",
  proxy_get_property: "iiii:i",
  proxy_set_property: "iiii:i",
  proxy_get_buffer_bytes: "iiiii:i",
  proxy_set_buffer_bytes: "iiiii:i",
  proxy_get_buffer_status: "iii:i",
  proxy_get_header_map_pairs: "iii:i",
  proxy_set_header_map_pairs: "iii:i",
  proxy_get_header_map_size: "ii:i",
  proxy_get_header_map_value: "iiiii:i",
  proxy_add_header_map_value: "iiiii:i",
  proxy_replace_header_map_value: "iiiii:i",
  proxy_remove_header_map_value: "iii:i",
  proxy_send_local_response: "iiiiiiii:i",
  proxy_get_status: "iii:i",
  proxy_http_call: "iiiiiiiiii:i",
  proxy_grpc_call: "iiiiiiiiiiii:i",
  proxy_grpc_stream: "iiiiiiiii:i",
  proxy_grpc_send: "iiii:i",
  proxy_grpc_cancel: "i:i",
  proxy_grpc_close: "i:i",
  proxy_set_shared_data: "iiiii:i",
  proxy_get_shared_data: "iiiii:i",
  proxy_register_shared_queue: "iii:i",
  proxy_resolve_shared_queue: "iiiii:i",
  proxy_enqueue_shared_queue: "iii:i",
  proxy_dequeue_shared_queue: "iii:i",
  proxy_define_metric: "iiii:i",
  proxy_increment_metric: "iI:i",
  proxy_record_metric: "iI:i",
  proxy_get_metric: "ii:i",
  proxy_set_effective_context: "i:i",
  proxy_done: ":i",
  proxy_call_foreign_function: "iiiiii:i",
};
const PROXY_HOST_CALLS_0_1_0: Readonly<Record<string, string>> = {
  proxy_get_configuration: "ii:i",
  proxy_continue_request: ":i",
  proxy_continue_response: ":i",
  proxy_clear_route_cache: ":i",
};
const PROXY_HOST_CALLS_0_2_0: Readonly<Record<string, string>> = {
  proxy_continue_stream: "i:i",
  proxy_close_stream: "i:i",
};
const PROXY_HOST_CALLS_0_2_1: Readonly<Record<string, string>> = {
  proxy_get_log_level: "i:i",
};

/** What Envoy has in `env` beside the ABI. */
const ENVOY_HOST_CALLS: Readonly<Record<string, string>> = {
  envoy_resolve_dns: "iii:i",
  pthread_equal: "ii:i",
  emscripten_notify_memory_growth: "i:",
};

/** WASI preview 1: a few work, the rest answer an error number. */
const WASI_FUNCTIONS: Readonly<Record<string, string>> = {
  args_get: "ii:i",
  args_sizes_get: "ii:i",
  clock_res_get: "ii:i",
  clock_time_get: "iIi:i",
  environ_get: "ii:i",
  environ_sizes_get: "ii:i",
  fd_advise: "iIIi:i",
  fd_allocate: "iII:i",
  fd_close: "i:i",
  fd_datasync: "i:i",
  fd_fdstat_get: "ii:i",
  fd_fdstat_set_flags: "ii:i",
  fd_fdstat_set_rights: "iII:i",
  fd_filestat_get: "ii:i",
  fd_filestat_set_size: "iI:i",
  fd_filestat_set_times: "iIIi:i",
  fd_pread: "iiiIi:i",
  fd_prestat_dir_name: "iii:i",
  fd_prestat_get: "ii:i",
  fd_pwrite: "iiiIi:i",
  fd_read: "iiii:i",
  fd_readdir: "iiiIi:i",
  fd_renumber: "ii:i",
  fd_seek: "iIii:i",
  fd_sync: "i:i",
  fd_tell: "ii:i",
  fd_write: "iiii:i",
  path_create_directory: "iii:i",
  path_filestat_get: "iiiii:i",
  path_filestat_set_times: "iiiiIIi:i",
  path_link: "iiiiii:i",
  path_open: "iiiiiIIii:i",
  path_readlink: "iiiiii:i",
  path_remove_directory: "iii:i",
  path_rename: "iiiiii:i",
  path_symlink: "iiii:i",
  path_unlink_file: "iii:i",
  poll_oneoff: "iiii:i",
  proc_exit: "i:",
  random_get: "ii:i",
  sched_yield: ":i",
  sock_accept: "iii:i",
  sock_recv: "iiiiii:i",
  sock_send: "iiiii:i",
  sock_shutdown: "ii:i",
};

/** Exports that Envoy calls, in every version of the ABI. */
const CALLBACK_EXPORTS: Readonly<Record<string, string>> = {
  proxy_on_context_create: "ii:",
  proxy_on_vm_start: "ii:i",
  proxy_validate_configuration: "ii:i",
  proxy_on_configure: "ii:i",
  proxy_on_tick: "i:",
  proxy_on_new_connection: "i:i",
  proxy_on_downstream_data: "iii:i",
  proxy_on_upstream_data: "iii:i",
  proxy_on_downstream_connection_close: "ii:",
  proxy_on_upstream_connection_close: "ii:",
  proxy_on_request_body: "iii:i",
  proxy_on_request_trailers: "ii:i",
  proxy_on_request_metadata: "ii:i",
  proxy_on_response_body: "iii:i",
  proxy_on_response_trailers: "ii:i",
  proxy_on_response_metadata: "ii:i",
  proxy_on_http_call_response: "iiiii:",
  proxy_on_grpc_receive_initial_metadata: "iii:",
  proxy_on_grpc_receive: "iii:",
  proxy_on_grpc_receive_trailing_metadata: "iii:",
  proxy_on_grpc_close: "iii:",
  proxy_on_queue_ready: "ii:",
  proxy_on_done: "i:i",
  proxy_on_log: "i:",
  proxy_on_delete: "i:",
  envoy_on_resolve_dns: "iii:",
  envoy_on_stats_update: "ii:",
};
/** 0.1.0 did not tell whether the stream ends with its headers. */
const CALLBACK_EXPORTS_0_1_0: Readonly<Record<string, string>> = {
  proxy_on_request_headers: "ii:i",
  proxy_on_response_headers: "ii:i",
};
const CALLBACK_EXPORTS_0_2_0: Readonly<Record<string, string>> = {
  proxy_on_request_headers: "iii:i",
  proxy_on_response_headers: "iii:i",
  proxy_on_foreign_function: "iii:",
};

/** Exports that Envoy calls to start a module and to place results in its memory. */
const LIFECYCLE_EXPORTS: Readonly<Record<string, string>> = {
  _initialize: ":",
  _start: ":",
  main: "ii:i",
  __main_void: ":i",
  malloc: "i:i",
  proxy_on_memory_allocate: "i:i",
};

/** Every function that Envoy offers to modules. */
export const HOST_FUNCTIONS: readonly AbiFunction[] = [
  ...table("env", PROXY_HOST_CALLS, ABI_VERSIONS),
  ...table("env", PROXY_HOST_CALLS_0_1_0, ONLY_0_1_0),
  ...table("env", PROXY_HOST_CALLS_0_2_0, SINCE_0_2_0),
  ...table("env", PROXY_HOST_CALLS_0_2_1, ONLY_0_2_1),
  ...table("env", ENVOY_HOST_CALLS, ABI_VERSIONS),
  ...table("wasi_snapshot_preview1", WASI_FUNCTIONS, ABI_VERSIONS),
  ...table("wasi_unstable", WASI_FUNCTIONS, ABI_VERSIONS),
];

/** Every callback that Envoy looks for among a module's exports; those whose type changed, twice. */
export const CALLBACKS: readonly AbiFunction[] = [
  ...table(null, CALLBACK_EXPORTS, ABI_VERSIONS),
  ...table(null, CALLBACK_EXPORTS_0_1_0, ONLY_0_1_0),
  ...table(null, CALLBACK_EXPORTS_0_2_0, SINCE_0_2_0),
];

/** The exports by which Envoy starts a module and allocates in it. */
export const LIFECYCLE: readonly AbiFunction[] = table(null, LIFECYCLE_EXPORTS, ABI_VERSIONS);

function table(
  module: string | null,
  functions: Readonly<Record<string, string>>,
  versions: readonly AbiVersion[],
): AbiFunction[] {
  return Object.entries(functions).map(([name, short]) => ({
    module,
    name,
    signature: spellOut(short),
    versions,
  }));
}

function spellOut(short: string): string {
  const [parameters = "", result = ""] = short.split(":");
  const types = Array.from(parameters, (letter) => (letter === "I" ? "i64" : "i32"));
  return `(${types.join(", ")}) -> ${result === "" ? "()" : "i32"}`;
}

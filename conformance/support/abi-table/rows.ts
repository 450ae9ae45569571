// What is said of each host call, callback and value of the ABI: the SDK's name for it, and the test that
// proves it in a real Envoy. That nothing is missing is for ./table.ts to see.
import * as proofs from "./proofs.ts";

/** What is said of one thing of the ABI. */
export interface Entry {
  /** The SDK's name for it, in Markdown; `-` and why, where it has none. */
  readonly sdk: string;
  /** As in ./proofs.ts. */
  readonly proof: string;
}

const entry = (sdk: string, proof: string): Entry => ({ sdk, proof });

/** Host calls, those of WASI too, that the SDK makes, and those that it leaves alone. */
export const HOST_CALLS: Readonly<Record<string, Entry>> = {
  proxy_log: entry("`log.info`, `log.warn`, ...", proofs.LEVELS),
  proxy_get_log_level: entry("`log.enabled`", proofs.LEVELS),
  proxy_get_current_time_nanoseconds: entry(
    "`currentTimeNanoseconds`, `currentTimeMilliseconds`",
    proofs.SYSTEM,
  ),
  proxy_set_tick_period_milliseconds: entry("`setTickPeriod`, `Timer`", proofs.TIMERS),
  proxy_get_property: entry("`properties`", proofs.PROPERTIES),
  proxy_set_property: entry("`properties.set`, `properties.setBytes`", proofs.PROPERTIES),
  proxy_get_buffer_bytes: entry("`body.read`, `body.text`, `body.bytes`", proofs.BODIES),
  proxy_set_buffer_bytes: entry("`body.replace`, `body.append`, `body.prepend`", proofs.BODIES),
  proxy_get_buffer_status: entry("`heldRequestBody`, `heldResponseBody`", proofs.WHOLE),
  proxy_get_header_map_pairs: entry(
    "`headers.entries`, `headers.forEach`, `headers.snapshot`",
    proofs.HEADERS,
  ),
  proxy_set_header_map_pairs: entry("`headers.setAll`, `headers.setAllBytes`", proofs.SET_ALL),
  proxy_get_header_map_size: entry("`headers.byteSize`", proofs.SET_ALL),
  proxy_get_header_map_value: entry("`headers.get`, `headers.has`", proofs.HEADERS),
  proxy_add_header_map_value: entry("`headers.add`", proofs.HEADERS),
  proxy_replace_header_map_value: entry("`headers.set`", proofs.HEADERS),
  proxy_remove_header_map_value: entry("`headers.remove`", proofs.HEADERS),
  proxy_send_local_response: entry("`LocalResponse`", proofs.STREAMS),
  proxy_get_status: entry("`GrpcResult`", proofs.GRPC),
  proxy_http_call: entry("`HttpCallout`", proofs.CALLOUTS),
  proxy_grpc_call: entry("`GrpcCall`", proofs.GRPC),
  proxy_grpc_stream: entry("`GrpcStream`", proofs.GRPC),
  proxy_grpc_send: entry("`chat.send`, of a `GrpcStream`", proofs.GRPC),
  proxy_grpc_cancel: entry("`chat.cancel`, `call.cancel`", proofs.GRPC),
  proxy_grpc_close: entry("`chat.halfClose`, of a `GrpcStream`", proofs.GRPC),
  proxy_set_shared_data: entry("`sharedData.set`, `sharedData.setIf`", proofs.SHARED),
  proxy_get_shared_data: entry("`sharedData.get`, `sharedData.getBytes`", proofs.SHARED),
  proxy_register_shared_queue: entry("`SharedQueue`", proofs.SHARED),
  proxy_resolve_shared_queue: entry("`SharedQueue`", proofs.SHARED),
  proxy_enqueue_shared_queue: entry("`SharedQueue`", proofs.SHARED),
  proxy_dequeue_shared_queue: entry("`SharedQueue`", proofs.SHARED),
  proxy_define_metric: entry("`Counter`, `Gauge`, `Histogram`", proofs.METRICS),
  proxy_increment_metric: entry("`counter.increment`, `gauge.add`", proofs.METRICS),
  proxy_record_metric: entry("`gauge.set`, `histogram.record`", proofs.METRICS),
  proxy_get_metric: entry("`counter.value`, `gauge.value`", proofs.METRICS),
  proxy_set_effective_context: entry(
    "- the SDK calls it before an answer's callback",
    proofs.CALLOUTS,
  ),
  proxy_done: entry("`plugin.done`", proofs.PLUGIN_END),
  proxy_call_foreign_function: entry("`foreign`, `foreign.callForeignFunction`", proofs.FOREIGN),
  proxy_continue_stream: entry("`continueRequest`, `continueResponse`", proofs.STREAMS),
  proxy_close_stream: entry("`closeRequest`, `closeResponse`", proofs.STREAMS),
  envoy_resolve_dns: entry("`DnsLookup`", proofs.DNS),
  pthread_equal: entry("- for C; modules of the SDK have one thread", proofs.LINKS),
  emscripten_notify_memory_growth: entry("- for Emscripten; Envoy does nothing", proofs.LINKS),
  clock_time_get: entry("`monotonicNanoseconds`", proofs.SYSTEM),
  environ_get: entry("`environment`", proofs.SYSTEM),
  environ_sizes_get: entry("`environment`", proofs.SYSTEM),
  random_get: entry("`randomBytes`, `fillRandom`", proofs.SYSTEM),
  fd_write: entry("- writes to Envoy's log; `log` has levels", proofs.WASI),
};

/** Of ABI 0.1.0 alone: a module of a later version that imports one of them is refused. */
export const HOST_CALLS_0_1_0: Readonly<Record<string, string>> = {
  proxy_get_configuration: "`Configuration`",
  proxy_continue_request: "`continueRequest`",
  proxy_continue_response: "`continueResponse`",
  proxy_clear_route_cache: "`foreign.clearRouteCache`",
};

/** What Envoy calls. */
export const CALLBACKS: Readonly<Record<string, Entry>> = {
  _initialize: entry("- code at top level", proofs.PLUGIN_ORDER),
  _start: entry("- taken in the place of `_initialize`, which a build has", proofs.LINKS),
  main: entry("- for C", proofs.LINKS),
  __main_void: entry("- for C", proofs.MISFITS),
  malloc: entry("- the SDK's allocator for the host", proofs.HEADERS),
  proxy_on_memory_allocate: entry("- taken in the place of `malloc`", proofs.LINKS),
  proxy_on_context_create: entry("constructors of filters and plugins", proofs.GET),
  proxy_on_vm_start: entry("`onStart`", proofs.PLUGIN_LIFE),
  proxy_validate_configuration: entry(
    "- Envoy calls it before `proxy_on_configure` only where it is exported",
    proofs.LINKS,
  ),
  proxy_on_configure: entry("`onConfigure`", proofs.PLUGIN_LIFE),
  proxy_on_tick: entry("`onTick`, `Timer`", proofs.TIMERS),
  proxy_on_new_connection: entry("`onNewConnection`", proofs.TCP_HOLD),
  proxy_on_downstream_data: entry("`onDownstreamData`", proofs.TCP_EDIT),
  proxy_on_upstream_data: entry("`onUpstreamData`", proofs.TCP_EDIT),
  proxy_on_downstream_connection_close: entry("`onDownstreamClose`", proofs.TCP_CLOSE),
  proxy_on_upstream_connection_close: entry("`onUpstreamClose`", proofs.TCP_CLOSE),
  proxy_on_request_headers: entry("`onRequestHeaders`", proofs.HEADERS),
  proxy_on_request_body: entry("`onRequestBody`", proofs.BODIES),
  proxy_on_request_trailers: entry("`onRequestTrailers`", proofs.TRAILERS),
  proxy_on_request_metadata: entry("`onRequestMetadata`", proofs.METADATA),
  proxy_on_response_headers: entry("`onResponseHeaders`", proofs.HEADERS),
  proxy_on_response_body: entry("`onResponseBody`", proofs.BODIES),
  proxy_on_response_trailers: entry("`onResponseTrailers`", proofs.TRAILERS),
  proxy_on_response_metadata: entry("`onResponseMetadata`", proofs.METADATA),
  proxy_on_http_call_response: entry("`onResponse`, `onFailure` of `HttpCallout`", proofs.CALLOUTS),
  proxy_on_grpc_receive_initial_metadata: entry("`onInitialMetadata`", proofs.GRPC),
  proxy_on_grpc_receive: entry("`onMessage`, `onResponse`", proofs.GRPC),
  proxy_on_grpc_receive_trailing_metadata: entry("`onTrailingMetadata`", proofs.GRPC),
  proxy_on_grpc_close: entry("`onClose`, `onFailure`", proofs.GRPC),
  proxy_on_queue_ready: entry("`onQueueReady` of `SharedQueue`", proofs.SHARED),
  proxy_on_foreign_function: entry("- nothing in Envoy calls it", proofs.LINKS),
  proxy_on_done: entry("`onDone`", proofs.PLUGIN_END),
  proxy_on_log: entry(
    "`onLog`; onAccessLog of a plugin that is an access logger",
    proofs.ONE_OBJECT,
  ),
  proxy_on_delete: entry("`onDelete`", proofs.ONE_OBJECT),
  envoy_on_resolve_dns: entry("`DnsLookup`", proofs.DNS),
  envoy_on_stats_update: entry("`onStats`", proofs.STATS),
};

/** The same proof for several values. */
function by(proof: string, ...members: readonly string[]): Record<string, string> {
  return Object.fromEntries(members.map((member) => [member, proof]));
}

/** The proof of each value of each enum. */
export const ENUMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Status: by(
    proofs.STATUSES,
    ...["Ok", "NotFound", "BadArgument", "SerializationFailure", "ParseFailure"],
    ...["InvalidMemoryAccess", "Empty", "CasMismatch", "InternalFailure", "Unimplemented"],
  ),
  LogLevel: by(proofs.LEVELS, "Trace", "Debug", "Info", "Warn", "Error", "Critical"),
  MapType: {
    ...by(proofs.HEADERS, "RequestHeaders", "ResponseHeaders"),
    ...by(proofs.TRAILERS, "RequestTrailers", "ResponseTrailers"),
    ...by(proofs.GRPC, "GrpcReceiveInitialMetadata", "GrpcReceiveTrailingMetadata"),
    ...by(proofs.CALLOUT_BYTES, "HttpCallResponseHeaders", "HttpCallResponseTrailers"),
  },
  BufferType: {
    ...by(proofs.BODIES, "HttpRequestBody", "HttpResponseBody"),
    ...by(proofs.TCP_EDIT, "DownstreamData", "UpstreamData"),
    ...by(proofs.CALLOUT_BYTES, "HttpCallResponseBody"),
    ...by(proofs.GRPC, "GrpcReceive"),
    ...by(proofs.PLUGIN_LIFE, "VmConfiguration", "PluginConfiguration"),
    ...by(proofs.DNS, "CallData"),
  },
  MetricType: by(proofs.METRICS, "Counter", "Gauge", "Histogram"),
  StreamType: {
    ...by(proofs.STREAMS, "HttpRequest", "HttpResponse"),
    ...by(proofs.TCP_CLOSE, "Downstream", "Upstream"),
  },
  Action: {
    ...by(proofs.STREAMS, "Continue", "StopIteration"),
    ...by(proofs.STOP_ALL, "StopAllIterationAndBuffer", "StopAllIterationAndWatermark"),
  },
  BodyAction: by(
    proofs.STREAMS,
    ...["Continue", "StopIterationAndBuffer", "StopIterationAndWatermark", "StopIterationNoBuffer"],
  ),
  TrailersAction: {
    ...by(proofs.STREAMS, "Continue"),
    ...by(
      "order.test.ts: trailers that are held go on when the stream is continued",
      "StopIteration",
    ),
  },
  NetworkAction: {
    ...by(proofs.TCP_EDIT, "Continue"),
    ...by(proofs.TCP_HOLD, "StopIteration"),
  },
  ClosePeer: by(proofs.TCP_CLOSE, "Unknown", "Local", "Remote"),
  CalloutFailureReason: by(proofs.CALLOUT_FAILURES, "Timeout", "Unreachable", "Reset"),
  GrpcCode: {
    ...by(proofs.GRPC, "Ok"),
    ...by(
      proofs.GRPC_CODES,
      ...["Cancelled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound"],
      ...["AlreadyExists", "PermissionDenied", "ResourceExhausted", "FailedPrecondition"],
      ...["Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss"],
      "Unauthenticated",
    ),
  },
  HashFunction: by(proofs.FOREIGN, "Sha1", "Sha224", "Sha256", "Sha384", "Sha512"),
  LifeSpan: {
    ...by(proofs.FOREIGN, "FilterChain", "DownstreamConnection"),
    ...by(proofs.DECLARED, "DownstreamRequest"),
  },
  PropertyType: by(proofs.DECLARED, "Bytes", "String", "FlatBuffers", "Protobuf"),
  ListenerDirection: by(proofs.DIRECTION, "Unspecified", "Inbound", "Outbound"),
};

/** Enums outside of the helpers that are the SDK's own and reach no host. */
export const NOT_OF_THE_ABI: ReadonlySet<string> = new Set(["GrpcEvent"]);

/** Foreign functions of Envoy: the test has all of them. */
export const FOREIGN_FUNCTIONS: Readonly<Record<string, Entry>> = {
  compress: entry("`foreign.compress`", proofs.FOREIGN),
  uncompress: entry("`foreign.uncompress`", proofs.FOREIGN),
  verify_signature: entry("`foreign.verifySignature`", proofs.FOREIGN),
  sign: entry("`foreign.sign`", proofs.FOREIGN),
  set_envoy_filter_state: entry("`foreign.setEnvoyFilterState`", proofs.FOREIGN),
  clear_route_cache: entry("`foreign.clearRouteCache`", proofs.FOREIGN),
  declare_property: entry("`foreign.declareProperty`", proofs.DECLARED),
  expr_create: entry("`Expression.compile`", proofs.FOREIGN),
  expr_evaluate: entry("`method.bool`, `port.integer`, `path.text`", proofs.FOREIGN),
  expr_delete: entry("`half.delete`", proofs.FOREIGN),
};

/** Properties that are known with TLS only. */
export const TLS_PROPERTIES =
  /^(?:connection|upstream)\.(?:mtls|tls_version|requested_server_name|.*certificate.*)$/;

/** Properties whose value no test provokes: shown is that they are absent, and harm nothing. */
export const ABSENT_PROPERTIES: ReadonlySet<string> = new Set([
  "connection.termination_details",
  "connection.transport_failure_reason",
]);

// Which callbacks a module exports. Envoy calls into the VM for every one that is exported, so only
// those that the filter overrides are.

/** The methods of the SDK any of whose overrides makes a callback worth exporting. */
const METHODS_OF_CALLBACK: readonly (readonly [callback: string, method: string])[] = [
  ["proxy_on_request_headers", "http/filter/HttpFilter#onRequestHeaders"],
  ["proxy_on_request_body", "http/filter/HttpFilter#onRequestBody"],
  ["proxy_on_request_trailers", "http/filter/HttpFilter#onRequestTrailers"],
  ["proxy_on_response_headers", "http/filter/HttpFilter#onResponseHeaders"],
  ["proxy_on_response_body", "http/filter/HttpFilter#onResponseBody"],
  ["proxy_on_response_trailers", "http/filter/HttpFilter#onResponseTrailers"],
  ["proxy_on_request_metadata", "http/filter/HttpFilter#onRequestMetadata"],
  ["proxy_on_response_metadata", "http/filter/HttpFilter#onResponseMetadata"],
  ["proxy_on_new_connection", "network/filter/TcpFilter#onNewConnection"],
  ["proxy_on_downstream_data", "network/filter/TcpFilter#onDownstreamData"],
  ["proxy_on_upstream_data", "network/filter/TcpFilter#onUpstreamData"],
  ["proxy_on_downstream_connection_close", "network/filter/TcpFilter#onDownstreamClose"],
  ["proxy_on_upstream_connection_close", "network/filter/TcpFilter#onUpstreamClose"],
  ["proxy_on_log", "plugin/stream-context/StreamContext#onLog"],
  ["proxy_on_delete", "plugin/stream-context/StreamContext#onDelete"],
  ["proxy_on_vm_start", "plugin/plugin/Plugin#onStart"],
  ["proxy_on_configure", "plugin/plugin/Plugin#onConfigure"],
  ["proxy_on_log", "plugin/plugin/Plugin#onAccessLog"],
  ["envoy_on_stats_update", "plugin/plugin/Plugin#onStats"],
  ["proxy_on_done", "plugin/plugin/Plugin#onDone"],
  ["proxy_on_delete", "plugin/plugin/Plugin#onDelete"],
];

/** The calls that a callback brings the answers to, and the file under `abi/callbacks` it is in. */
interface Answer {
  readonly file: string;
  readonly calls: readonly string[];
  /** The method of the SDK whose override takes the answer; none where the call is enough. */
  readonly method?: string;
  /** Whether what was called for belongs to a plugin, so that the plugins must be known. */
  readonly ofPlugin?: true;
}

const HTTP_CALL = "callout/http-callout/HttpCallout#send";
const GRPC_STREAM = "callout/grpc-stream/GrpcStream#open";
const GRPC = { file: "callouts", calls: ["callout/grpc-call/GrpcCall#send", GRPC_STREAM] };
const ANSWERS: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ["proxy_on_http_call_response", { file: "callouts", calls: [HTTP_CALL] }],
  [
    "proxy_on_grpc_receive_initial_metadata",
    {
      file: "callouts",
      calls: [GRPC_STREAM],
      method: "callout/grpc-stream/GrpcStream#onInitialMetadata",
    },
  ],
  ["proxy_on_grpc_receive", GRPC],
  [
    "proxy_on_grpc_receive_trailing_metadata",
    {
      file: "callouts",
      calls: [GRPC_STREAM],
      method: "callout/grpc-stream/GrpcStream#onTrailingMetadata",
    },
  ],
  ["proxy_on_grpc_close", GRPC],
  ["envoy_on_resolve_dns", { file: "envoy", calls: ["callout/dns-lookup/DnsLookup#resolve"] }],
  ["proxy_on_tick", { file: "plugin", calls: ["plugin/schedule/schedule"], ofPlugin: true }],
  [
    "proxy_on_queue_ready",
    { file: "plugin", calls: ["shared/shared-queue/SharedQueue#register"], ofPlugin: true },
  ],
]);

/** The calls that make a callback worth exporting whether its method is overridden or not. */
const CALL_FOR_CALLBACK: readonly (readonly [callback: string, call: string])[] = [
  ["proxy_on_request_body", "http/whole-body-filter/WholeBodyFilter#holdRequestBody"],
  ["proxy_on_request_trailers", "http/whole-body-filter/WholeBodyFilter#holdRequestBody"],
  ["proxy_on_response_body", "http/whole-body-filter/WholeBodyFilter#holdResponseBody"],
  ["proxy_on_response_trailers", "http/whole-body-filter/WholeBodyFilter#holdResponseBody"],
];

/** Where the names of the SDK's own functions start. */
export const SDK_FUNCTION_PREFIX = "~lib/as-proxy-wasm/assembly/";

/** The SDK's own methods, whose overrides are looked for. */
const DEFAULTS = new Set(
  [
    ...METHODS_OF_CALLBACK.map(([, method]) => method),
    ...[...ANSWERS.values()].map(({ method }) => method ?? ""),
  ].map((method) => SDK_FUNCTION_PREFIX + method),
);

/** What top-level code registered. */
export interface Registration {
  readonly name: string;
  /** Whether all streams share one filter, so that no stream needs a context of its own. */
  readonly shared: boolean;
}

/**
 * Whether a class of the author's overrides a method of the SDK. Only reached methods are compiled,
 * with their names: where the SDK's default is in the module and no other class's method of that
 * name is, nothing overrides it. When the default itself is not found (a compiler that names
 * functions otherwise), the answer is yes: that costs speed, never behaviour.
 */
function isOverridden(method: string, functions: ReadonlySet<string>): boolean {
  const own = SDK_FUNCTION_PREFIX + method;
  if (!functions.has(own)) return true;
  const suffix = method.slice(method.indexOf("#"));
  for (const name of functions) {
    if (name.endsWith(suffix) && !DEFAULTS.has(name)) return true;
  }
  return false;
}

/**
 * Whether the module makes a call that a callback answers, and takes what it brings. As above: when
 * the callback itself is not found by its name, the answer is yes.
 */
function isAwaited(
  callback: string,
  { file, calls, method }: Answer,
  functions: ReadonlySet<string>,
): boolean {
  if (!functions.has(`${SDK_FUNCTION_PREFIX}abi/callbacks/${file}/${callback}`)) return true;
  if (!calls.some((call) => functions.has(SDK_FUNCTION_PREFIX + call))) return false;
  return method === undefined || isOverridden(method, functions);
}

/** The exports that the module does without, of those that it has. */
export function needlessExports(
  functions: ReadonlySet<string>,
  registrations: readonly Registration[],
): string[] {
  const needless = new Set(METHODS_OF_CALLBACK.map(([callback]) => callback));
  for (const [callback, method] of METHODS_OF_CALLBACK) {
    if (isOverridden(method, functions)) needless.delete(callback);
  }
  for (const [callback, call] of CALL_FOR_CALLBACK) {
    if (functions.has(SDK_FUNCTION_PREFIX + call)) needless.delete(callback);
  }
  let awaits = false;
  let ofPlugin = false;
  for (const [callback, answer] of ANSWERS) {
    if (isAwaited(callback, answer, functions)) {
      awaits = true;
      if (answer.ofPlugin) ofPlugin = true;
    } else needless.add(callback);
  }
  // With several registrations, the root_id is checked when the plugin is configured.
  if (registrations.length > 1) needless.delete("proxy_on_configure");
  const overridesEnd = !needless.has("proxy_on_log") || !needless.has("proxy_on_delete");
  const [only] = registrations;
  if (registrations.length === 1 && only?.shared && !overridesEnd) {
    // One filter serves every stream, and needs no plugin that was configured.
    if (needless.has("proxy_on_configure") && !ofPlugin) needless.add("proxy_on_context_create");
    // What answers callouts must know which streams are gone, and timers which plugins.
    if (awaits) needless.delete("proxy_on_delete");
  } else {
    // Streams and plugins are known by their contexts, which must be forgotten again.
    needless.delete("proxy_on_delete");
  }
  return [...needless];
}

// Which callbacks a module exports. Envoy calls into the VM for every one that is exported, so only
// those that the filter overrides are.

/** The method of the SDK whose override makes a callback worth exporting. */
const METHOD_OF_CALLBACK: ReadonlyMap<string, string> = new Map([
  ["proxy_on_request_headers", "http/filter/HttpFilter#onRequestHeaders"],
  ["proxy_on_response_headers", "http/filter/HttpFilter#onResponseHeaders"],
  ["proxy_on_log", "plugin/stream-context/StreamContext#onLog"],
  ["proxy_on_delete", "plugin/stream-context/StreamContext#onDelete"],
  ["proxy_on_configure", "plugin/plugin/Plugin#onConfigure"],
]);

/** Where the names of the SDK's own functions start. */
export const SDK_FUNCTION_PREFIX = "~lib/as-proxy-wasm/assembly/";

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
    if (name.endsWith(suffix) && name !== own) return true;
  }
  return false;
}

/** The exports that the module does without, of those that it has. */
export function needlessExports(
  functions: ReadonlySet<string>,
  registrations: readonly Registration[],
): string[] {
  const needless = new Set<string>();
  for (const [callback, method] of METHOD_OF_CALLBACK) {
    if (!isOverridden(method, functions)) needless.add(callback);
  }
  // With several registrations, the root_id is checked when the plugin is configured.
  if (registrations.length > 1) needless.delete("proxy_on_configure");
  const overridesEnd = !needless.has("proxy_on_log") || !needless.has("proxy_on_delete");
  const [only] = registrations;
  if (registrations.length === 1 && only?.shared && !overridesEnd) {
    // One filter serves every stream, and needs no plugin that was configured.
    if (needless.has("proxy_on_configure")) needless.add("proxy_on_context_create");
  } else {
    // Streams and plugins are known by their contexts, which must be forgotten again.
    needless.delete("proxy_on_delete");
  }
  return [...needless];
}

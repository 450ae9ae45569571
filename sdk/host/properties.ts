// Properties by their paths. Of Envoy's attributes those that a stream on this host has; further ones as
// the test sets them.
import { Status } from "./abi.ts";
import { bytesOf, fromLatin1, int64 } from "./bytes.ts";
import type { Context } from "./contexts/context.ts";
import type { HeaderMap } from "./http/header-map.ts";

/** A property as a test gives it: text as UTF-8, numbers as 64 bits, true and false as a byte. */
export type PropertyValue = string | number | bigint | boolean | Uint8Array;

/** What a stream's properties are read from. */
export interface PropertySource {
  readonly connectionId: number;
  /** Null where there is none: on a TCP connection. */
  readonly protocol: string | null;
  readonly requestHeaders: HeaderMap | null;
  readonly responseHeaders: HeaderMap | null;
  /** The status that the upstream or a local response has; null before. */
  readonly responseCode: number | null;
  readonly responseTrailers: HeaderMap | null;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Nanoseconds since 1970. */
  readonly startTime: bigint;
  /** Nanoseconds; null while the stream lives. */
  readonly duration: bigint | null;
  /** Why the response is what it is; null while there is none. */
  readonly responseDetails: string | null;
  /** What `proxy_set_property` set, by name. */
  readonly state: ReadonlyMap<string, Uint8Array>;
  /** Envoy's own objects of the filter state, by name. */
  readonly filterState: ReadonlyMap<string, Uint8Array | null>;
  /** What the test set, by path with dots. */
  readonly given: ReadonlyMap<string, Uint8Array>;
}

/** What filters set has this before its name in the filter state. */
const OWN_PREFIX = "wasm.";

type Getter = (source: PropertySource) => Uint8Array | string | null;

/** The bytes of a value as Envoy has them. */
export function propertyBytes(value: PropertyValue): Uint8Array {
  if (typeof value === "boolean") return Uint8Array.of(value ? 1 : 0);
  if (typeof value === "number" || typeof value === "bigint") return int64(value);
  return bytesOf(value);
}

const requestHeader =
  (name: string): Getter =>
  ({ requestHeaders }) =>
    requestHeaders?.get(name) ?? null;

function urlPath({ requestHeaders }: PropertySource): string | null {
  return requestHeaders?.get(":path")?.replace(/\?.*/s, "") ?? null;
}

function query({ requestHeaders }: PropertySource): string | null {
  const path = requestHeaders?.get(":path") ?? null;
  if (path === null) return null;
  const at = path.indexOf("?");
  return at < 0 ? "" : path.slice(at + 1).replace(/#.*/s, "");
}

const GETTERS: ReadonlyMap<string, Getter> = new Map<string, Getter>([
  ["request.path", requestHeader(":path")],
  ["request.url_path", urlPath],
  ["request.query", query],
  ["request.host", requestHeader(":authority")],
  ["request.scheme", requestHeader(":scheme")],
  ["request.method", requestHeader(":method")],
  ["request.referer", requestHeader("referer")],
  ["request.useragent", requestHeader("user-agent")],
  ["request.id", requestHeader("x-request-id")],
  ["request.protocol", ({ protocol }) => protocol],
  ["request.time", ({ startTime }) => int64(startTime)],
  ["request.duration", ({ duration }) => (duration === null ? null : int64(duration))],
  ["request.size", ({ requestBytes }) => int64(requestBytes)],
  [
    "request.total_size",
    ({ requestBytes, requestHeaders }) => int64(requestBytes + (requestHeaders?.byteSize ?? 0)),
  ],
  [
    "response.code",
    ({ responseCode }: PropertySource) => (responseCode === null ? null : int64(responseCode)),
  ],
  ["response.code_details", ({ responseDetails }) => responseDetails],
  ["response.flags", () => int64(0)],
  ["response.size", ({ responseBytes }) => int64(responseBytes)],
  [
    "response.total_size",
    ({ responseBytes, responseHeaders, responseTrailers }) =>
      int64(responseBytes + (responseHeaders?.byteSize ?? 0) + (responseTrailers?.byteSize ?? 0)),
  ],
  ["source.address", () => "127.0.0.1:50000"],
  ["source.port", () => int64(50000)],
  ["destination.address", () => "127.0.0.1:10000"],
  ["destination.port", () => int64(10000)],
  ["connection.id", ({ connectionId }) => int64(connectionId)],
  ["connection.mtls", () => Uint8Array.of(0)],
  ["connection_id", ({ connectionId }) => int64(connectionId)],
]);

/** The parts of paths that are maps of headers: `request.headers` and one name behind it. */
const MAPS: ReadonlyMap<string, (source: PropertySource) => HeaderMap | null> = new Map([
  ["request.headers", (source: PropertySource) => source.requestHeaders],
  ["response.headers", (source: PropertySource) => source.responseHeaders],
  ["response.trailers", (source: PropertySource) => source.responseTrailers],
]);

function fromMap(source: PropertySource, parts: readonly string[]): Uint8Array | null {
  const [first = "", second = "", name, ...more] = parts;
  const map = MAPS.get(`${first}.${second}`);
  if (map === undefined || name === undefined || more.length > 0) return null;
  const values = map(source)?.getAll(name) ?? [];
  return values.length === 0 ? null : fromLatin1(values.join(","));
}

/** Filter state by its key: what filters set stands there with a prefix. */
function filterState(
  { filterState: objects, state }: PropertySource,
  key: string,
): Uint8Array | null {
  const own = key.startsWith(OWN_PREFIX) ? state.get(key.slice(OWN_PREFIX.length)) : undefined;
  return own ?? objects.get(key) ?? null;
}

/** Sets a property of the filter's own, if it may be set again. */
export function keepProperty(
  state: Map<string, Uint8Array>,
  root: Context,
  path: string,
  value: Uint8Array,
): Status {
  if (state.has(path) && root.declared.get(path)?.readonly === true) return Status.BadArgument;
  state.set(path, value);
  return Status.Ok;
}

/** The value of a path whose parts are joined by NUL; null when there is none. */
export function readProperty(context: Context, path: string): Uint8Array | null {
  // A NUL at the end is taken for the end.
  const parts = path.replace(/\0$/, "").split("\0");
  const [first = ""] = parts;
  const identity = context.root?.identity;
  if (parts.length === 1 && identity !== undefined) {
    if (first === "plugin_name") return bytesOf(identity.name);
    if (first === "plugin_root_id") return bytesOf(identity.rootId);
    if (first === "plugin_vm_id") return bytesOf(identity.vmId);
  }
  const source = context.properties;
  if (source === null) return null;
  const dotted = parts.join(".");
  const given = source.given.get(dotted);
  if (given !== undefined) return given;
  if (first === "filter_state" && parts.length === 2) return filterState(source, parts[1] ?? "");
  const value = GETTERS.get(dotted)?.(source) ?? fromMap(source, parts);
  if (value !== null) return typeof value === "string" ? fromLatin1(value) : value;
  return parts.length === 1 ? (source.state.get(first) ?? null) : null;
}

// Properties by their path, for those that have no typed getter.
import { Status } from "../abi/enums";
import { proxy_set_property } from "../abi/hostcalls/properties";
import { takeBytes, takeString } from "../runtime/bytes";
import { release, reserve, resultData } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";
import { toBytesMap, toList, toMap } from "./encoding";
import { lookUp, takeBool, takeInteger } from "./read";

/** Asks for the property at `path`; no property has a part with a NUL in it. */
function ask(path: string[]): bool {
  for (let i = 0; i < path.length; i++) {
    if (path[i].indexOf("\0") >= 0) return false;
  }
  return lookUp(path.join("\0"));
}

/**
 * Whether there is a property at `path`, one text a part:
 *
 * ```ts
 * if (properties.has(["request", "headers", "x-debug"])) log.info("asked to debug");
 * ```
 */
export function has(path: string[]): bool {
  if (!ask(path)) return false;
  release(resultData());
  return true;
}

/** The text at `path`, its bytes read as UTF-8; `null` when it is absent. */
export function getText(path: string[]): string | null {
  return ask(path) ? takeString() : null;
}

/**
 * The bytes at `path` as the host encodes them; `null` when it is absent. Numbers, durations and
 * times have eight bytes (little endian), truth values one, messages are in protobuf's wire format.
 */
export function getBytes(path: string[]): Uint8Array | null {
  return ask(path) ? takeBytes() : null;
}

/**
 * The whole number at `path`, also a duration or a time (since 1970) in nanoseconds; `absent` when
 * there is none. The property's type is the host's: numbers in metadata are of `getDouble`.
 */
export function getInteger(path: string[], absent: i64 = -1): i64 {
  return ask(path) ? takeInteger(absent) : absent;
}

/** The floating point number at `path`; `absent` when there is none. */
export function getDouble(path: string[], absent: f64 = NaN): f64 {
  return ask(path) ? reinterpret<f64>(takeInteger(reinterpret<i64>(absent))) : absent;
}

/** The truth value at `path`; `absent` when there is none. */
export function getBool(path: string[], absent: bool = false): bool {
  return ask(path) ? takeBool(absent) : absent;
}

/**
 * The map of texts at `path`, in no order; `null` when it is absent, empty when it is no map. Envoy
 * cannot hand over a map with a null in it: read such a one by its keys.
 */
export function getMap(path: string[]): Map<string, string> | null {
  return ask(path) ? toMap() : null;
}

/** As `getMap`, with each value as the host encodes it (see `getBytes`). */
export function getBytesMap(path: string[]): Map<string, Uint8Array> | null {
  return ask(path) ? toBytesMap() : null;
}

/** The list of texts at `path`; `null` when it is absent, empty when it is no list. */
export function getList(path: string[]): string[] | null {
  return ask(path) ? toList() : null;
}

/**
 * Keeps `value` for the rest of the stream, for the filters after this one and for access logs:
 * read back by `getText([key])`, logged by `%FILTER_STATE(wasm.KEY:PLAIN)%`. Each filter of the
 * stream sees the same keys. Declare a key by `foreign.declareProperty` to choose its type and how
 * long it lives; undeclared ones are bytes.
 *
 * Only from the callbacks of a stream: elsewhere `NotFound`. `BadArgument` for a key with a NUL.
 */
export function set(key: string, value: string): Status {
  if (key.indexOf("\0") >= 0) return Status.BadArgument;
  const path = reserve(maxUtf8Size(key.length + value.length));
  const pathSize = encodeUtf8(key, path);
  const data = path + pathSize;
  const status = proxy_set_property(path, pathSize, data, encodeUtf8(value, data));
  release(path);
  return status;
}

/** As `set`, with the value as bytes. */
export function setBytes(key: string, value: Uint8Array): Status {
  if (key.indexOf("\0") >= 0) return Status.BadArgument;
  const path = reserve(maxUtf8Size(key.length));
  const status = proxy_set_property(path, encodeUtf8(key, path), value.dataStart, value.length);
  release(path);
  return status;
}

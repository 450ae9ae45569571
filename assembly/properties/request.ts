// What Envoy knows of the request, in the callbacks of the request and in `onLog`. In between, in
// those of the response, only `protocol` and `time` are there: keep what is needed of the rest in a
// field of the filter.
import { readInteger, readMap, readText, readTextIn } from "./read";

/** The path with its query, as in `:path`; `null` when there is no request. */
export function path(): string | null {
  return readText("request\0path");
}

/** The path without its query. */
export function urlPath(): string | null {
  return readText("request\0url_path");
}

/** The query without its `?`; `""` when there is none. */
export function query(): string | null {
  return readText("request\0query");
}

/** The host, as in `:authority`. */
export function host(): string | null {
  return readText("request\0host");
}

/** `http` or `https`. */
export function scheme(): string | null {
  return readText("request\0scheme");
}

/** The method: `GET`, ... */
export function method(): string | null {
  return readText("request\0method");
}

/** `HTTP/1.0`, `HTTP/1.1`, `HTTP/2` or `HTTP/3`. */
export function protocol(): string | null {
  return readText("request\0protocol");
}

/** The header `referer`; `null` when there is none. */
export function referer(): string | null {
  return readText("request\0referer");
}

/** The header `user-agent`; `null` when there is none. */
export function userAgent(): string | null {
  return readText("request\0useragent");
}

/** The header `x-request-id`, which Envoy makes unless it is told otherwise. */
export function id(): string | null {
  return readText("request\0id");
}

/** The header `name` in lower case, its values joined by commas; `null` when there is none. */
export function header(name: string): string | null {
  return readTextIn("request\0headers", name);
}

/** All headers by their names in lower case, in no order, repeated ones joined by commas. */
export function headers(): Map<string, string> | null {
  return readMap("request\0headers");
}

/** Bytes of the headers, names and values without what HTTP puts around them. */
export function headersSize(absent: i64 = -1): i64 {
  return readInteger("request\0headers_bytes", absent);
}

/** When the first byte of the request came: nanoseconds since 1970. */
export function time(absent: i64 = -1): i64 {
  return readInteger("request\0time", absent);
}

/** From the first byte of the request to the end of the stream, in nanoseconds; only in `onLog`. */
export function duration(absent: i64 = -1): i64 {
  return readInteger("request\0duration", absent);
}

/** The body's bytes: those of `content-length` where it is given, else those that have come. */
export function size(absent: i64 = -1): i64 {
  return readInteger("request\0size", absent);
}

/** Bytes of headers and body; complete in `onLog`. */
export function totalSize(absent: i64 = -1): i64 {
  return readInteger("request\0total_size", absent);
}

// What Envoy knows of the response: from `onResponseHeaders` on, sizes and details in `onLog`.
import { readInteger, readMap, readText, readTextIn } from "./read";

/** The status: 200, ... */
export function code(absent: i64 = -1): i64 {
  return readInteger("response\0code", absent);
}

/** Why the response is as it is, in Envoy's words: `via_upstream`, `route_not_found`, ... */
export function codeDetails(): string | null {
  return readText("response\0code_details");
}

/** Envoy's response flags (`%RESPONSE_FLAGS%`) as bits. */
export function flags(absent: i64 = -1): i64 {
  return readInteger("response\0flags", absent);
}

/** The gRPC status, 0 to 16; where no gRPC is spoken, what Envoy takes the HTTP status for. */
export function grpcStatus(absent: i64 = -1): i64 {
  return readInteger("response\0grpc_status", absent);
}

/** The header `name` in lower case, its values joined by commas; `null` when there is none. */
export function header(name: string): string | null {
  return readTextIn("response\0headers", name);
}

/** All headers by their names in lower case, in no order, repeated ones joined by commas. */
export function headers(): Map<string, string> | null {
  return readMap("response\0headers");
}

/** Bytes of the headers, names and values without what HTTP puts around them. */
export function headersSize(absent: i64 = -1): i64 {
  return readInteger("response\0headers_bytes", absent);
}

/** The trailer `name` in lower case, its values joined by commas; `null` when there is none. */
export function trailer(name: string): string | null {
  return readTextIn("response\0trailers", name);
}

/** All trailers by their names, as `headers`; empty when there are none. */
export function trailers(): Map<string, string> | null {
  return readMap("response\0trailers");
}

/** The body's bytes that have been sent. */
export function size(absent: i64 = -1): i64 {
  return readInteger("response\0size", absent);
}

/** Bytes of headers, body and trailers; complete in `onLog`. */
export function totalSize(absent: i64 = -1): i64 {
  return readInteger("response\0total_size", absent);
}

/** From the last byte sent to the upstream to the first of its answer, in nanoseconds; in `onLog`. */
export function backendLatency(absent: i64 = -1): i64 {
  return readInteger("response\0backend_latency", absent);
}

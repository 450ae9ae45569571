import type { LocalResponse } from "../contexts/context.ts";
import { HeaderMap } from "./header-map.ts";

const GRPC_OK = 0;
const LAST_GRPC_STATUS = 16;
const GRPC_UNKNOWN = 2;

/** The gRPC statuses that Envoy makes of HTTP's. */
const GRPC_STATUS: ReadonlyMap<number, number> = new Map([
  [400, 13],
  [401, 16],
  [403, 7],
  [404, 12],
  [429, 14],
  [502, 14],
  [503, 14],
  [504, 14],
]);

/** The gRPC status of an answer that has none but HTTP's. */
export function grpcStatusOf(status: number): number {
  return GRPC_STATUS.get(status) ?? GRPC_UNKNOWN;
}

/** A local response as it enters the response's filters. */
export interface LocalReply {
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
}

/** Whether a request is one of gRPC. */
export function isGrpc(headers: HeaderMap | null): boolean {
  const type = headers?.get("content-type") ?? "";
  return type === "application/grpc" || type.startsWith("application/grpc+");
}

/** What Envoy says of an upstream whose connection fails or breaks before it has answered. */
export function resetBeforeHeaders(reason: string): string {
  return `upstream connect error or disconnect/reset before headers. reset reason: ${reason}`;
}

/** A local response of Envoy's own. */
export function ownReply(status: number, details: string, text: string): LocalResponse {
  return { status, details, body: Buffer.from(text), headers: [], grpcStatus: -1 };
}

/** The request that is answered. */
interface Answered {
  readonly isGrpc: boolean;
  readonly isHead: boolean;
}

/** Makes what Envoy makes of a local response: of one to gRPC, headers that carry its status. */
export function localReply(response: LocalResponse, to: Answered): LocalReply {
  const headers = new HeaderMap("response headers", [
    [":status", String(response.status)],
    ...response.headers,
  ]);
  const { body } = response;
  if (to.isGrpc) {
    const given = response.grpcStatus >= GRPC_OK && response.grpcStatus <= LAST_GRPC_STATUS;
    const mapped = grpcStatusOf(response.status);
    headers.set(":status", "200");
    headers.set("content-type", "application/grpc");
    if (headers.get("grpc-status") === null) {
      headers.set("grpc-status", String(given ? response.grpcStatus : mapped));
    }
    if (body.length > 0 && !to.isHead) headers.set("grpc-message", percentEncoded(body));
    headers.remove("content-length");
    return { headers, body: new Uint8Array(0) };
  }
  if (body.length > 0) {
    headers.set("content-length", String(body.length));
    if (headers.get("content-type") === null) headers.set("content-type", "text/plain");
  } else {
    headers.remove("content-length");
    headers.remove("content-type");
  }
  return { headers, body };
}

/** As in gRPC over HTTP/2: what is not printable ASCII, and the percent sign, in hexadecimal. */
function percentEncoded(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte <= 0x7e && byte !== 0x25
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

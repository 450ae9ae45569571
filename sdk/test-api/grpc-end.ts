import { ToolError } from "../errors.ts";
import type { HeadersInit } from "../host/http/header-map.ts";
import type { GrpcEnd } from "./grpc-api.ts";

/** The last of gRPC's codes: UNAUTHENTICATED. */
const LAST_CODE = 16;

/** How a call ends, in the form that gRPC has on the wire. */
export interface WireEnd {
  readonly status: number;
  /** As `grpc-message`; empty for none. */
  readonly message: string;
  readonly trailers: HeadersInit;
}

/** Checks how a test ends a call, and encodes its message as every service does. */
export function wireEnd({ status = 0, message = "", trailers = [] }: GrpcEnd): WireEnd {
  if (!Number.isInteger(status) || status < 0 || status > LAST_CODE) {
    throw new ToolError("ERR_USAGE", `${status} is no code of gRPC`, {
      hint: "Close it with a status of 0 (OK) to 16 (UNAUTHENTICATED).",
    });
  }
  return { status, message: percentEncoded(message), trailers };
}

/** Printable ASCII as it is, but for `%`; the other bytes of UTF-8 as `%C3`. */
function percentEncoded(message: string): string {
  return Array.from(Buffer.from(message), (byte) => {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    return plain
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

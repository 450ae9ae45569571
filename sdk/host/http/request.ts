import { bytesOf } from "../bytes.ts";
import type { Bytes } from "../bytes.ts";
import { lowerCase, pairsOf } from "./header-map.ts";
import type { Header, HeadersInit } from "./header-map.ts";
import type { Upstream } from "./upstream.ts";

/** A request as a client would send it in HTTP/1.1. */
export interface RequestInit {
  /** Default: GET. */
  readonly method?: string;
  /** Default: `/`. */
  readonly path?: string;
  /** In this order; text as latin1. `host` and what frames the body come first unless they are given. */
  readonly headers?: HeadersInit;
  /** A list is sent in chunks, each of which the filter sees by itself. */
  readonly body?: Bytes | readonly Bytes[];
  /** Sent behind a body in chunks. */
  readonly trailers?: HeadersInit;
  /** The rest of the body comes later, by `send`. */
  readonly open?: boolean;
  /** The filter, by its plugin's name. Default: the first. */
  readonly plugin?: string;
  /** The worker's number, from 0. Default: drawn from the host's seed. */
  readonly worker?: number;
  /** What answers this one request. */
  readonly upstream?: Upstream;
}

/** A request as the connection manager hands it to filters. */
export interface RequestParts {
  readonly headers: readonly Header[];
  readonly chunks: readonly Uint8Array[];
  readonly trailers: readonly Header[] | null;
  /** More is to come. */
  readonly open: boolean;
}

/** Headers about the connection, and those that no client may set: filters do not see them. */
const REMOVED: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
  "x-envoy-internal",
  "x-forwarded-client-cert",
]);

function passes(name: string, value: string): boolean {
  return !REMOVED.has(name) && (name !== "referer" || isReferer(value));
}

/** Envoy removes a referer that is neither an URL without fragment and user, nor a relative one. */
function isReferer(value: string): boolean {
  if (/^[a-z][a-z\d+.-]*:\/\/[^/?#@]+([/?][^#]*)?$/i.test(value)) return true;
  return /^[\w\-.~!$&'()*+,;=@?%]*(\/[\w\-.~!$&'()*+,;=@?%:/]*)?$/.test(value);
}

/** What Envoy makes of a request before its first filter; `id` is the request id if it has none. */
export function requestParts(request: RequestInit, id: string): RequestParts {
  const { body = [], method = "GET", path = "/", open = false } = request;
  const whole = typeof body === "string" || body instanceof Uint8Array;
  const chunks = (whole ? [body] : body).map(bytesOf).filter((chunk) => chunk.length > 0);
  const trailers = request.trailers === undefined ? null : pairsOf(request.trailers);
  const given = pairsOf(request.headers ?? []).map(([name, value]): Header => [
    lowerCase(name),
    value.replace(/^[ \t]+|[ \t]+$/g, ""),
  ]);
  const has = (name: string): boolean => given.some(([one]) => one === name);
  const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const framed = has("content-length") || has("transfer-encoding");
  const chunked = framed || open || trailers !== null || !whole || total === 0;
  const framing: Header[] = chunked ? [] : [["content-length", String(total)]];
  const authority = given.find(([name]) => name === "host")?.[1] ?? "127.0.0.1:10000";
  const headers: Header[] = [
    [":authority", authority],
    [":path", path],
    [":method", method],
    [":scheme", "http"],
    ...framing,
    ...given.filter(([name, value]) => name !== "host" && passes(name, value)),
  ];
  if (!has("x-forwarded-proto")) headers.push(["x-forwarded-proto", "http"]);
  if (!has("x-request-id")) headers.push(["x-request-id", id]);
  return { headers, chunks, trailers, open };
}

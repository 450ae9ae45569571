// What a client asks, again and again, and how it goes over the wire.

/** The request of a measurement. */
export interface BenchRequest {
  /** Begins with a slash. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** GET without a body, or POST with one of so many bytes. Default: 0. */
  readonly bodyBytes?: number;
}

/** How requests reach Envoy. */
export interface Wire {
  readonly protocol: "http1" | "http2";
  readonly tls: boolean;
}

/** The header that sends a request on to the upstream instead of having Envoy answer it. */
export const UPSTREAM_HEADER = "x-bench-upstream";

/** The authority that requests name unless they have one of their own. */
const AUTHORITY = "bench.test";

/** The method of a request. */
export function methodOf(request: BenchRequest): "GET" | "POST" {
  return (request.bodyBytes ?? 0) > 0 ? "POST" : "GET";
}

/** The body of a request; empty for none. */
export function bodyOf(request: BenchRequest): Buffer {
  return Buffer.alloc(request.bodyBytes ?? 0, "x");
}

/** The authority that a request names, and its other headers. */
export function splitAuthority(request: BenchRequest): {
  readonly authority: string;
  readonly headers: BenchRequest["headers"];
} {
  const isHost = ([name]: readonly [string, string]): boolean => name.toLowerCase() === "host";
  const authority = request.headers.find(isHost)?.[1] ?? AUTHORITY;
  return { authority, headers: request.headers.filter((header) => !isHost(header)) };
}

/** The request as HTTP/1.1. */
export function requestBytes(request: BenchRequest): Buffer {
  const named = request.headers.some(([name]) => name.toLowerCase() === "host");
  const headers = named ? request.headers : [["host", AUTHORITY] as const, ...request.headers];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const body = bodyOf(request);
  const length = body.length > 0 ? `content-length: ${body.length}\r\n` : "";
  const head = `${methodOf(request)} ${request.path} HTTP/1.1\r\n${lines}${length}\r\n`;
  return Buffer.concat([Buffer.from(head, "utf8"), body]);
}

/** The same request with the header that sends it on to the upstream. */
export function forUpstream(request: BenchRequest): BenchRequest {
  return { ...request, headers: [...request.headers, [UPSTREAM_HEADER, "1"]] };
}

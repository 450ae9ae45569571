// What listeners and clusters have in common, in the names of Envoy's API.

/** Where to listen, or to connect to. */
export interface SocketAddress {
  readonly socket_address: { readonly address: string; readonly port_value: number };
}

/** Limits of headers. */
export interface LimitOptions {
  readonly max_headers_count?: number;
  readonly max_response_headers_kb?: number;
}

export interface Http1Options {
  readonly enable_trailers?: boolean;
}

export interface Http2Options {
  readonly allow_metadata?: boolean;
  readonly max_concurrent_streams?: number;
}

/** How much is buffered of a connection. */
export interface BufferOptions {
  readonly per_connection_buffer_limit_bytes?: number;
}

/** `bytes` as Envoy's limit; nothing leaves it at Envoy's default. */
export function bufferLimit(bytes: number | undefined): BufferOptions {
  return bytes === undefined ? {} : { per_connection_buffer_limit_bytes: bytes };
}

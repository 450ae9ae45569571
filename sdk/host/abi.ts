// Numbers of the Proxy-Wasm ABI and of Envoy's own, richer action codes. Values are fixed by the ABI.

/** What a host call answers. */
export const Status = {
  Ok: 0,
  NotFound: 1,
  BadArgument: 2,
  SerializationFailure: 3,
  ParseFailure: 4,
  InvalidMemoryAccess: 6,
  Empty: 7,
  CasMismatch: 8,
  InternalFailure: 10,
  BrokenConnection: 11,
  Unimplemented: 12,
} as const;
export type Status = (typeof Status)[keyof typeof Status];

/** What `proxy_on_request_headers` and `proxy_on_response_headers` answer, as Envoy takes it. */
export const HeadersAction = {
  Continue: 0,
  StopIteration: 1,
  StopAllIterationAndBuffer: 3,
  StopAllIterationAndWatermark: 4,
} as const;
export type HeadersAction = (typeof HeadersAction)[keyof typeof HeadersAction];

/** What `proxy_on_request_body` and `proxy_on_response_body` answer. */
export const BodyAction = {
  Continue: 0,
  StopIterationAndBuffer: 1,
  StopIterationAndWatermark: 2,
  StopIterationNoBuffer: 3,
} as const;
export type BodyAction = (typeof BodyAction)[keyof typeof BodyAction];

/** What `proxy_on_request_trailers` and `proxy_on_response_trailers` answer. */
export const TrailersAction = { Continue: 0, StopIteration: 1 } as const;
export type TrailersAction = (typeof TrailersAction)[keyof typeof TrailersAction];

/** What the callbacks of TCP connections answer. */
export const NetworkAction = { Continue: 0, StopIteration: 1 } as const;
export type NetworkAction = (typeof NetworkAction)[keyof typeof NetworkAction];

/** Who closed a TCP connection, as its filter is told. */
export const ClosePeer = { Unknown: 0, Local: 1, Remote: 2 } as const;
export type ClosePeer = (typeof ClosePeer)[keyof typeof ClosePeer];

export const BufferType = {
  HttpRequestBody: 0,
  HttpResponseBody: 1,
  DownstreamData: 2,
  UpstreamData: 3,
  HttpCallResponseBody: 4,
  GrpcReceiveBuffer: 5,
  VmConfiguration: 6,
  PluginConfiguration: 7,
  CallData: 8,
} as const;
export const LAST_BUFFER_TYPE = BufferType.CallData;

export const MapType = {
  RequestHeaders: 0,
  RequestTrailers: 1,
  ResponseHeaders: 2,
  ResponseTrailers: 3,
  GrpcReceiveInitialMetadata: 4,
  GrpcReceiveTrailingMetadata: 5,
  HttpCallResponseHeaders: 6,
  HttpCallResponseTrailers: 7,
} as const;
export const LAST_MAP_TYPE = MapType.HttpCallResponseTrailers;

export const StreamType = { Request: 0, Response: 1, Downstream: 2, Upstream: 3 } as const;
export const LAST_STREAM_TYPE = StreamType.Upstream;

export const MetricType = { Counter: 0, Gauge: 1, Histogram: 2 } as const;

/** Log levels by their number in the ABI. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "critical"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

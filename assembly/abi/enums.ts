// Values fixed by the Proxy-Wasm ABI 0.2.1 (proxy-wasm/spec, abi-versions/v0.2.1) and, where they
// go beyond it, by Envoy.

/** Result of a host call. */
export const enum Status {
  /** It worked. */
  Ok = 0,
  /** What was asked for does not exist: a header, a property, a key. */
  NotFound = 1,
  /** An argument is out of its range, or not valid in this phase. The SDK also answers this itself. */
  BadArgument = 2,
  /** A value cannot be handed over: a message as a whole, a zlib stream that is none. */
  SerializationFailure = 3,
  /** What was handed over could not be read. */
  ParseFailure = 4,
  /** An address is outside of the module's memory. */
  InvalidMemoryAccess = 6,
  /** The shared queue holds nothing. */
  Empty = 7,
  /** The shared data was changed by someone else in the meantime. */
  CasMismatch = 8,
  /** Also what a call answers that Envoy's capability restriction forbids. */
  InternalFailure = 10,
  /** The host has no such call. */
  Unimplemented = 12,
}

/** Severity of a log line, lowest first. */
export const enum LogLevel {
  /** Each step. */
  Trace = 0,
  /** What helps to find a fault. */
  Debug = 1,
  /** What happens in the course of things. Envoy shows it, and all above it, by default. */
  Info = 2,
  /** Something odd that it can live with. */
  Warn = 3,
  /** Something failed. */
  Error = 4,
  /** Nothing works any more. */
  Critical = 5,
}

/** Which header map a host call works on. */
export const enum MapType {
  RequestHeaders = 0,
  RequestTrailers = 1,
  ResponseHeaders = 2,
  ResponseTrailers = 3,
  GrpcReceiveInitialMetadata = 4,
  GrpcReceiveTrailingMetadata = 5,
  HttpCallResponseHeaders = 6,
  HttpCallResponseTrailers = 7,
}

/** Which buffer a host call works on. */
export const enum BufferType {
  HttpRequestBody = 0,
  HttpResponseBody = 1,
  DownstreamData = 2,
  UpstreamData = 3,
  HttpCallResponseBody = 4,
  GrpcReceive = 5,
  VmConfiguration = 6,
  PluginConfiguration = 7,
  /** What Envoy hands to a callback of its own. */
  CallData = 8,
}

/** What a metric is. */
export const enum MetricType {
  Counter = 0,
  Gauge = 1,
  Histogram = 2,
}

/** Which direction of a stream a host call continues or closes. */
export const enum StreamType {
  HttpRequest = 0,
  HttpResponse = 1,
  Downstream = 2,
  Upstream = 3,
}

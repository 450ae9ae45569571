// The tests that rows refer to, each as `file: name`.
export const BODIES = "bodies.test.ts: bodies are read and written exactly";
export const CALLOUTS = "callouts.test.ts: callouts of all kinds do what their stream asks for";
export const CALLOUT_BYTES =
  "callouts.test.ts: requests and answers go over byte for byte, with and without headers, body and trailers";
export const CALLOUT_FAILURES =
  "callouts.test.ts: a timeout, a broken connection and a broken answer are failures, an answer of 5xx is none";
export const DIRECTION =
  "values.test.ts: a listener's direction is the one that it is configured with";
export const DECLARED =
  "values.test.ts: a property can be declared as anything, and access logs print what it is";
export const DNS = "dns.test.ts: Envoy looks names up, and each stream gets its own answer";
export const METADATA =
  "http2-metadata.test.ts: METADATA frames of HTTP/2 reach the filter as a number of entries, both ways";
export const STATS =
  "stats-sink.test.ts: a stats sink gets every counter and gauge that was set, with its value";
export const FOREIGN =
  "foreign.test.ts: every foreign function of Envoy's does what its typed form says";
export const GET =
  "order.test.ts: a GET, its response and its end come in the order that is printed";
export const GRPC = "grpc.test.ts: unary calls and streams of all ends, with a real gRPC service";
export const GRPC_CODES = "grpc.test.ts: each code of gRPC comes as the service has given it";
export const HEADERS = "headers.test.ts: headers read and written by the SDK are exact";
export const LEVELS = "values.test.ts: each level of the log is Envoy's own";
export const LINKS =
  "abi.test.ts: all that the check knows of the ABI is there, in each of its versions";
export const METRICS =
  "metrics.test.ts: counters, gauges and histograms are in Envoy's statistics, and tags are labels";
export const MISFITS =
  "abi.test.ts: each import and export of a wrong type is refused by both, or by neither";
export const MTLS =
  "mtls.test.ts: with mutual TLS a filter knows who the client and the upstream are";
export const ONE_OBJECT =
  "lifecycle.test.ts: each stream has an object of its own from its headers to its end";
export const PLUGIN_END =
  "plugin-end.test.ts: a plugin may end later than it is asked to, and hands on what it has counted";
export const PLUGIN_LIFE =
  "plugin.test.ts: a plugin starts, is configured, ends and is deleted in each worker";
export const PLUGIN_ORDER =
  "order.test.ts: a plugin is tried once, and lives once in each worker and once in Envoy's own thread";
export const PROPERTIES =
  "properties.test.ts: typed getters answer what Envoy knows in each phase of a stream, and null for the rest";
export const SET_ALL = "set-all.test.ts: a header map is replaced as a whole, or not at all";
export const SHARED = "shared.test.ts: shared data and queues hold between workers and VMs";
export const STATUSES = "raw-calls.test.ts: each status of the ABI is answered by a call";
export const STOP_ALL =
  "order.test.ts: all that is stopped is buffered up to the limit, or slowed down at it";
export const STREAMS = "streams.test.ts: a stream is answered, reset and continued at every point";
export const SYSTEM = "system.test.ts: time, environment and random bytes come from Envoy";
export const TCP_CLOSE = "tcp.test.ts: TCP filters close connections, and are told who closed them";
export const TCP_EDIT =
  "tcp.test.ts: TCP filters edit both directions of many connections, each with its own state";
export const TCP_HOLD =
  "tcp.test.ts: a TCP filter holds the bytes of both directions until it lets them go on";
export const TIMERS = "plugin.test.ts: many timers share one tick, for plugins and for streams";
export const TRAILERS =
  "bodies.test.ts: trailers of chunked HTTP/1.1 are read and written both ways";
export const WASI =
  "raw-calls.test.ts: of WASI a few functions work, and the others answer that they do not";
export const WHOLE = "whole-bodies.test.ts: a body is held up to a limit, and handed over once";

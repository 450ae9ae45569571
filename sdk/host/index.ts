// `as-proxy-wasm/host`: a Proxy-Wasm module on Node's V8, with Envoy's semantics and without Envoy.
export { BodyAction, HeadersAction, Status, TrailersAction } from "./abi.ts";
export type { LogLevel } from "./abi.ts";
export type { Bytes } from "./bytes.ts";
export { countCalls, sumOf } from "./history.ts";
export type { CallbackRecord, Crossings, HostCallRecord } from "./history.ts";
export { Host, createHost } from "./host.ts";
export type { HostOptions } from "./host.ts";
export type { Callout, CalloutAnswer } from "./http/callout.ts";
export type { Exchange, Reply } from "./http/exchange.ts";
export type { Header, HeadersInit } from "./http/header-map.ts";
export type { RequestInit } from "./http/request.ts";
export { echo } from "./http/upstream.ts";
export type { Upstream, UpstreamRequest, UpstreamResponse } from "./http/upstream.ts";
export type { LogLine, Logs } from "./logs.ts";
export type { Metrics } from "./metrics.ts";
export type { FailurePolicy } from "./plugin.ts";
export type { PropertyValue } from "./properties.ts";
export type { VmFailure } from "./vm.ts";

// `as-proxy-wasm/harness`: a real Envoy for tests and measurements.
export type { AddressReport } from "./bench/address-report.ts";
export type { BenchReport, ComparedReport, FilterReport, ListenerReport } from "./bench/report.ts";
export type { Meters } from "./bench/report.ts";
export type {
  BudgetResult,
  BurstSeries,
  Difference,
  Estimate,
  Histogram,
  LoadReport,
  QuantileDifference,
  QuantileEstimate,
  RateReport,
  RequestCounts,
  SweepPoint,
  SweepReport,
  ThroughputReport,
  TimeLine,
  Verdict,
} from "./bench/report-parts.ts";
export { bootstrap } from "./envoy/bootstrap.ts";
export type {
  Bootstrap,
  ClusterSpec,
  FailurePolicy,
  ListenerSpec,
  Upstream,
  WasmFilterSpec,
} from "./envoy/bootstrap.ts";
export type { ProcessEnd } from "./envoy/failure.ts";
export type { EnvoyLine, LogLevel, WasmLogLine } from "./envoy/lines.ts";
export { locateEnvoy } from "./envoy/locate.ts";
export type { LocatedEnvoy, LocateOptions } from "./envoy/locate.ts";
export { startEnvoy } from "./envoy/process.ts";
export type { EnvoyOptions, RunningEnvoy } from "./envoy/process.ts";
export { resolveModule } from "./module.ts";
export type { ResolvedModule } from "./module.ts";
export { request } from "./traffic/client.ts";
export type { RawRequest } from "./traffic/client.ts";
export { startEcho } from "./traffic/echo.ts";
export type { Echo, EchoUpstream } from "./traffic/echo.ts";
export { valuesOf } from "./traffic/response.ts";
export type { RawResponse } from "./traffic/response.ts";
export { startProxy } from "./proxy.ts";
export type { Exchange, Proxy, ProxyOptions } from "./proxy.ts";

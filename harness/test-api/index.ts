// `as-proxy-wasm/testing`: tests of filters, under node:test, on the in-process host and on a real Envoy.
import type { LoadFilter, LoadOn } from "../../sdk/test-api/load-filter.ts";
import { loaderFor } from "../../sdk/test-api/load-filter.ts";

export {
  BodyAction,
  HeadersAction,
  NetworkAction,
  Status,
  TrailersAction,
} from "../../sdk/host/abi.ts";
export type { LogLevel } from "../../sdk/host/abi.ts";
export type { Bytes } from "../../sdk/host/bytes.ts";
export type { CallbackRecord, Crossings, HostCallRecord } from "../../sdk/host/history.ts";
export type { CalloutAnswer } from "../../sdk/host/http/callout.ts";
export type { Header, HeadersInit } from "../../sdk/host/http/header-map.ts";
export type { RequestInit } from "../../sdk/host/http/request.ts";
export { echo } from "../../sdk/host/http/upstream.ts";
export type { Upstream, UpstreamRequest, UpstreamResponse } from "../../sdk/host/http/upstream.ts";
export { tcpEcho } from "../../sdk/host/tcp/upstream.ts";
export type { TcpUpstream, TcpUpstreamSocket } from "../../sdk/host/tcp/upstream.ts";
export type {
  Backend,
  Callout,
  Filter,
  FilterLogLine,
  FilterLogs,
  Message,
  Need,
  ReceivedRequest,
  Reply,
  Stream,
  StreamHistory,
  TestScope,
} from "../../sdk/test-api/api.ts";
export type { GrpcCallout, GrpcEnd } from "../../sdk/test-api/grpc-api.ts";
export type { PluginRole } from "../../sdk/host/options.ts";
export type {
  FilterOptions,
  FurtherPlugin,
  PluginInit,
  Protocol,
} from "../../sdk/test-api/options.ts";
export type { LoadFilter } from "../../sdk/test-api/load-filter.ts";
export type { Connection, ConnectionEnd, ConnectionInit } from "../../sdk/test-api/tcp-api.ts";
export type { TrapFrame, TrapReport } from "../../sdk/trap/index.ts";
export { NotApplicable } from "../../sdk/test-api/not-applicable.ts";

/** Each backend is read when the first test needs it: the host's tests do not wait for Envoy's part. */
const BACKENDS = {
  host: async (): Promise<LoadOn> => (await import("../../sdk/test-api/host-filter.ts")).loadOnHost,
  envoy: async (): Promise<LoadOn> => (await import("./envoy-filter.ts")).loadOnEnvoy,
};

/** `loadFilter` for the tests in a folder: filters are looked for from there first. */
export function testsIn(folder: string): { readonly loadFilter: LoadFilter } {
  return { loadFilter: loaderFor(folder, BACKENDS) };
}

/** See LoadFilter. The runner puts the folder of the test file in the place of the current one. */
export const { loadFilter } = testsIn(".");

// What a test of a filter is written against: the same on the in-process host and on a real Envoy.
import type { CallbackRecord, Crossings } from "../host/history.ts";
import type { Header, HeadersInit } from "../host/http/header-map.ts";
import type { RequestInit } from "../host/http/request.ts";
import type { CalloutAnswer } from "../host/http/callout.ts";
import type { Bytes } from "../host/bytes.ts";
import type { LogLevel } from "../host/abi.ts";
import type { LogLine } from "../host/logs.ts";
import type { TrapReport } from "../trap/index.ts";
import type { GrpcCallout } from "./grpc-api.ts";
import type { Protocol } from "./options.ts";
import type { Connection, ConnectionInit } from "./tcp-api.ts";

/** What a test runs on: the in-process host, or a real Envoy. */
export type Backend = "host" | "envoy";

/** What not every backend has. */
export type Need =
  /** A clock that stands still until the test moves it. Host only. */
  | "virtual time"
  /** Each callback with its action and its host calls: `reply.callbacks`, `connection.action`. Host only. */
  | "callbacks"
  /** The filter's shared data and queues, from outside. Host only. */
  | "shared data"
  /** What histograms were given. Host only. */
  | "recorded values"
  /** Several workers, of which the test says which does what. Host only. */
  | "several workers"
  /** Properties with values of the test's choice. Host only. */
  | "properties"
  /** Envoy's own parts around the filter. Envoy only. */
  | "a real Envoy";

/** The part of `node:test`'s context that a filter is tied to: it ends with the test. */
export interface TestScope {
  readonly name: string;
  after(end: () => Promise<void>): void;
}

/** A message's headers and trailers, and ways to look into them. Names have no case. */
export interface Message {
  /** In the order of the wire, one character a byte. */
  readonly headers: readonly Header[];
  readonly trailers: readonly Header[];
  /** As UTF-8 text. */
  readonly body: string;
  readonly bodyBytes: Uint8Array;
  /** The first value of a header; null without one. */
  header(name: string): string | null;
  /** All values of a header, in order. */
  values(name: string): readonly string[];
  /** The first value of a trailer; null without one. */
  trailer(name: string): string | null;
}

/** A request as it reached the upstream, or a service that the filter called. */
export interface ReceivedRequest extends Message {
  readonly method: string;
  readonly path: string;
}

/** What the filter was called for on a stream or a connection. Only where there is the need `callbacks`. */
export interface StreamHistory {
  /** In order. */
  readonly callbacks: readonly CallbackRecord[];
  /** How often each host call was made in them. */
  readonly calls: Readonly<Record<string, number>>;
  /** What crossed between host and guest in them. */
  readonly crossings: Crossings;
}

/** The response to a request. */
export interface Reply extends Message, StreamHistory {
  /** 0 when the stream was reset before the response began. */
  readonly status: number;
  /** The client got no whole response: the stream was reset, or the body is shorter than it says. */
  readonly reset: boolean;
  /** What the upstream was sent; null when nothing reached it. */
  readonly upstream: ReceivedRequest | null;
}

/** A request on its way. */
export interface Stream extends Pick<StreamHistory, "callbacks"> {
  /** Answers when the response is complete, or the stream was reset. */
  readonly reply: Promise<Reply>;
  /** What the upstream was sent so far; null when nothing reached it. */
  readonly upstream: ReceivedRequest | null;
  /** The response as far as the client has it; status 0 before it has headers. */
  readonly response: Pick<Reply, "status" | "headers" | "body">;
  /** Sends more of the body of a request that was left open. */
  send(chunk: Bytes): Promise<void>;
  /** Ends a request that was left open. */
  finish(trailers?: HeadersInit): Promise<void>;
  /** The client goes away. */
  reset(): Promise<void>;
  /** What a callback answered last; null when it was not called, or answers nothing. Need: callbacks. */
  action(callback: string): number | null;
}

/** An HTTP request of the filter's own, which waits for the test to answer it. */
export interface Callout extends ReceivedRequest {
  readonly cluster: string;
  /** Answers it; done when the filter has been called with the answer. */
  respond(answer?: CalloutAnswer): Promise<void>;
  /** Breaks the connection instead of an answer. */
  fail(): Promise<void>;
}

/** A line that a filter has logged. */
export type FilterLogLine = Pick<LogLine, "level" | "text">;

/** What the filter has logged. */
export interface FilterLogs {
  readonly lines: readonly FilterLogLine[];
  /** The lines' texts, those of one level where it is given. */
  texts(level?: LogLevel): readonly string[];
  /** All lines as one text, as `level: text`. */
  text(): string;
  /** The first line whose text fits, now or soon; for what is logged outside of requests. */
  until(pattern: RegExp): Promise<FilterLogLine>;
}

/** A filter that is loaded and configured, and ends with its test. */
export interface Filter {
  readonly on: Backend;
  /** Whether it filters HTTP or TCP. */
  readonly protocol: Protocol;
  readonly logs: FilterLogs;
  /** Each time that a VM trapped, with the place in the filter's source. */
  readonly traps: readonly TrapReport[];
  /** Says what the test needs: where that is not to be had, the test is not applicable, and ends here. */
  needs(...needs: readonly Need[]): void;
  /** Sends a request; answers when the response is complete. Throws ERR_USAGE for a TCP filter. */
  request(request?: RequestInit): Promise<Reply>;
  /** Sends a request, or as much of it as is given, and shows the stream while it goes on. As `request`. */
  open(request?: RequestInit): Promise<Stream>;
  /** Opens a connection through the filter to the server behind it. Throws ERR_USAGE for an HTTP filter. */
  connect(connection?: ConnectionInit): Promise<Connection>;
  /** The next request that the filter makes of a service, in the order in which they are made. */
  callout(): Promise<Callout>;
  /** The next gRPC call or stream that the filter makes to one of `grpcClusters`, in their order. */
  grpcCallout(): Promise<GrpcCallout>;
  /** The value of a counter or gauge; undefined when nothing defined it. */
  metric(name: string): Promise<number | undefined>;
  /** All counters and gauges with their values. */
  metrics(): Promise<ReadonlyMap<string, number>>;
  /** What a histogram was given, in order. Need: recorded values. */
  recorded(histogram: string): Promise<readonly number[]>;
  /** The value of a key of the filter's shared data; null when it is not set. Need: shared data. */
  sharedData(key: string): Promise<string | null>;
  /**
   * Puts an item into a queue of the filter's vmId, as another VM would; done when who takes from it has been
   * told. Throws ERR_USAGE where nobody has registered the queue. Need: shared data.
   */
  enqueue(queue: string, item: Bytes): Promise<void>;
  /** Takes the first item out of such a queue; null when it is empty. Need: shared data. */
  dequeue(queue: string): Promise<Uint8Array | null>;
  /** Lets time pass: on the host at once and exactly, in Envoy by waiting. */
  advance(milliseconds: number): Promise<void>;
  /** Ends the filter before its test does. */
  close(): Promise<void>;
}

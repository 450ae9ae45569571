// gRPC calls and streams of a filter as a test answers them: the same on the in-process host and on a real
// Envoy.
import type { Bytes } from "../host/bytes.ts";
import type { Header, HeadersInit } from "../host/http/header-map.ts";

/** How a service ends a call or a stream. */
export interface GrpcEnd {
  /** The code of gRPC, 0 to 16. Default: 0, which is OK. */
  readonly status?: number;
  /** For people. The filter is told it percent-encoded where it is not printable ASCII. Default: none. */
  readonly message?: string;
  /** Trailing metadata. A filter is told those of streams only. */
  readonly trailers?: HeadersInit;
}

/**
 * A gRPC call or stream of the filter's own, which waits for the test to answer it. A unary call is one whose
 * single message has come together with its end. What is done to one that is over does nothing.
 */
export interface GrpcCallout {
  readonly cluster: string;
  /** What the service is asked as. */
  readonly authority: string;
  /** As `helloworld.Greeter`. */
  readonly service: string;
  /** As `SayHello`. */
  readonly method: string;
  /** What the filter sent along, without what gRPC and Envoy add; one character a byte. */
  readonly metadata: readonly Header[];
  /** The messages that the filter has sent so far. */
  readonly messages: readonly Uint8Array[];
  /** The same as UTF-8 text. */
  readonly texts: readonly string[];
  /** The filter has ended its side, as a call does at once. */
  readonly ended: boolean;
  /** It was broken off: the filter has cancelled it, or waits no longer for the answer. */
  readonly cancelled: boolean;
  /** The first value of a name in the metadata; null without one. Names have no case. */
  header(name: string): string | null;
  /** Begins the answer with this initial metadata. What is sent first begins it without any. */
  begin(metadata?: HeadersInit): Promise<void>;
  /** Sends a message; done when the filter has been called with it. */
  send(message: Bytes): Promise<void>;
  /** Ends it; done when the filter has been told. Throws ERR_USAGE for what is no code of gRPC. */
  close(end?: GrpcEnd): Promise<void>;
  /** Answers with one message and the status OK, as a unary call is answered. */
  respond(message?: Bytes): Promise<void>;
  /** Breaks the connection instead of an answer. */
  fail(): Promise<void>;
}

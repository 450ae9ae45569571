// What a test of a TCP filter is written against: the same on the in-process host and on a real Envoy.
import type { Bytes } from "../host/bytes.ts";
import type { TcpUpstream } from "../host/tcp/upstream.ts";
import type { StreamHistory } from "./api.ts";

/** A TCP connection as a test asks for it. */
export interface ConnectionInit {
  /** How the server behaves on this one. Default: as the filter's `tcpUpstream` says. */
  readonly upstream?: TcpUpstream;
  /** The filter, by its plugin's name. Default: the first. */
  readonly plugin?: string;
  /** The worker's number, from 0. Default: drawn from the seed. Need: several workers. */
  readonly worker?: number;
}

/** One end of a connection through a filter: the client's, or the server's. */
export interface ConnectionEnd {
  /** All that has come so far, as UTF-8 text. */
  readonly received: string;
  /** The same as bytes. */
  readonly receivedBytes: Uint8Array;
  /** Nothing more will come: the other end has ended its side, or the connection is gone. */
  readonly ended: boolean;
  /**
   * Sends a piece; done when all that follows from it has happened. Pieces of up to 16 KiB reach the filter
   * one by one; Envoy may read a larger one in several. On a connection that is gone it is lost. Throws
   * ERR_USAGE once this end has ended its side.
   */
  send(bytes: Bytes): Promise<void>;
  /** Ends its side (half close), and goes on to receive. */
  end(): Promise<void>;
  /** Breaks the connection. */
  reset(): Promise<void>;
}

/** A client's connection through the filter to a server. */
export interface Connection extends ConnectionEnd, StreamHistory {
  /**
   * The client was told that the connection is broken, and not ended in order. Envoys before 1.40 end it in
   * order when the server breaks it.
   */
  readonly wasReset: boolean;
  /** The server's end; null while nothing has connected to the server. */
  readonly upstream: ConnectionEnd | null;
  /** What a callback answered last; null when it was not called, or answers nothing. Need: callbacks. */
  action(callback: string): number | null;
}

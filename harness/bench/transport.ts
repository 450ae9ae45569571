// What carries the requests of one connection: HTTP/1.1 or HTTP/2, plain or in TLS. Bytes of plain
// HTTP/1.1 are read into one buffer: the client's work must stay small beside what is measured.
import { connect as connectHttp2, constants, type ClientHttp2Session } from "node:http2";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { bodyOf, methodOf, requestBytes, splitAuthority } from "./request.ts";
import type { BenchRequest, Wire } from "./request.ts";
import { ResponseReader } from "./response-reader.ts";

/** Where a connection goes. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a transport tells its connection. */
export interface TransportEvents {
  readonly connected: () => void;
  /** A response is complete. */
  readonly answered: (status: number) => void;
  /** @param what Follows the listener's name in a message. */
  readonly failed: (what: string) => void;
}

/** Sends the same request again and again. */
export interface Transport {
  /** Sends the request once. */
  send(): void;
  close(): void;
}

/**
 * Opens a connection. Certificates are not checked: the peer is an Envoy that this tool has started,
 * or an address that the user has named to be measured.
 */
export function openTransport(
  address: Address,
  request: BenchRequest,
  wire: Wire,
  events: TransportEvents,
): Transport {
  return wire.protocol === "http2"
    ? new Http2Transport(address, request, wire, events)
    : new Http1Transport(address, request, wire, events);
}

class Http1Transport implements Transport {
  readonly #request: Buffer;
  readonly #socket: Socket;

  constructor(address: Address, request: BenchRequest, wire: Wire, events: TransportEvents) {
    this.#request = requestBytes(request);
    const reader = new ResponseReader(events.answered);
    const receive = (bytes: Buffer): void => {
      try {
        reader.push(bytes);
      } catch (thrown) {
        events.failed(thrown instanceof Error ? `got ${thrown.message}` : String(thrown));
      }
    };
    this.#socket = wire.tls ? openTls(address, request) : openPlain(address, receive);
    if (wire.tls) this.#socket.on("data", receive);
    this.#socket.once(wire.tls ? "secureConnect" : "connect", events.connected);
    this.#socket.on("error", (error) => {
      events.failed(`broke its connection (${error.message})`);
    });
    this.#socket.on("close", () => {
      events.failed("closed its connection");
    });
  }

  send(): void {
    this.#socket.write(this.#request);
  }

  close(): void {
    this.#socket.destroy();
  }
}

function openPlain(address: Address, receive: (bytes: Buffer) => void): Socket {
  return connect({
    ...address,
    noDelay: true,
    onread: {
      buffer: Buffer.allocUnsafe(65_536),
      callback: (length, buffer) => {
        receive(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      },
    },
  });
}

function openTls(address: Address, request: BenchRequest): Socket {
  const { authority } = splitAuthority(request);
  const servername = authority.replace(/:\d+$/, "");
  const socket = connectTls({
    ...address,
    rejectUnauthorized: false,
    ...(/^[a-z][\w.-]*$/i.test(servername) ? { servername } : {}),
  });
  socket.setNoDelay(true);
  return socket;
}

class Http2Transport implements Transport {
  readonly #session: ClientHttp2Session;
  readonly #headers: Record<string, string | string[]>;
  readonly #body: Buffer;
  readonly #events: TransportEvents;

  constructor(address: Address, request: BenchRequest, wire: Wire, events: TransportEvents) {
    const { authority, headers } = splitAuthority(request);
    this.#events = events;
    this.#body = bodyOf(request);
    this.#headers = {
      [constants.HTTP2_HEADER_METHOD]: methodOf(request),
      [constants.HTTP2_HEADER_SCHEME]: wire.tls ? "https" : "http",
      [constants.HTTP2_HEADER_AUTHORITY]: authority,
      [constants.HTTP2_HEADER_PATH]: request.path,
      ...grouped(headers),
    };
    const host = address.host.includes(":") ? `[${address.host}]` : address.host;
    this.#session = connectHttp2(`${wire.tls ? "https" : "http"}://${host}:${address.port}`, {
      rejectUnauthorized: false,
    });
    this.#session.once("connect", events.connected);
    this.#session.on("error", (error: Error) => {
      events.failed(`broke its connection (${error.message})`);
    });
    this.#session.on("close", () => {
      events.failed("closed its connection");
    });
  }

  send(): void {
    const stream = this.#session.request(this.#headers, { endStream: this.#body.length === 0 });
    let status = 0;
    stream.on("response", (headers) => {
      status = headers[":status"] ?? 0;
    });
    stream.on("error", (error: Error) => {
      this.#events.failed(`reset a stream (${error.message})`);
    });
    stream.on("end", () => {
      this.#events.answered(status);
    });
    stream.resume();
    if (this.#body.length > 0) stream.end(this.#body);
  }

  close(): void {
    this.#session.destroy();
  }
}

/** Headers by name, repeated ones as a list: as node:http2 takes them. */
function grouped(headers: BenchRequest["headers"]): Record<string, string | string[]> {
  const byName: Record<string, string | string[]> = {};
  for (const [mixedCase, value] of headers) {
    const name = mixedCase.toLowerCase();
    const before = byName[name];
    byName[name] = before === undefined ? value : [before, value].flat();
  }
  return byName;
}

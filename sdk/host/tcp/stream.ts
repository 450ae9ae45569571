// One TCP connection through a filter and Envoy's TCP proxy behind it: when the filter is called, what
// is held back, and who closes what. It follows Envoy's connection, filter manager and TCP proxy step by
// step, as their order shows in what a filter sees.
import { ClosePeer, NetworkAction } from "../abi.ts";
import { ConnectionContext } from "../contexts/connection-context.ts";
import type { RootContext } from "../contexts/root-context.ts";
import type { HostServices } from "../host-services.ts";
import { BodyBuffer } from "../http/body-buffer.ts";
import type { PropertySource } from "../properties.ts";
import { TcpUpstreamSocket } from "./upstream.ts";
import type { TcpUpstream } from "./upstream.ts";

export interface TcpStreamOptions {
  readonly host: HostServices;
  readonly connectionId: number;
  /** The plugin; null where connections pass without a filter. */
  readonly root: RootContext | null;
  /** The server; null where nobody listens. */
  readonly upstream: TcpUpstream | null;
  /** How many bytes of the client's are read while the filter holds them. */
  readonly bufferLimit: number;
  readonly properties: ReadonlyMap<string, Uint8Array>;
  /** Tells the access loggers. */
  readonly onLog: (source: PropertySource) => void;
  /** Called once, when the connection is closed. */
  readonly onClose: () => void;
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly end: boolean;
}

export class TcpStream {
  readonly context: ConnectionContext | null;
  /** What the client has received. */
  readonly received = new BodyBuffer();
  /** The server's side has come to its end at the client. */
  clientEnded = false;
  /** The client was reset. */
  wasReset = false;
  /** Who closed it; null while it is open. */
  closedBy: ClosePeer | null = null;
  /** The server's end; null before the proxy connects. */
  upstream: TcpUpstreamSocket | null = null;
  /** What `proxy_set_property` set. */
  readonly state = new Map<string, Uint8Array>();
  /** The objects of Envoy's own that the filter made, by name, as properties. */
  readonly filterState = new Map<string, Uint8Array | null>();

  readonly #options: TcpStreamOptions;
  readonly #startTime: bigint;
  readonly #waiting: Piece[] = [];
  /** Of the client, read and not yet taken by the proxy. */
  readonly #reading = new BodyBuffer();
  /** Of the server, read and not yet let through to the client. */
  readonly #writing = new BodyBuffer();
  #upstreamEnded = false;
  #upstreamBroken = false;
  #readEnded = false;
  #writeEnded = false;
  #proxyStarted = false;
  /** The proxy reads nothing before it has its connection to the server. */
  #connected = false;
  #pumping = false;
  #broken = false;
  #bytesReceived = 0;
  #bytesSent = 0;

  constructor(options: TcpStreamOptions) {
    this.#options = options;
    this.#startTime = options.host.clock.now;
    this.context = options.root === null ? null : new ConnectionContext(options.root, this);
  }

  get open(): boolean {
    return this.closedBy === null;
  }

  get properties(): PropertySource {
    const { connectionId, host, properties } = this.#options;
    return {
      connectionId,
      protocol: null,
      requestHeaders: null,
      responseHeaders: null,
      responseTrailers: null,
      responseCode: null,
      responseDetails: null,
      requestBytes: this.#bytesReceived,
      responseBytes: this.#bytesSent,
      startTime: this.#startTime,
      duration: this.open ? null : host.clock.now - this.#startTime,
      state: this.state,
      filterState: this.filterState,
      given: properties,
    };
  }

  /** The connection is there: its filters are asked first. */
  start(): void {
    const action = this.context?.onNewConnection() ?? NetworkAction.Continue;
    if (action === NetworkAction.Continue && this.open) this.#startProxy();
  }

  /** The client sends a piece, or its end, or both. */
  receive(bytes: Uint8Array, end: boolean): void {
    this.#waiting.push({ bytes, end });
    this.#pump();
  }

  /** The client breaks the connection: noticed when the proxy next reads or writes, as in Envoy. */
  break(): void {
    if (!this.open) return;
    this.wasReset = true;
    this.#broken = true;
    if (this.#readable) this.close(ClosePeer.Remote);
  }

  /** Lets what the filter held back of the client's bytes go on. */
  continueReading(): void {
    if (!this.open) return;
    this.#startProxy();
    this.#passToProxy();
    this.#pump();
  }

  /** Ends it: the filter is told who did, then the server. */
  close(by: ClosePeer): void {
    if (!this.open) return;
    this.closedBy = by;
    this.context?.onClose(by);
    // What was let through before still reaches the server.
    this.#options.host.post(() => {
      this.#closeUpstream();
    });
    this.#options.onLog(this.properties);
    this.#options.onClose();
  }

  /** Whether the proxy reads what the client sends. */
  get #readable(): boolean {
    return (
      this.open &&
      this.#connected &&
      !this.#readEnded &&
      this.#reading.length <= this.#options.bufferLimit
    );
  }

  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#readable) {
        const piece = this.#waiting.shift();
        if (piece === undefined) break;
        this.#bytesReceived += piece.bytes.length;
        this.#reading.append(piece.bytes);
        if (piece.end) this.#readEnded = true;
        this.#read();
        if (this.#readEnded && this.#writeEnded) this.close(ClosePeer.Remote);
      }
      if (this.#broken && this.#readable) this.close(ClosePeer.Remote);
    } finally {
      this.#pumping = false;
    }
  }

  #read(): void {
    const action =
      this.context?.onDownstreamData(this.#reading, this.#readEnded) ?? NetworkAction.Continue;
    if (action === NetworkAction.Continue && this.open) this.#passToProxy();
  }

  #passToProxy(): void {
    const { upstream } = this;
    if (upstream === null || (this.#reading.length === 0 && !this.#readEnded)) return;
    const bytes = this.#reading.bytes();
    this.#reading.drain(bytes.length);
    const end = this.#readEnded;
    const server = this.#options.upstream;
    this.#options.host.post(() => {
      if (upstream.ended) return;
      if (this.#upstreamBroken) {
        this.#closeForUpstream();
        return;
      }
      upstream.take(bytes, end);
      if (bytes.length > 0) server?.data?.(bytes, upstream);
      if (end) server?.end?.(upstream);
    });
  }

  /** A server is told of the end of a connection as of that of one side; of a break nothing comes. */
  #closeUpstream(): void {
    const { upstream } = this;
    if (upstream === null) return;
    upstream.close();
    if (upstream.ended || this.#broken || this.#upstreamBroken) return;
    upstream.take(new Uint8Array(0), true);
    this.#options.upstream?.end?.(upstream);
  }

  #startProxy(): void {
    if (this.#proxyStarted) return;
    this.#proxyStarted = true;
    const { host, upstream } = this.#options;
    host.post(() => {
      if (!this.open) return;
      if (upstream === null) {
        this.close(ClosePeer.Local);
        return;
      }
      const socket = new TcpUpstreamSocket({
        send: (bytes, end) => {
          this.#fromUpstream(bytes, end);
        },
        reset: () => {
          this.#later(() => {
            this.#upstreamBroken = true;
            // Where the proxy reads no more from it, it learns of it when it writes.
            if (!this.#upstreamEnded) this.#closeForUpstream();
          });
        },
      });
      this.upstream = socket;
      this.#connected = true;
      upstream.connected?.(socket);
      this.#pump();
    });
  }

  #closeForUpstream(): void {
    if (!this.open) return;
    this.wasReset = true;
    this.close(ClosePeer.Local);
  }

  #later(task: () => void): void {
    this.#options.host.post(task);
    this.#options.host.settle();
  }

  #fromUpstream(bytes: Uint8Array, end: boolean): void {
    this.#later(() => {
      if (!this.open || this.#upstreamEnded) return;
      this.#upstreamEnded = end;
      this.#writing.append(bytes);
      const action = this.context?.onUpstreamData(this.#writing, end) ?? NetworkAction.Continue;
      if (action === NetworkAction.Continue) this.#write(end);
    });
  }

  #write(end: boolean): void {
    // The filter may have closed it.
    if (!this.open) return;
    this.#bytesSent += this.#writing.length;
    if (!this.#broken) this.received.move(this.#writing);
    this.#writeEnded = end;
    // It is written when the event loop comes to it.
    this.#options.host.post(() => {
      if (this.#broken) this.close(ClosePeer.Remote);
      if (!end) return;
      this.clientEnded = true;
      if (this.#readEnded) this.close(ClosePeer.Local);
    });
  }
}

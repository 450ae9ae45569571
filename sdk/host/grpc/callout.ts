// A gRPC call or stream that the filter made, and that a service or the test answers.
import { bytesOf } from "../bytes.ts";
import type { Bytes } from "../bytes.ts";
import type { RootContext } from "../contexts/root-context.ts";
import { HeaderMap, pairsOf } from "../http/header-map.ts";
import type { Header, HeadersInit } from "../http/header-map.ts";
import { resetBeforeHeaders } from "../http/local-reply.ts";

/** How a service behaves. What it does not say is left to the test. */
export interface GrpcService {
  /** A call or a stream has begun; a call's message has come already. */
  called?(callout: GrpcCallout): void;
  /** A message has come on a stream. */
  message?(bytes: Uint8Array, callout: GrpcCallout): void;
  /** The filter has ended its side of a stream. */
  end?(callout: GrpcCallout): void;
}

export interface GrpcRequest {
  readonly id: number;
  readonly kind: "call" | "stream";
  readonly cluster: string;
  readonly authority: string;
  readonly service: string;
  readonly method: string;
  readonly metadata: readonly Header[];
  /** Milliseconds; 0 is none. */
  readonly timeout: number;
}

const OK = 0;
const INTERNAL = 13;
const UNAVAILABLE = 14;

/** A unary call or a stream. What answers it calls the guest at once; once it is over, nothing does. */
export class GrpcCallout {
  readonly id: number;
  /** A unary call, or a stream. */
  readonly kind: "call" | "stream";
  readonly cluster: string;
  /** What the service sees as `:authority`. */
  readonly authority: string;
  /** As `helloworld.Greeter`. */
  readonly service: string;
  /** As `SayHello`. */
  readonly method: string;
  /** What the filter sent along; one character a byte. */
  readonly metadata: readonly Header[];
  /** Milliseconds of virtual time until Envoy gives up; 0 is never. */
  readonly timeout: number;
  readonly #root: RootContext;
  readonly #messages: Uint8Array[] = [];
  #answer: Uint8Array | null = null;
  #begun = false;
  #ended = false;
  #state: "pending" | "closed" | "cancelled" = "pending";
  #cancelTimeout: () => void = () => undefined;
  #whenOver: () => void = () => undefined;

  constructor(root: RootContext, request: GrpcRequest) {
    this.#root = root;
    this.id = request.id;
    this.kind = request.kind;
    this.cluster = request.cluster;
    this.authority = request.authority;
    this.service = request.service;
    this.method = request.method;
    this.metadata = request.metadata;
    this.timeout = request.timeout;
    if (request.timeout === 0) return;
    this.#cancelTimeout = root.vm.host.clock.after(request.timeout, () => {
      this.#finish(UNAVAILABLE, "upstream request timeout", "response_timeout", []);
    });
  }

  /** The messages that the filter has sent. */
  get messages(): readonly Uint8Array[] {
    return this.#messages;
  }

  /** The filter has ended its side, as a call does at once. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether it still goes on. */
  get pending(): boolean {
    return this.#state === "pending";
  }

  /** The filter has broken it off. */
  get cancelled(): boolean {
    return this.#state === "cancelled";
  }

  /** The first value of a name in the metadata; null without one. */
  header(name: string): string | null {
    return new HeaderMap("request headers", this.metadata).get(name);
  }

  /** Answers with one message and the end of it all, as a unary call is answered. */
  respond(message: Bytes = ""): void {
    this.send(message);
    this.close();
  }

  /** Begins the answer of a stream with these headers; what is sent first begins it without any. */
  begin(metadata: HeadersInit = []): void {
    if (!this.pending || this.#begun) return;
    this.#begun = true;
    if (this.kind === "call") return;
    this.#initial([[":status", "200"], ["content-type", "application/grpc"], ...pairsOf(metadata)]);
  }

  /** Sends a message. */
  send(message: Bytes): void {
    this.begin();
    if (!this.pending) return;
    if (this.kind === "call") this.#answer = bytesOf(message);
    else this.#receive(bytesOf(message));
  }

  /** Ends it with a gRPC status, a message for people, and trailing metadata. */
  close(status = 0, message = "", trailers: HeadersInit = []): void {
    this.#finish(status, message, "via_upstream", pairsOf(trailers));
  }

  /** Breaks the connection. */
  fail(): void {
    const reason = "connection termination";
    const detail = reason.replace(" ", "_");
    if (this.#begun) {
      if (this.kind === "stream") this.#trailing([]);
      this.#over(INTERNAL, `upstream_reset_after_response_started{${detail}}`);
      return;
    }
    this.#finish(
      UNAVAILABLE,
      resetBeforeHeaders(reason),
      `upstream_reset_before_response_started{${detail}}`,
      [],
    );
  }

  /** The filter's part: it sends a message, or its end, or both. */
  take(message: Uint8Array | null, end: boolean): void {
    if (message !== null) this.#messages.push(message);
    if (end) this.#ended = true;
  }

  /** Forgets it without telling the guest. */
  cancel(): void {
    if (!this.pending) return;
    this.#state = "cancelled";
    this.#cancelTimeout();
    this.#whenOver();
  }

  /** Does something once it is over, however. */
  whenOver(action: () => void): void {
    this.#whenOver = action;
  }

  #finish(status: number, message: string, details: string, trailers: readonly Header[]): void {
    if (!this.pending) return;
    if (this.kind === "call") {
      // Without a message there is no success.
      const answer = this.#answer;
      if (status !== OK || answer === null) {
        this.#over(status === OK ? INTERNAL : status, told(message, details));
      } else {
        this.#closed();
        this.#receive(answer);
      }
      return;
    }
    const given: Header[] = [["grpc-status", String(status)]];
    if (message !== "") given.push(["grpc-message", message]);
    const all: Header[] = [...given, ...trailers];
    if (this.#begun) {
      this.#trailing(all);
    } else {
      // All of the answer is in its headers: Envoy hands them over as trailers.
      this.#begun = true;
      this.#initial([]);
      if (!this.#goesOn) return;
      this.#trailing([[":status", "200"], ["content-type", "application/grpc"], ...all]);
    }
    if (this.#goesOn) this.#over(status, told(message, details));
  }

  // Whatever the guest was called for, it may have cancelled it there.
  get #goesOn(): boolean {
    return this.pending;
  }

  #closed(): void {
    this.#state = "closed";
    this.#cancelTimeout();
    this.#whenOver();
    this.#root.grpcClosed(this);
  }

  #over(status: number, message: string): void {
    if (!this.pending) return;
    this.#closed();
    this.#root.grpcClose(this.id, status, message);
    this.#root.vm.host.settle();
  }

  #initial(headers: readonly Header[]): void {
    const map = new HeaderMap("response headers", headers);
    this.#tell("proxy_on_grpc_receive_initial_metadata", map.size, { initial: map });
  }

  #trailing(trailers: readonly Header[]): void {
    const map = new HeaderMap("response trailers", trailers);
    this.#tell("proxy_on_grpc_receive_trailing_metadata", map.size, { trailing: map });
  }

  #receive(message: Uint8Array): void {
    this.#tell("proxy_on_grpc_receive", message.length, { message });
  }

  #tell(callback: string, size: number, received: RootContext["grpcReceived"]): void {
    const root = this.#root;
    if (root.over) return;
    root.grpcReceived = received;
    root.vm.call(callback, root, [this.id, size]);
    root.grpcReceived = null;
    root.vm.host.settle();
  }
}

/** The message as Envoy tells it: with why the response is what it is. */
function told(message: string, details: string): string {
  return message === "" ? details : `${message}{${details}}`;
}

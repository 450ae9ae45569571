import { utf8 } from "../host/bytes.ts";
import type { Bytes } from "../host/bytes.ts";
import type { GrpcCallout as HostCallout } from "../host/grpc/callout.ts";
import type { HeadersInit } from "../host/http/header-map.ts";
import type { GrpcCallout, GrpcEnd } from "./grpc-api.ts";
import { wireEnd } from "./grpc-end.ts";

/** A gRPC call or stream of a filter on the in-process host. */
export class HostGrpcCallout implements GrpcCallout {
  readonly #callout: HostCallout;
  /** The test has ended it: then nobody has broken it off. */
  #answered = false;

  constructor(callout: HostCallout) {
    this.#callout = callout;
  }

  get cluster(): string {
    return this.#callout.cluster;
  }

  get authority(): string {
    return this.#callout.authority;
  }

  get service(): string {
    return this.#callout.service;
  }

  get method(): string {
    return this.#callout.method;
  }

  get metadata(): GrpcCallout["metadata"] {
    return this.#callout.metadata;
  }

  get messages(): readonly Uint8Array[] {
    return this.#callout.messages;
  }

  get texts(): readonly string[] {
    return this.#callout.messages.map(utf8);
  }

  get ended(): boolean {
    return this.#callout.ended;
  }

  get cancelled(): boolean {
    return !this.#callout.pending && !this.#answered;
  }

  header(name: string): string | null {
    return this.#callout.header(name);
  }

  begin(metadata: HeadersInit = []): Promise<void> {
    return this.#step(false, () => {
      this.#callout.begin(metadata);
    });
  }

  send(message: Bytes): Promise<void> {
    return this.#step(false, () => {
      this.#callout.send(message);
    });
  }

  close(end: GrpcEnd = {}): Promise<void> {
    return this.#step(true, () => {
      const { status, message, trailers } = wireEnd(end);
      this.#callout.close(status, message, trailers);
    });
  }

  respond(message: Bytes = ""): Promise<void> {
    return this.#step(true, () => {
      this.#callout.respond(message);
    });
  }

  fail(): Promise<void> {
    return this.#step(true, () => {
      this.#callout.fail();
    });
  }

  /** What the host throws is the promise's. */
  #step(last: boolean, act: () => void): Promise<void> {
    return Promise.resolve().then(() => {
      const { pending } = this.#callout;
      act();
      if (last && pending) this.#answered = true;
    });
  }
}

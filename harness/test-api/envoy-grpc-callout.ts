// A gRPC call or stream as it has come to a service of the test's.
import type { OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { bytesOf, utf8 } from "../../sdk/host/bytes.ts";
import type { Bytes } from "../../sdk/host/bytes.ts";
import { pairsOf } from "../../sdk/host/http/header-map.ts";
import type { Header, HeadersInit } from "../../sdk/host/http/header-map.ts";
import type { GrpcCallout, GrpcEnd } from "../../sdk/test-api/grpc-api.ts";
import { wireEnd } from "../../sdk/test-api/grpc-end.ts";
import type { WireEnd } from "../../sdk/test-api/grpc-end.ts";
import type { Activity } from "./activity.ts";
import { Unframer, framed } from "./grpc-server.ts";
import { pairsIn } from "./received.ts";

/** What gRPC and Envoy send along with each call. */
const ADDED = /^(?::.*|te|content-type|grpc-.*|x-envoy-.*|x-forwarded-.*)$/;

export class EnvoyGrpcCallout implements GrpcCallout {
  readonly cluster: string;
  readonly authority: string;
  readonly service: string;
  readonly method: string;
  readonly metadata: readonly Header[];
  ended = false;
  cancelled = false;
  readonly #stream: ServerHttp2Stream;
  readonly #activity: Activity;
  readonly #unframer = new Unframer();
  readonly #messages: Buffer[] = [];
  #begun = false;
  #answered = false;

  constructor(
    cluster: string,
    stream: ServerHttp2Stream,
    rawHeaders: readonly string[],
    activity: Activity,
  ) {
    this.cluster = cluster;
    this.#stream = stream;
    this.#activity = activity;
    const headers = pairsIn(rawHeaders);
    const pseudo = new Map(headers);
    this.authority = pseudo.get(":authority") ?? "";
    const path = pseudo.get(":path") ?? "";
    const slash = path.lastIndexOf("/");
    this.service = path.slice(1, slash);
    this.method = path.slice(slash + 1);
    this.metadata = headers.filter(([name]) => !ADDED.test(name));
    stream.on("data", (part: Buffer) => {
      this.#messages.push(...this.#unframer.push(part));
      activity.moved();
    });
    stream.on("end", () => {
      this.ended = true;
      activity.moved();
    });
    stream.on("close", () => {
      if (!this.#answered) this.cancelled = true;
      activity.moved();
    });
  }

  get messages(): readonly Uint8Array[] {
    return this.#messages;
  }

  get texts(): readonly string[] {
    return this.#messages.map(utf8);
  }

  header(name: string): string | null {
    const wanted = name.toLowerCase();
    return this.metadata.find(([one]) => one === wanted)?.[1] ?? null;
  }

  begin(metadata: HeadersInit = []): Promise<void> {
    return this.#step(() => {
      this.#begin(metadata);
    });
  }

  send(message: Bytes): Promise<void> {
    return this.#step(() => {
      this.#send(message);
    });
  }

  async close(end: GrpcEnd = {}): Promise<void> {
    const wire = wireEnd(end);
    await this.#step(() => {
      this.#close(wire);
    });
  }

  respond(message: Bytes = ""): Promise<void> {
    return this.#step(() => {
      this.#send(message);
      this.#close(wireEnd({}));
    });
  }

  fail(): Promise<void> {
    return this.#step(() => {
      this.#answered = true;
      // Envoy was told to have a connection for each.
      this.#stream.session?.destroy();
    });
  }

  #begin(metadata: HeadersInit): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#stream.respond(
      { ":status": 200, "content-type": "application/grpc", ...outgoing(pairsOf(metadata)) },
      { waitForTrailers: true },
    );
  }

  #send(message: Bytes): void {
    this.#begin([]);
    this.#stream.write(framed(bytesOf(message)));
  }

  #close({ status, message, trailers }: WireEnd): void {
    this.#answered = true;
    const pairs: Header[] = [["grpc-status", String(status)]];
    if (message !== "") pairs.push(["grpc-message", message]);
    const headers = outgoing([...pairs, ...pairsOf(trailers)]);
    if (!this.#begun) {
      // All of the answer is in its headers.
      const first = { ":status": 200, "content-type": "application/grpc" };
      this.#stream.respond({ ...first, ...headers }, { endStream: true });
      return;
    }
    this.#stream.on("wantTrailers", () => {
      this.#stream.sendTrailers(headers);
    });
    this.#stream.end();
  }

  async #step(act: () => void): Promise<void> {
    if (!this.#answered && !this.cancelled) act();
    await this.#activity.quiet();
  }
}

/** Headers as Node takes them: those of one name together. */
function outgoing(pairs: readonly Header[]): OutgoingHttpHeaders {
  const headers: Record<string, string[]> = {};
  for (const [name, value] of pairs) (headers[name.toLowerCase()] ??= []).push(value);
  return headers;
}

// gRPC calls and streams over HTTP/2: messages in frames of their own, the status in trailers.
//   u8 0 (not compressed), u32 size (big endian), message
import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";
import type { GrpcCallout } from "../grpc/callout.ts";
import { grpcStatusOf } from "../http/local-reply.ts";
import type { Header } from "../http/header-map.ts";
import { codeOf, failureText } from "./failure.ts";
import { byName, pairsIn } from "./http.ts";

const FRAME_HEAD = 5;
const OK_STATUS = "200";
const UNAVAILABLE = 14;
const INTERNAL = 13;
/** HTTP/2's flag of headers that are all there is. */
const END_STREAM = 1;
/** What is no metadata. */
const FRAMING: ReadonlySet<string> = new Set([":status", "content-type"]);
const STATUS: ReadonlySet<string> = new Set([...FRAMING, "grpc-status", "grpc-message"]);

const valueOf = (headers: readonly Header[], name: string): string | undefined =>
  headers.find(([one]) => one === name)?.[1];
const without = (headers: readonly Header[], names: ReadonlySet<string>): Header[] =>
  headers.filter(([name]) => !names.has(name));

/** One call or stream at its service. */
export class GrpcConnection {
  readonly #callout: GrpcCallout;
  readonly #stream: ClientHttp2Stream;
  readonly #guarded: (step: () => void) => void;
  #begun = false;
  #received = Buffer.alloc(0);
  #failure: string | undefined;

  /** Begins it; of a call the message has come already. */
  constructor(
    callout: GrpcCallout,
    session: ClientHttp2Session,
    guarded: (step: () => void) => void,
  ) {
    this.#callout = callout;
    this.#guarded = guarded;
    this.#stream = session.request({
      ":method": "POST",
      ":path": `/${callout.service}/${callout.method}`,
      ":authority": callout.authority,
      te: "trailers",
      "content-type": "application/grpc",
      ...(callout.timeout === 0 ? {} : { "grpc-timeout": `${callout.timeout}m` }),
      ...Object.fromEntries(byName(callout.metadata)),
    });
    callout.whenOver(() => {
      this.#stream.close();
    });
    this.#listen();
    if (callout.kind === "call") {
      for (const message of callout.messages) this.send(message);
      this.end();
    }
  }

  /** Hands a message on. */
  send(message: Uint8Array): void {
    const head = Buffer.alloc(FRAME_HEAD);
    head.writeUInt32BE(message.length, 1);
    this.#stream.write(Buffer.concat([head, message]));
  }

  /** The filter's side has ended. */
  end(): void {
    this.#stream.end();
  }

  #listen(): void {
    const stream = this.#stream;
    stream.on("response", (_headers: unknown, flags: number, raw: string[]) => {
      this.#guarded(() => {
        this.#onHeaders(pairsIn(raw), (flags & END_STREAM) !== 0);
      });
    });
    stream.on("data", (chunk: Buffer) => {
      this.#guarded(() => {
        this.#onData(chunk);
      });
    });
    stream.on("trailers", (_headers: unknown, _flags: unknown, raw: string[]) => {
      this.#guarded(() => {
        this.#close(pairsIn(raw));
      });
    });
    stream.on("error", (error: Error) => (this.#failure = codeOf(error)));
    stream.on("close", () => {
      this.#guarded(() => {
        if (this.#begun) this.#callout.fail();
        else this.#callout.close(UNAVAILABLE, failureText(this.#failure));
      });
    });
  }

  #onHeaders(headers: readonly Header[], last: boolean): void {
    const status = valueOf(headers, ":status") ?? "";
    if (status !== OK_STATUS && valueOf(headers, "grpc-status") === undefined) {
      this.#callout.close(grpcStatusOf(Number(status)));
    } else if (last) {
      this.#close(headers);
    } else {
      this.#begun = true;
      this.#callout.begin(without(headers, FRAMING));
    }
  }

  #onData(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= FRAME_HEAD && this.#callout.pending) {
      const end = FRAME_HEAD + this.#received.readUInt32BE(1);
      if (this.#received[0] !== 0) {
        // Compressed, which nobody has asked for.
        this.#callout.close(INTERNAL);
        return;
      }
      if (this.#received.length < end) return;
      const message = this.#received.subarray(FRAME_HEAD, end);
      this.#received = this.#received.subarray(end);
      this.#callout.send(message);
    }
  }

  #close(headers: readonly Header[]): void {
    const status = Number(valueOf(headers, "grpc-status") ?? INTERNAL);
    this.#callout.close(status, valueOf(headers, "grpc-message") ?? "", without(headers, STATUS));
  }
}

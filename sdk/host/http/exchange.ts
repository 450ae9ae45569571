// A request on its way, and what came of it.
import { ToolError } from "../../errors.ts";
import { bytesOf, utf8 } from "../bytes.ts";
import type { Bytes } from "../bytes.ts";
import { countCalls, sumOf } from "../history.ts";
import type { CallbackRecord, Crossings } from "../history.ts";
import { pairsOf } from "./header-map.ts";
import type { Header, HeadersInit } from "./header-map.ts";
import type { RequestParts } from "./request.ts";
import { HttpStream } from "./stream.ts";
import type { StreamOptions } from "./stream.ts";
import type { UpstreamRequest } from "./upstream.ts";

/** The response to a request, what the upstream was sent, and what the filter did. */
export interface Reply {
  /** 0 when the stream was reset before the response began. */
  readonly status: number;
  /** In the order of the wire, one character a byte. */
  readonly headers: readonly Header[];
  /** As UTF-8 text. */
  readonly body: string;
  readonly bodyBytes: Uint8Array;
  readonly trailers: readonly Header[];
  /** The client got no whole response: the stream was reset, or the body is shorter than it says. */
  readonly reset: boolean;
  /** Why the response is what it is, in Envoy's words: `via_upstream`, `wasm_fail_stream`. */
  readonly details: string | null;
  /** What the upstream was sent; null when nothing reached it. */
  readonly upstream: UpstreamRequest | null;
  /** The callbacks on the stream's context, in order. */
  readonly callbacks: readonly CallbackRecord[];
  /** How often each host call was made in them. */
  readonly calls: Readonly<Record<string, number>>;
  /** What crossed between host and guest in them. */
  readonly crossings: Crossings;
}

/** A stream while it goes on. */
export class Exchange {
  /** Answers when the response is complete, or the stream was reset. */
  readonly reply: Promise<Reply>;
  readonly #host: StreamOptions["host"];
  readonly #stream: HttpStream;
  #resolve: (reply: Reply) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(options: Omit<StreamOptions, "onEnd">, onEnd: () => void) {
    this.#host = options.host;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever looks at the stream only does not wait for the reply.
    this.reply.catch(() => undefined);
    this.#stream = new HttpStream({
      ...options,
      onEnd: () => {
        onEnd();
        this.#resolve(this.#makeReply());
      },
    });
  }

  /** The callbacks on the stream's context so far. */
  get callbacks(): readonly CallbackRecord[] {
    return this.#stream.context?.callbacks ?? [];
  }

  /** What the upstream was sent so far; null when nothing reached it. */
  get upstream(): UpstreamRequest | null {
    return this.#stream.upstreamRequest;
  }

  /** The response as far as the client has it; status 0 before it has headers. */
  get response(): Pick<Reply, "status" | "headers" | "body"> {
    const { status, headerList, body } = this.#stream.downstream;
    return { status, headers: headerList, body: utf8(body.bytes()) };
  }

  /** The stream is over. */
  get ended(): boolean {
    return this.#stream.ended;
  }

  /** What a callback answered last; null when it was not called, or answers nothing. */
  action(callback: string): number | null {
    return this.callbacks.findLast((record) => record.callback === callback)?.result ?? null;
  }

  /** Sends what there is of the request. */
  start(parts: RequestParts): void {
    for (const step of this.steps(parts)) step();
  }

  /** What sends it, piece by piece. */
  steps({ headers, chunks, trailers, open }: RequestParts): (() => void)[] {
    const headersOnly = chunks.length === 0 && trailers === null && !open;
    const stream = this.#stream;
    const ends = !headersOnly && !open;
    const end = (): void => {
      // HTTP/1 tells the end apart from the last bytes, with which it comes.
      if (trailers === null) stream.receiveData(new Uint8Array(0), true);
      else stream.receiveTrailers(trailers);
    };
    const pieces = chunks.length === 0 && ends ? [new Uint8Array(0)] : chunks;
    return [
      () => {
        this.#run(() => {
          stream.receiveHeaders(headers, headersOnly);
        });
      },
      ...pieces.map((piece, index) => () => {
        this.#arrive(() => {
          if (piece.length > 0) stream.receiveData(piece, false);
          if (ends && index === pieces.length - 1) end();
        });
      }),
    ];
  }

  /** Sends more of the body of a request that was left open. */
  send(chunk: Bytes): void {
    this.#arrive(() => {
      this.#stream.receiveData(bytesOf(chunk), false);
    });
  }

  /** Sends a frame of METADATA, as HTTP/2 has them; filters learn how many entries it has. */
  sendMetadata(entries: HeadersInit): void {
    this.#arrive(() => {
      this.#stream.receiveMetadata(pairsOf(entries).length);
    });
  }

  /** Ends a request that was left open. */
  finish(trailers?: HeadersInit): void {
    this.#arrive(() => {
      if (trailers === undefined) this.#stream.receiveData(new Uint8Array(0), true);
      else this.#stream.receiveTrailers(pairsOf(trailers));
    });
  }

  /** The client goes away. */
  reset(): void {
    this.#run(() => {
      this.#stream.disconnect();
    });
  }

  /** The host is closed: there will be no response. */
  abandon(): void {
    const last = this.callbacks.findLast((record) => record.result !== null);
    const where = last === undefined ? "" : `: ${last.callback} answered ${last.result ?? 0}`;
    this.#reject(
      new ToolError(
        "ERR_FILTER_TRAPPED",
        `the filter stopped the stream and never continued it${where}`,
        {
          hint: "Answer the callouts that wait, advance the clock, or look for what should have continued the stream.",
        },
      ),
    );
    this.#stream.disconnect();
  }

  /** Something went wrong that the stream does not survive. */
  break(error: unknown): void {
    this.#reject(error);
    this.#stream.disconnect();
  }

  /** Something comes of the client, as soon as it is read. */
  #arrive(read: () => void): void {
    this.#run(() => {
      this.#stream.arriving.receive(read);
    });
  }

  #run(step: () => void): void {
    try {
      step();
      this.#host.settle();
    } catch (error) {
      this.break(error);
      throw error;
    }
  }

  #makeReply(): Reply {
    const { downstream, wasReset, details, upstreamRequest } = this.#stream;
    const bytes = downstream.bodyBytes;
    const callbacks = [...this.callbacks];
    return {
      status: downstream.status,
      headers: downstream.headerList,
      body: utf8(bytes),
      bodyBytes: bytes,
      trailers: downstream.trailerList,
      reset: !downstream.whole && (wasReset || downstream.incomplete),
      details,
      upstream: upstreamRequest,
      callbacks,
      calls: countCalls(callbacks),
      crossings: sumOf(callbacks),
    };
  }
}

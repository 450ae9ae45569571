import type { Need, ReceivedRequest, Reply, Stream } from "../../sdk/test-api/api.ts";
import { message } from "../../sdk/test-api/message.ts";
import { neverCame, within } from "../../sdk/test-api/waiting.ts";
import type { ClientStream } from "./client-stream.ts";
import type { Expected } from "./upstream.ts";

/** Something was asked for that the test should have said that it needs. */
export function notHere(need: Need): Error {
  return new Error(
    `a real Envoy does not show this: begin the test with filter.needs("${need}"), which ends it there as not applicable`,
  );
}

/** What a stream is part of. */
export interface StreamSurroundings {
  readonly title: string;
  readonly timeout: number;
  readonly settled: () => Promise<void>;
  readonly onEnd: () => void;
}

/** A request on its way through Envoy. */
export class EnvoyStream implements Stream {
  readonly reply: Promise<Reply>;
  readonly #client: ClientStream;
  readonly #expected: Expected;

  constructor(client: ClientStream, expected: Expected, around: StreamSurroundings) {
    this.#client = client;
    this.#expected = expected;
    this.reply = this.#reply(around).finally(() => {
      client.destroy();
      around.onEnd();
    });
    // Whoever looks at the stream only does not wait for the reply.
    this.reply.catch(() => undefined);
  }

  get upstream(): ReceivedRequest | null {
    return this.#expected.received;
  }

  get response(): Stream["response"] {
    const { status = 0, headers = [], body = Buffer.alloc(0) } = this.#client.response ?? {};
    return { status, headers, body: body.toString("utf8") };
  }

  get callbacks(): never {
    throw notHere("callbacks");
  }

  action(): never {
    throw notHere("callbacks");
  }

  send(chunk: Parameters<Stream["send"]>[0]): Promise<void> {
    return this.#client.send(chunk);
  }

  finish(trailers?: Parameters<Stream["finish"]>[0]): Promise<void> {
    return this.#client.finish(trailers);
  }

  reset(): Promise<void> {
    return this.#client.reset();
  }

  async #reply({ title, timeout, settled }: StreamSurroundings): Promise<Reply> {
    const { response } = await within(timeout, this.#client.outcome, () =>
      neverCame(
        `no complete response to ${title} in ${timeout} ms`,
        "Look for what should have continued the stream: an answer to a callout, a timer.",
      ),
    );
    await settled();
    if (this.#expected.failure !== null) throw this.#expected.failure as Error;
    const { headers = [], trailers = [], body = Buffer.alloc(0) } = response ?? {};
    return message({
      status: response?.status ?? 0,
      headers,
      trailers,
      body: body.toString("utf8"),
      bodyBytes: body,
      reset: response?.complete !== true,
      upstream: this.#expected.received,
      get callbacks(): never {
        throw notHere("callbacks");
      },
      get calls(): never {
        throw notHere("callbacks");
      },
      get crossings(): never {
        throw notHere("callbacks");
      },
    });
  }
}

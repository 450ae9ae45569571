import type { Exchange, Reply as HostReply } from "../host/http/exchange.ts";
import type { UpstreamRequest } from "../host/http/upstream.ts";
import type { ReceivedRequest, Reply, Stream } from "./api.ts";
import { message } from "./message.ts";
import { within } from "./waiting.ts";

/** A request on its way through the in-process host. */
export class HostStream implements Stream {
  readonly reply: Promise<Reply>;
  readonly #exchange: Exchange;

  constructor(exchange: Exchange, timeout: number) {
    this.#exchange = exchange;
    const reply = within(timeout, exchange.reply, () => {
      // Says where it stopped, and resets it.
      exchange.abandon();
      return new Error("abandoned");
    }).catch(() => exchange.reply);
    this.reply = reply.then(replyOf);
    // Whoever looks at the stream only does not wait for the reply.
    this.reply.catch(() => undefined);
  }

  get upstream(): ReceivedRequest | null {
    return receivedOf(this.#exchange.upstream);
  }

  get response(): Stream["response"] {
    return this.#exchange.response;
  }

  get callbacks(): Stream["callbacks"] {
    return this.#exchange.callbacks;
  }

  action(callback: string): number | null {
    return this.#exchange.action(callback);
  }

  send(chunk: Parameters<Stream["send"]>[0]): Promise<void> {
    return this.#step(() => {
      this.#exchange.send(chunk);
    });
  }

  finish(trailers?: Parameters<Stream["finish"]>[0]): Promise<void> {
    return this.#step(() => {
      this.#exchange.finish(trailers);
    });
  }

  reset(): Promise<void> {
    return this.#step(() => {
      this.#exchange.reset();
    });
  }

  #step(step: () => void): Promise<void> {
    return Promise.resolve().then(step);
  }
}

function replyOf(reply: HostReply): Reply {
  const { status, headers, trailers, body, bodyBytes, reset, callbacks, calls, crossings } = reply;
  const upstream = receivedOf(reply.upstream);
  const parts = { headers, trailers, body, bodyBytes };
  return message({ status, reset, upstream, callbacks, calls, crossings, ...parts });
}

function receivedOf(request: UpstreamRequest | null): ReceivedRequest | null {
  return request === null ? null : message({ ...request });
}

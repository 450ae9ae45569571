// Requests as a server in this process gets them, whole or not yet.
import type { IncomingMessage } from "node:http";
import type { Header } from "../../sdk/host/http/header-map.ts";
import { message } from "../../sdk/test-api/message.ts";
import type { ReceivedRequest } from "../../sdk/test-api/api.ts";

/** A request while it comes in. */
export class Incoming {
  readonly #request: IncomingMessage;
  readonly #chunks: Buffer[] = [];
  /** Resolves when it is whole; never, when it breaks off. */
  readonly whole: Promise<ReceivedRequest>;

  constructor(request: IncomingMessage) {
    this.#request = request;
    request.on("data", (chunk: Buffer) => this.#chunks.push(chunk));
    // A request that breaks off gets no answer: there is nobody to read it.
    request.on("error", () => undefined);
    this.whole = new Promise((resolve) => {
      request.on("end", () => {
        resolve(this.soFar());
      });
    });
  }

  /** What has come of it. */
  soFar(): ReceivedRequest {
    const bytes = Buffer.concat(this.#chunks);
    return message({
      method: this.#request.method ?? "",
      path: this.#request.url ?? "",
      headers: pairsIn(this.#request.rawHeaders),
      trailers: pairsIn(this.#request.rawTrailers),
      body: bytes.toString("utf8"),
      bodyBytes: bytes,
    });
  }
}

/** Node's flat list as pairs. */
export function pairsIn(raw: readonly string[]): Header[] {
  const pairs: Header[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return pairs;
}

// The least of HTTP/1.1 that a client needs to know where a response ends. It does as little as it
// can: client and proxy share the machine's cores.

const HEAD_END = Buffer.from("\r\n\r\n", "latin1");
const MAX_HEAD_BYTES = 1 << 20;
const NO_BYTES = Buffer.alloc(0);

/** Splits the bytes of a keep-alive connection into responses; bodies are dropped. */
export class ResponseReader {
  readonly #onResponse: (status: number) => void;
  /** Bytes of a head or of a chunk's size line that has not ended yet. */
  #pending: Buffer = NO_BYTES;
  #state: "head" | "body" | "chunk-size" | "chunk" | "trailers" = "head";
  /** Bytes of the body or chunk that are still to come. */
  #remaining = 0;
  #status = 0;

  /** @param onResponse Called with the status once a response is complete. */
  constructor(onResponse: (status: number) => void) {
    this.#onResponse = onResponse;
  }

  /** Takes the next bytes; they are not kept. Throws when they are no HTTP/1.1 with a length. */
  push(received: Buffer): void {
    let bytes = this.#pending.length === 0 ? received : Buffer.concat([this.#pending, received]);
    this.#pending = NO_BYTES;
    while (bytes.length > 0) {
      const used = this.#state === "head" ? this.#head(bytes) : this.#body(bytes);
      if (used === 0) {
        if (bytes.length > MAX_HEAD_BYTES) throw new Error("a response head without an end");
        // A copy: the caller fills its buffer again.
        this.#pending = Buffer.from(bytes);
        return;
      }
      bytes = bytes.subarray(used);
    }
  }

  #head(bytes: Buffer): number {
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) return 0;
    const head = bytes.toString("latin1", 0, end + 2);
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? NaN);
    if (Number.isNaN(status)) throw new Error("an answer that is no HTTP/1.1 response");
    this.#status = status;
    if (status < 200) return end + 4; // an interim response: the final one follows
    const length = /\r\ncontent-length: *(\d+) *\r\n/i.exec(head)?.[1];
    if (status === 204 || status === 304 || length === "0") {
      this.#complete();
    } else if (/\r\ntransfer-encoding: *chunked *\r\n/i.test(head)) {
      this.#state = "chunk-size";
    } else if (length !== undefined) {
      this.#state = "body";
      this.#remaining = Number(length);
    } else {
      throw new Error("a response that says neither its length nor that it comes in chunks");
    }
    return end + 4;
  }

  /** Returns how many bytes were used; 0 when a line is not complete yet. */
  #body(bytes: Buffer): number {
    if (this.#state === "body" || this.#state === "chunk") {
      const used = Math.min(this.#remaining, bytes.length);
      this.#remaining -= used;
      if (this.#remaining === 0) {
        if (this.#state === "body") this.#complete();
        else this.#state = "chunk-size";
      }
      return used;
    }
    const end = bytes.indexOf("\r\n");
    if (end < 0) return 0;
    const line = bytes.toString("latin1", 0, end);
    if (this.#state === "trailers") {
      if (line === "") this.#complete();
      return end + 2;
    }
    const size = /^[\da-f]+/i.exec(line)?.[0];
    if (size === undefined) throw new Error("a chunk without a size");
    this.#remaining = parseInt(size, 16) + 2; // with the line end that follows the chunk
    this.#state = this.#remaining === 2 ? "trailers" : "chunk";
    return end + 2;
  }

  #complete(): void {
    this.#state = "head";
    this.#remaining = 0;
    this.#onResponse(this.#status);
  }
}

/**
 * A body, or the part of it that is held. Like Envoy's buffers it is moved, not copied, from the one
 * who brings it to the one who keeps it; what was moved from is empty.
 */
export class BodyBuffer {
  #bytes: Buffer;

  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.#bytes = Buffer.from(bytes);
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** A copy of all of it. */
  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  /** A copy of `size` bytes, or of as many as there are, from `start`. */
  slice(start: number, size: number): Buffer {
    return Buffer.from(this.#bytes.subarray(start, start + size));
  }

  append(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
  }

  prepend(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([bytes, this.#bytes]);
  }

  /** Takes `size` bytes, or all there are, off the front. */
  drain(size: number): void {
    this.#bytes = this.#bytes.subarray(Math.min(size, this.#bytes.length));
  }

  /** Takes all of `other`, which is empty then. */
  move(other: BodyBuffer): void {
    this.append(other.#bytes);
    other.#bytes = Buffer.alloc(0);
  }
}

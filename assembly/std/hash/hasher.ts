import { absorb, absorbText, begin, finish, stateSize, temporaryState } from "./sha2";

/** What the hash classes have in common. `W` is the word of the algorithm. */
export abstract class Hasher<W> {
  private readonly state: StaticArray<u8> = new StaticArray<u8>(<i32>stateSize<W>());

  /** `initial` points to the initial hash value, `size` is that of the digest in bytes. */
  protected constructor(
    initial: usize,
    private readonly size: i32,
  ) {
    begin<W>(changetype<usize>(this.state), initial, 0);
  }

  /** Feeds the next part of the message. Never traps. */
  update(bytes: Uint8Array): this {
    absorb<W>(changetype<usize>(this.state), bytes.dataStart, bytes.length);
    return this;
  }

  /** Feeds the UTF-8 bytes of a text; a lone surrogate counts as U+FFFD. Never traps. */
  updateText(text: string): this {
    absorbText<W>(changetype<usize>(this.state), text);
    return this;
  }

  /** The digest of all that was fed so far. More may be fed afterwards. Never traps. */
  digest(): Uint8Array {
    const state = temporaryState<W>();
    memory.copy(state, changetype<usize>(this.state), stateSize<W>());
    const digest = new Uint8Array(this.size);
    finish<W>(state, digest.dataStart, digest.length);
    return digest;
  }
}

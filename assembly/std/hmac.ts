// HMAC (FIPS 198-1, RFC 2104) over SHA-256, SHA-384 and SHA-512. What depends on the key only is
// computed once, when the object is made: do that in `onConfigure`, and a request pays for its
// message and one block more.
import { constantTimeEqualBytes } from "./equal";
import {
  absorb,
  absorbText,
  begin,
  blockSize,
  finish,
  hashSize,
  stateSize,
  temporaryState,
} from "./hash/sha2";
import { SHA256_INITIAL } from "./sha256";
import { SHA384_INITIAL, SHA512_INITIAL } from "./sha512";

/**
 * What the HMAC classes have in common. `W` is the word of the hash function.
 *
 * ```ts
 * const hmac = new HmacSha256(key);
 * const mac = hmac.sign(message);
 * if (!hmac.verify(message, received)) return deny();
 * ```
 */
export abstract class Hmac<W> {
  /** The hash values after the block of the key: the inner hash's, then the outer one's. */
  private readonly prepared: StaticArray<u8> = new StaticArray<u8>(2 * <i32>hashSize<W>());

  /** `initial` points to the initial hash value, `size` is that of the MAC in bytes. */
  protected constructor(
    key: Uint8Array,
    initial: usize,
    private readonly size: i32,
  ) {
    const state = temporaryState<W>();
    const pad = memory.data(16 * sizeof<W>(), 8);
    const prepared = changetype<usize>(this.prepared);
    if (<usize>key.length > blockSize<W>()) {
      begin<W>(state, initial, 0);
      absorb<W>(state, key.dataStart, key.length);
      finish<W>(state, pad, size);
    } else {
      memory.copy(pad, key.dataStart, key.length);
    }
    exclusiveOr<W>(pad, 0x3636363636363636);
    begin<W>(state, initial, 0);
    absorb<W>(state, pad, blockSize<W>());
    memory.copy(prepared, state, hashSize<W>());
    exclusiveOr<W>(pad, 0x3636363636363636 ^ 0x5c5c5c5c5c5c5c5c);
    begin<W>(state, initial, 0);
    absorb<W>(state, pad, blockSize<W>());
    memory.copy(prepared + hashSize<W>(), state, hashSize<W>());
    // For the next key, and so that this one does not stay behind.
    memory.fill(pad, 0, blockSize<W>());
  }

  /** The MAC of `message`, as long as the digest of the hash function. Never traps. */
  sign(message: Uint8Array): Uint8Array {
    const state = this.open();
    absorb<W>(state, message.dataStart, message.length);
    return seal<W>(state, changetype<usize>(this.prepared), this.size);
  }

  /** The MAC of the UTF-8 bytes of `message`. Never traps. */
  signText(message: string): Uint8Array {
    const state = this.open();
    absorbText<W>(state, message);
    return seal<W>(state, changetype<usize>(this.prepared), this.size);
  }

  /**
   * Whether `mac`, which somebody sent, is that of `message`. One that is cut short is refused. The
   * time does not tell how much of it was right. Never traps.
   */
  verify(message: Uint8Array, mac: Uint8Array): bool {
    return constantTimeEqualBytes(this.sign(message), mac);
  }

  /** As `verify`, for the UTF-8 bytes of `message`. */
  verifyText(message: string, mac: Uint8Array): bool {
    return constantTimeEqualBytes(this.signText(message), mac);
  }

  /** Starts a message that comes in parts, such as a body. Any number may go on at once. */
  start(): HmacStream {
    return new Stream<W>(this.prepared, this.size);
  }

  /** The inner hash, ready for the message. */
  private open(): usize {
    const state = temporaryState<W>();
    begin<W>(state, changetype<usize>(this.prepared), blockSize<W>());
    return state;
  }
}

/**
 * The MAC of one message that comes in parts.
 *
 * ```ts
 * const stream = new HmacSha256(key).start();
 * stream.update(first).update(second);
 * if (!stream.verify(received)) return deny();
 * ```
 */
export abstract class HmacStream {
  /** Feeds the next part of the message. Never traps. */
  abstract update(bytes: Uint8Array): HmacStream;

  /** Feeds the UTF-8 bytes of a text; a lone surrogate counts as U+FFFD. Never traps. */
  abstract updateText(text: string): HmacStream;

  /** The MAC of all that was fed so far. More may be fed afterwards. Never traps. */
  abstract digest(): Uint8Array;

  /** Whether `mac` is that of all that was fed so far; as `Hmac.verify`. Never traps. */
  verify(mac: Uint8Array): bool {
    return constantTimeEqualBytes(this.digest(), mac);
  }
}


@final
class Stream<W> extends HmacStream {
  private readonly state: StaticArray<u8> = new StaticArray<u8>(<i32>stateSize<W>());

  constructor(
    private readonly prepared: StaticArray<u8>,
    private readonly size: i32,
  ) {
    super();
    begin<W>(changetype<usize>(this.state), changetype<usize>(prepared), blockSize<W>());
  }

  override update(bytes: Uint8Array): HmacStream {
    absorb<W>(changetype<usize>(this.state), bytes.dataStart, bytes.length);
    return this;
  }

  override updateText(text: string): HmacStream {
    absorbText<W>(changetype<usize>(this.state), text);
    return this;
  }

  override digest(): Uint8Array {
    const state = temporaryState<W>();
    memory.copy(state, changetype<usize>(this.state), stateSize<W>());
    return seal<W>(state, changetype<usize>(this.prepared), this.size);
  }
}

/** HMAC-SHA-256 with one key, of any length. A MAC has 32 bytes. */
@final
export class HmacSha256 extends Hmac<u32> {
  constructor(key: Uint8Array) {
    super(key, SHA256_INITIAL, 32);
  }
}

/** HMAC-SHA-384 with one key, of any length. A MAC has 48 bytes. */
@final
export class HmacSha384 extends Hmac<u64> {
  constructor(key: Uint8Array) {
    super(key, SHA384_INITIAL, 48);
  }
}

/** HMAC-SHA-512 with one key, of any length. A MAC has 64 bytes. */
@final
export class HmacSha512 extends Hmac<u64> {
  constructor(key: Uint8Array) {
    super(key, SHA512_INITIAL, 64);
  }
}

/** The HMAC-SHA-256 of one message: 32 bytes. For more, make one `HmacSha256`. Never traps. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  return new HmacSha256(key).sign(message);
}

/** The HMAC-SHA-384 of one message: 48 bytes. For more, make one `HmacSha384`. Never traps. */
export function hmacSha384(key: Uint8Array, message: Uint8Array): Uint8Array {
  return new HmacSha384(key).sign(message);
}

/** The HMAC-SHA-512 of one message: 64 bytes. For more, make one `HmacSha512`. Never traps. */
export function hmacSha512(key: Uint8Array, message: Uint8Array): Uint8Array {
  return new HmacSha512(key).sign(message);
}

/** The outer hash over the inner one, which is at `state` and spent then. */
function seal<W>(state: usize, prepared: usize, size: i32): Uint8Array {
  const mac = new Uint8Array(size);
  const data = mac.dataStart;
  finish<W>(state, data, size);
  begin<W>(state, prepared + hashSize<W>(), blockSize<W>());
  absorb<W>(state, data, size);
  finish<W>(state, data, size);
  return mac;
}

/** Combines each byte of a block with one of `mask`. */
function exclusiveOr<W>(block: usize, mask: u64): void {
  for (const end = block + blockSize<W>(); block < end; block += 8) {
    store<u64>(block, load<u64>(block) ^ mask);
  }
}

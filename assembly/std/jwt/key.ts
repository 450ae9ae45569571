import { HmacSha256, HmacSha384, HmacSha512 } from "../hmac";
import { utf8Encode } from "../utf8";

/**
 * A key that verifies tokens. It carries its algorithm: it is used for tokens of that one only,
 * and what a token says can not turn one kind of key into another.
 *
 * For an algorithm that is not here, extend it:
 *
 * ```ts
 * class Rs256Key extends JwtKey {
 *   constructor(private readonly key: foreign.PublicKey) {
 *     super("RS256", "key-1");
 *   }
 *   override verify(input: Uint8Array, signature: Uint8Array): bool {
 *     const sha256 = foreign.HashFunction.Sha256;
 *     return foreign.verifySignature(sha256, this.key, signature, input).ok;
 *   }
 * }
 * ```
 */
export abstract class JwtKey {
  protected constructor(
    /** The only `alg` (RFC 7518, section 3.1) that the key is used for. Never "none". */
    readonly algorithm: string,
    /** Which `kid` the key is for; `null`: any. */
    readonly id: string | null,
  ) {}

  /**
   * Whether `signature` is this key's for `input`, the bytes of the token in front of its second
   * dot. Both are anything at all, and must not make it trap.
   */
  abstract verify(input: Uint8Array, signature: Uint8Array): bool;
}

/** A secret for HS256: HMAC with SHA-256. */
@final
export class Hs256Key extends JwtKey {
  private readonly hmac: HmacSha256;

  private constructor(secret: Uint8Array, id: string | null) {
    super("HS256", id);
    this.hmac = new HmacSha256(secret);
  }

  /**
   * The key of a secret; `null` when it is empty or shorter than `minSize` bytes. RFC 7518 wants 32
   * at least: a token lets anybody try secrets offline. Never traps.
   */
  static fromBytes(
    secret: Uint8Array,
    id: string | null = null,
    minSize: i32 = 32,
  ): Hs256Key | null {
    return isStrong(secret, minSize) ? new Hs256Key(secret, id) : null;
  }

  /** As `fromBytes`, for the UTF-8 bytes of `secret`. */
  static fromText(secret: string, id: string | null = null, minSize: i32 = 32): Hs256Key | null {
    return Hs256Key.fromBytes(utf8Encode(secret), id, minSize);
  }

  override verify(input: Uint8Array, signature: Uint8Array): bool {
    return this.hmac.verify(input, signature);
  }
}

/** A secret for HS384: HMAC with SHA-384. */
@final
export class Hs384Key extends JwtKey {
  private readonly hmac: HmacSha384;

  private constructor(secret: Uint8Array, id: string | null) {
    super("HS384", id);
    this.hmac = new HmacSha384(secret);
  }

  /** As `Hs256Key.fromBytes`; RFC 7518 wants 48 bytes at least. */
  static fromBytes(
    secret: Uint8Array,
    id: string | null = null,
    minSize: i32 = 48,
  ): Hs384Key | null {
    return isStrong(secret, minSize) ? new Hs384Key(secret, id) : null;
  }

  /** As `fromBytes`, for the UTF-8 bytes of `secret`. */
  static fromText(secret: string, id: string | null = null, minSize: i32 = 48): Hs384Key | null {
    return Hs384Key.fromBytes(utf8Encode(secret), id, minSize);
  }

  override verify(input: Uint8Array, signature: Uint8Array): bool {
    return this.hmac.verify(input, signature);
  }
}

/** A secret for HS512: HMAC with SHA-512. */
@final
export class Hs512Key extends JwtKey {
  private readonly hmac: HmacSha512;

  private constructor(secret: Uint8Array, id: string | null) {
    super("HS512", id);
    this.hmac = new HmacSha512(secret);
  }

  /** As `Hs256Key.fromBytes`; RFC 7518 wants 64 bytes at least. */
  static fromBytes(
    secret: Uint8Array,
    id: string | null = null,
    minSize: i32 = 64,
  ): Hs512Key | null {
    return isStrong(secret, minSize) ? new Hs512Key(secret, id) : null;
  }

  /** As `fromBytes`, for the UTF-8 bytes of `secret`. */
  static fromText(secret: string, id: string | null = null, minSize: i32 = 64): Hs512Key | null {
    return Hs512Key.fromBytes(utf8Encode(secret), id, minSize);
  }

  override verify(input: Uint8Array, signature: Uint8Array): bool {
    return this.hmac.verify(input, signature);
  }
}

function isStrong(secret: Uint8Array, minSize: i32): bool {
  return secret.length >= max(minSize, 1);
}

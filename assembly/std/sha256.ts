// SHA-256 (FIPS 180-4).
import { Hasher } from "./hash/hasher";

/** The initial hash value. */
// @ts-ignore: decorator
@lazy
// prettier-ignore
export const SHA256_INITIAL: usize = memory.data<u32>([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/**
 * SHA-256 of a message that comes in parts. The digest has 32 bytes.
 *
 * ```ts
 * const hash = new Sha256();
 * hash.update(first).update(second);
 * const digest = hash.digest();
 * ```
 */
@final
export class Sha256 extends Hasher<u32> {
  constructor() {
    super(SHA256_INITIAL, 32);
  }
}

/** The SHA-256 digest of `bytes`: 32 bytes. Never traps. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Sha256().update(bytes).digest();
}

/** The SHA-256 digest of the UTF-8 bytes of `text`: 32 bytes. Never traps. */
export function sha256Text(text: string): Uint8Array {
  return new Sha256().updateText(text).digest();
}

// SHA-512 and SHA-384 (FIPS 180-4): the same but for the initial hash value and the length.
import { Hasher } from "./hash/hasher";

/** The initial hash value of SHA-512. */
// @ts-ignore: decorator
@lazy
// prettier-ignore
export const SHA512_INITIAL: usize = memory.data<u64>([
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
]);

/** The initial hash value of SHA-384. */
// @ts-ignore: decorator
@lazy
// prettier-ignore
export const SHA384_INITIAL: usize = memory.data<u64>([
  0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
  0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
]);

/** SHA-512 of a message that comes in parts. The digest has 64 bytes. See `Sha256`. */
@final
export class Sha512 extends Hasher<u64> {
  constructor() {
    super(SHA512_INITIAL, 64);
  }
}

/** The SHA-512 digest of `bytes`: 64 bytes. Never traps. */
export function sha512(bytes: Uint8Array): Uint8Array {
  return new Sha512().update(bytes).digest();
}

/** The SHA-512 digest of the UTF-8 bytes of `text`: 64 bytes. Never traps. */
export function sha512Text(text: string): Uint8Array {
  return new Sha512().updateText(text).digest();
}

/** SHA-384 of a message that comes in parts. The digest has 48 bytes. See `Sha256`. */
@final
export class Sha384 extends Hasher<u64> {
  constructor() {
    super(SHA384_INITIAL, 48);
  }
}

/** The SHA-384 digest of `bytes`: 48 bytes. Never traps. */
export function sha384(bytes: Uint8Array): Uint8Array {
  return new Sha384().update(bytes).digest();
}

/** The SHA-384 digest of the UTF-8 bytes of `text`: 48 bytes. Never traps. */
export function sha384Text(text: string): Uint8Array {
  return new Sha384().updateText(text).digest();
}

// The little ASN.1 (X.690, DER) that public keys and ECDSA signatures need.
import { copyBytes } from "../../runtime/bytes";

/** The tags that are written. */
export const enum DerTag {
  Integer = 0x02,
  BitString = 0x03,
  Sequence = 0x30,
}

/**
 * Writes from the end to the front, so that the size of a thing is known when its header is
 * written. What is written last comes first.
 */
@final
export class DerWriter {
  private readonly buffer: Uint8Array;
  /** Where the first byte is so far. */
  private start: usize;

  /** `capacity`: no fewer bytes than will be written. */
  constructor(capacity: i32) {
    this.buffer = new Uint8Array(capacity);
    this.start = <usize>capacity;
  }

  /** How many bytes there are. */
  get size(): usize {
    return <usize>this.buffer.length - this.start;
  }

  /** What was written: a copy. */
  get bytes(): Uint8Array {
    return copyBytes(this.buffer.dataStart + this.start, this.size);
  }

  /** Puts one byte in front. */
  byte(value: u32): this {
    this.start--;
    store<u8>(this.buffer.dataStart + this.start, <u8>value);
    return this;
  }

  /** Puts bytes in front. */
  raw(data: usize, size: usize): this {
    this.start -= size;
    memory.copy(this.buffer.dataStart + this.start, data, size);
    return this;
  }

  /** Puts the tag and the length of all but the last `behind` bytes in front of them. */
  wrap(tag: DerTag, behind: usize = 0): this {
    const size = <u32>(this.size - behind);
    if (size < 0x80) return this.byte(size).byte(tag);
    let count = 0;
    for (let rest = size; rest; rest >>= 8) {
      this.byte(rest & 0xff);
      count++;
    }
    return this.byte(0x80 | count).byte(tag);
  }

  /** Puts the INTEGER in front whose bytes, without a sign, are at `data`. */
  integer(data: usize, size: usize): this {
    const behind = this.size;
    for (; size > 1 && !load<u8>(data); size--) data++;
    this.raw(data, size);
    if (!size || load<u8>(data) & 0x80) this.byte(0);
    return this.wrap(DerTag.Integer, behind);
  }
}

/**
 * An ECDSA signature as JWS has it (RFC 7518, section 3.4: r and s, each with `size` bytes) as
 * cryptographic libraries have it: a SEQUENCE of two INTEGERs. `null` when its length is another.
 */
export function ecdsaToDer(signature: Uint8Array, size: i32): Uint8Array | null {
  if (signature.length != 2 * size) return null;
  const data = signature.dataStart;
  const n = <usize>size;
  return new DerWriter(2 * size + 16)
    .integer(data + n, n)
    .integer(data, n)
    .wrap(DerTag.Sequence).bytes;
}

// AlgorithmIdentifiers (RFC 3279, 5480) in DER, each behind its size.
// ╒════════════════════════════════════════════╕
// │ u8 size │ SEQUENCE of OIDs, or OID and NULL │
// └────────────────────────────────────────────┘
// @ts-ignore: decorator
@lazy
// prettier-ignore
const RSA_ENCRYPTION: usize = memory.data<u8>([
  15, 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 5, 0,
]);
// @ts-ignore: decorator
@lazy
// prettier-ignore
const P256: usize = memory.data<u8>([
  21, 0x30, 19, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
  6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
]);
// @ts-ignore: decorator
@lazy
// prettier-ignore
const P384: usize = memory.data<u8>([
  18, 0x30, 16, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 6, 5, 0x2b, 0x81, 0x04, 0, 0x22,
]);
// @ts-ignore: decorator
@lazy
// prettier-ignore
const P521: usize = memory.data<u8>([
  18, 0x30, 16, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 6, 5, 0x2b, 0x81, 0x04, 0, 0x23,
]);

/** The SubjectPublicKeyInfo of an RSA key, of which modulus and exponent are given. */
export function rsaToDer(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  const key = new DerWriter(modulus.length + exponent.length + 64)
    .integer(exponent.dataStart, exponent.length)
    .integer(modulus.dataStart, modulus.length)
    .wrap(DerTag.Sequence);
  return publicKeyInfo(key, RSA_ENCRYPTION);
}

/** The SubjectPublicKeyInfo of a point on P-256, P-384 or P-521, by the size of its coordinates. */
export function pointToDer(x: Uint8Array, y: Uint8Array): Uint8Array {
  const size = x.length;
  const key = new DerWriter(2 * size + 64)
    .raw(y.dataStart, y.length)
    .raw(x.dataStart, size)
    .byte(4); // not compressed
  return publicKeyInfo(key, size == 32 ? P256 : size == 48 ? P384 : P521);
}

/** Wraps a key with the algorithm that it is for. */
function publicKeyInfo(key: DerWriter, algorithm: usize): Uint8Array {
  return key
    .byte(0) // no bits are unused
    .wrap(DerTag.BitString)
    .raw(algorithm + 1, load<u8>(algorithm))
    .wrap(DerTag.Sequence).bytes;
}

// Bytes as the host keeps them: bodies and values as Uint8Array, header names and values as strings of
// one character a byte (latin1), as HTTP has them.

/** Text is sent as UTF-8. */
export type Bytes = string | Uint8Array;

/** The bytes of text as UTF-8, or the bytes themselves. */
export function bytesOf(value: Bytes): Uint8Array {
  return typeof value === "string" ? Buffer.from(value, "utf8") : value;
}

/** Bytes as a string of one character a byte. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** The bytes of a string of one character a byte. */
export function fromLatin1(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

/** Bytes as UTF-8 text, U+FFFD for what is none. */
export function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** The eight bytes of a signed number, little-endian: how properties have numbers. */
export function int64(value: number | bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)));
  return bytes;
}

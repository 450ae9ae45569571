import { base64DecodeBytes } from "../base64";

// @ts-ignore: decorator
@lazy @inline
const BEGIN: string = "-----BEGIN PUBLIC KEY-----";
// @ts-ignore: decorator
@lazy @inline
const END: string = "-----END PUBLIC KEY-----";

/**
 * The SubjectPublicKeyInfo in DER that a PEM text (RFC 7468) holds; `null` when it holds none. What
 * stands in front of it and behind it does not matter. Never traps.
 */
export function publicKeyFromPem(pem: string): Uint8Array | null {
  const begin = pem.indexOf(BEGIN);
  const end = begin < 0 ? -1 : pem.indexOf(END, begin + BEGIN.length);
  if (end < 0) return null;
  const characters = new Uint8Array(end - begin - BEGIN.length);
  let size = 0;
  for (let i = begin + BEGIN.length; i < end; i++) {
    const unit = pem.charCodeAt(i);
    if (unit == 0x20 || (unit >= 0x09 && unit <= 0x0d)) continue;
    // A unit beyond one byte is no character of base64, and must not become one.
    characters[size++] = <u8>min(unit, 0xff);
  }
  const der = base64DecodeBytes(characters.subarray(0, size));
  return der.error == null && der.value.length > 0 ? der.value : null;
}

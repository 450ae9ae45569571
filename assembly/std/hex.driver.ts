// What hex.test.ts calls.
import { hexDecode, hexDecodeBytes, hexEncode, hexEncodeBytes } from "./hex";
import { bytesOf, lastError, lastOffset } from "./result.driver";

export { lastError, lastOffset };

export function encode(bytes: ArrayBuffer, upperCase: bool): string {
  return hexEncode(Uint8Array.wrap(bytes), upperCase);
}

export function encodeBytes(bytes: ArrayBuffer, upperCase: bool): ArrayBuffer {
  return hexEncodeBytes(Uint8Array.wrap(bytes), upperCase).buffer;
}

export function decode(text: string): ArrayBuffer {
  return bytesOf(hexDecode(text));
}

export function decodeBytes(digits: ArrayBuffer): ArrayBuffer {
  return bytesOf(hexDecodeBytes(Uint8Array.wrap(digits)));
}

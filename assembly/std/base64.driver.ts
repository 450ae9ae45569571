// What base64.test.ts calls.
import * as base64 from "./base64";
import { bytesOf, lastError, lastOffset, valueOf } from "./result.driver";

export { lastError, lastOffset };

export function encode(bytes: ArrayBuffer, url: bool, padding: bool): string {
  const data = Uint8Array.wrap(bytes);
  return url ? base64.base64UrlEncode(data, padding) : base64.base64Encode(data, padding);
}

export function encodeText(text: string, url: bool, padding: bool): string {
  return url ? base64.base64UrlEncodeText(text, padding) : base64.base64EncodeText(text, padding);
}

export function encodeBytes(bytes: ArrayBuffer, url: bool, padding: bool): ArrayBuffer {
  const data = Uint8Array.wrap(bytes);
  const encoded = url
    ? base64.base64UrlEncodeBytes(data, padding)
    : base64.base64EncodeBytes(data, padding);
  return encoded.buffer;
}

/** With the defaults for padding. */
export function encodeDefault(bytes: ArrayBuffer, url: bool): string {
  const data = Uint8Array.wrap(bytes);
  return url ? base64.base64UrlEncode(data) : base64.base64Encode(data);
}

export function decode(text: string, url: bool, padding: base64.Base64Padding): ArrayBuffer {
  return bytesOf(url ? base64.base64UrlDecode(text, padding) : base64.base64Decode(text, padding));
}

export function decodeText(text: string, url: bool, padding: base64.Base64Padding): string {
  return valueOf(
    url ? base64.base64UrlDecodeText(text, padding) : base64.base64DecodeText(text, padding),
  );
}

export function decodeBytes(
  characters: ArrayBuffer,
  url: bool,
  padding: base64.Base64Padding,
): ArrayBuffer {
  const data = Uint8Array.wrap(characters);
  return bytesOf(
    url ? base64.base64UrlDecodeBytes(data, padding) : base64.base64DecodeBytes(data, padding),
  );
}

/** With the defaults for padding. */
export function decodeDefault(text: string, url: bool): ArrayBuffer {
  return bytesOf(url ? base64.base64UrlDecode(text) : base64.base64Decode(text));
}

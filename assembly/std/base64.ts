// Base64 and base64url (RFC 4648, sections 4 and 5). Decoding takes exactly what encoding can give:
// no line breaks, no other alphabet's characters, no bits left over, so that no two texts stand for
// the same bytes. Everything takes linear time, and memory for the result only.
import { decodeUtf8, encodeUtf8, maxUtf8Size } from "../runtime/text";
import { failure, Result } from "./result";
import { findUtf8Fault } from "./utf8-validate";

/** What decoding wants of the `=` that fill the last group of four characters. */
export const enum Base64Padding {
  /** It must be there. */
  Required,
  /** It must not be there. */
  Forbidden,
  /** It may be there, in full, or not. */
  Optional,
}

// @ts-ignore: decorator
@lazy
const STANDARD: string = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// @ts-ignore: decorator
@lazy
const URL: string = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The value of each ASCII character; 255 for those that are not in the alphabet. */
// @ts-ignore: decorator
@lazy
// prettier-ignore
const STANDARD_VALUES: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 62, 255, 255, 255, 63,
  52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 255, 255, 255, 255, 255, 255,
  255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
  15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 255, 255, 255, 255, 255,
  255, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
  41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 255, 255, 255, 255, 255,
]);

// @ts-ignore: decorator
@lazy
// prettier-ignore
const URL_VALUES: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 62, 255, 255,
  52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 255, 255, 255, 255, 255, 255,
  255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
  15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 255, 255, 255, 255, 63,
  255, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
  41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 255, 255, 255, 255, 255,
]);

// @ts-ignore: decorator
@inline
const EQUALS: u32 = 0x3d;

/** The base64 text of `bytes`: `base64Encode(key)` is `"a2V5"`. Never traps. */
export function base64Encode(bytes: Uint8Array, padding: bool = true): string {
  return encodeToString(bytes.dataStart, bytes.length, STANDARD, padding);
}

/** As `base64Encode`, for text as UTF-8: `"Basic " + base64EncodeText(user + ":" + password)`. */
export function base64EncodeText(text: string, padding: bool = true): string {
  return encodeText(text, STANDARD, padding);
}

/** As `base64Encode`, with the characters as bytes. */
export function base64EncodeBytes(bytes: Uint8Array, padding: bool = true): Uint8Array {
  return encodeToBytes(bytes, STANDARD, padding);
}

/** The base64url text of `bytes`, without padding unless asked for. Never traps. */
export function base64UrlEncode(bytes: Uint8Array, padding: bool = false): string {
  return encodeToString(bytes.dataStart, bytes.length, URL, padding);
}

/** As `base64UrlEncode`, for text as UTF-8. */
export function base64UrlEncodeText(text: string, padding: bool = false): string {
  return encodeText(text, URL, padding);
}

/** As `base64UrlEncode`, with the characters as bytes. */
export function base64UrlEncodeBytes(bytes: Uint8Array, padding: bool = false): Uint8Array {
  return encodeToBytes(bytes, URL, padding);
}

/**
 * The bytes that a base64 text stands for. An error names the first fault: a character that is not
 * in the alphabet, padding that is missing, misplaced or not wanted, a last group of one character,
 * bits that are not zero after the last byte. Never traps.
 */
export function base64Decode(
  text: string,
  padding: Base64Padding = Base64Padding.Required,
): Result<Uint8Array> {
  return decode<u16>(changetype<usize>(text), text.length, STANDARD_VALUES, padding);
}

/** As `base64Decode`, for what stands for text; bytes that are no UTF-8 are an error. */
export function base64DecodeText(
  text: string,
  padding: Base64Padding = Base64Padding.Required,
): Result<string> {
  return toText(base64Decode(text, padding));
}

/** As `base64Decode`, with the characters as bytes. */
export function base64DecodeBytes(
  characters: Uint8Array,
  padding: Base64Padding = Base64Padding.Required,
): Result<Uint8Array> {
  return decode<u8>(characters.dataStart, characters.length, STANDARD_VALUES, padding);
}

/** As `base64Decode`, for base64url, without padding unless asked for. */
export function base64UrlDecode(
  text: string,
  padding: Base64Padding = Base64Padding.Forbidden,
): Result<Uint8Array> {
  return decode<u16>(changetype<usize>(text), text.length, URL_VALUES, padding);
}

/** As `base64UrlDecode`, for what stands for text; bytes that are no UTF-8 are an error. */
export function base64UrlDecodeText(
  text: string,
  padding: Base64Padding = Base64Padding.Forbidden,
): Result<string> {
  return toText(base64UrlDecode(text, padding));
}

/** As `base64UrlDecode`, with the characters as bytes. */
export function base64UrlDecodeBytes(
  characters: Uint8Array,
  padding: Base64Padding = Base64Padding.Forbidden,
): Result<Uint8Array> {
  return decode<u8>(characters.dataStart, characters.length, URL_VALUES, padding);
}

function encodedLength(size: usize, padding: bool): usize {
  const rest = size % 3;
  return (size / 3) * 4 + (rest ? (padding ? 4 : rest + 1) : 0);
}

function encodeToString(data: usize, size: usize, alphabet: string, padding: bool): string {
  const length = encodedLength(size, padding);
  if (!length) return "";
  const text = changetype<string>(__new(length << 1, idof<string>()));
  encode<u16>(data, size, changetype<usize>(alphabet), changetype<usize>(text), padding);
  return text;
}

function encodeText(text: string, alphabet: string, padding: bool): string {
  const data = heap.alloc(maxUtf8Size(text.length));
  const encoded = encodeToString(data, encodeUtf8(text, data), alphabet, padding);
  heap.free(data);
  return encoded;
}

function encodeToBytes(bytes: Uint8Array, alphabet: string, padding: bool): Uint8Array {
  const size = <usize>bytes.length;
  const encoded = new Uint8Array(<i32>encodedLength(size, padding));
  encode<u8>(bytes.dataStart, size, changetype<usize>(alphabet), encoded.dataStart, padding);
  return encoded;
}

/** Writes characters of type U at `to`. */
function encode<U>(data: usize, size: usize, alphabet: usize, to: usize, padding: bool): void {
  const end = data + size;
  let from = data;
  for (; from + 3 <= end; from += 3) {
    const bits =
      ((<u32>load<u8>(from)) << 16) | ((<u32>load<u8>(from, 1)) << 8) | load<u8>(from, 2);
    store<U>(to, character<U>(alphabet, bits >> 18));
    store<U>(to, character<U>(alphabet, bits >> 12), sizeof<U>());
    store<U>(to, character<U>(alphabet, bits >> 6), 2 * sizeof<U>());
    store<U>(to, character<U>(alphabet, bits), 3 * sizeof<U>());
    to += 4 * sizeof<U>();
  }
  if (from == end) return;
  const two = end - from == 2;
  const bits = ((<u32>load<u8>(from)) << 16) | (two ? (<u32>load<u8>(from, 1)) << 8 : 0);
  store<U>(to, character<U>(alphabet, bits >> 18));
  store<U>(to, character<U>(alphabet, bits >> 12), sizeof<U>());
  if (two) store<U>(to, character<U>(alphabet, bits >> 6), 2 * sizeof<U>());
  if (!padding) return;
  if (!two) store<U>(to, <U>EQUALS, 2 * sizeof<U>());
  store<U>(to, <U>EQUALS, 3 * sizeof<U>());
}

/** The character for the low six bits of `bits`. */
// @ts-ignore: decorator
@inline
function character<U>(alphabet: usize, bits: u32): U {
  return <U>load<u16>(alphabet + ((bits & 63) << 1));
}

/** Decodes `length` characters of type U. */
function decode<U>(
  source: usize,
  length: usize,
  values: usize,
  padding: Base64Padding,
): Result<Uint8Array> {
  let digits = length;
  while (digits && length - digits < 2 && unitAt<U>(source, digits - 1) == EQUALS) digits--;
  const rest = digits & 3;
  const bytes = new Uint8Array(<i32>((digits >> 2) * 3 + (rest ? rest - 1 : 0)));
  let to = bytes.dataStart;
  const whole = digits - rest;
  for (let i: usize = 0; i < whole; i += 4) {
    const at = source + i * sizeof<U>();
    // Beyond ASCII the tables have no values.
    const outside =
      sizeof<U>() == 2 ? load<u64>(at) & 0xff80ff80ff80ff80 : load<u32>(at) & 0x80808080;
    if (outside) return badCharacter<U>(source, i, values);
    const a = <u32>load<u8>(values + unitAt<U>(at, 0));
    const b = <u32>load<u8>(values + unitAt<U>(at, 1));
    const c = <u32>load<u8>(values + unitAt<U>(at, 2));
    const d = <u32>load<u8>(values + unitAt<U>(at, 3));
    if ((a | b | c | d) > 63) return badCharacter<U>(source, i, values);
    store<u8>(to, <u8>((a << 2) | (b >> 4)));
    store<u8>(to, <u8>((b << 4) | (c >> 2)), 1);
    store<u8>(to, <u8>((c << 6) | d), 2);
    to += 3;
  }
  let bits: u32 = 0;
  for (let i = whole; i < digits; i++) {
    const value = valueOf(values, unitAt<U>(source, i));
    if (value > 63) return badCharacter<U>(source, i, values);
    bits = (bits << 6) | value;
  }
  if (rest == 1) {
    return failure<Uint8Array>("base64: one character left over at the end", digits - 1);
  }
  // Two characters are 12 bits for 8, three are 18 for 16.
  const spare = rest ? (rest == 2 ? 4 : 2) : 0;
  if (bits & ((1 << spare) - 1)) {
    return failure<Uint8Array>("base64: bits after the last byte are not zero", digits - 1);
  }
  if (rest == 3) store<u16>(to, bswap<u16>(<u16>(bits >> 2)));
  else if (rest == 2) store<u8>(to, <u8>(bits >> 4));
  const filled = length - digits;
  const missing: usize = (4 - rest) & 3;
  if (padding == Base64Padding.Forbidden) {
    if (filled) return failure<Uint8Array>("base64: padding is not allowed", digits);
  } else if (filled > missing) {
    return failure<Uint8Array>("base64: too much padding", digits + missing);
  } else if (filled < missing && (filled || padding == Base64Padding.Required)) {
    return failure<Uint8Array>("base64: padding is missing", length);
  }
  return new Result<Uint8Array>(bytes);
}

// @ts-ignore: decorator
@inline
function unitAt<U>(source: usize, index: usize): u32 {
  return <u32>load<U>(source + index * sizeof<U>());
}

// @ts-ignore: decorator
@inline
function valueOf(values: usize, unit: u32): u32 {
  return unit < 128 ? <u32>load<u8>(values + unit) : 255;
}

/** The error for the first character from `index` on that is not in the alphabet. */
function badCharacter<U>(source: usize, index: usize, values: usize): Result<Uint8Array> {
  while (valueOf(values, unitAt<U>(source, index)) < 64) index++;
  const message =
    unitAt<U>(source, index) == EQUALS
      ? "base64: padding before the end"
      : "base64: character is not in the alphabet";
  return failure<Uint8Array>(message, index);
}

function toText(bytes: Result<Uint8Array>): Result<string> {
  const error = bytes.error;
  if (error != null) return failure<string>(error, bytes.errorOffset);
  const data = bytes.value.dataStart;
  const size = <usize>bytes.value.length;
  const fault = findUtf8Fault(data, size);
  if (fault == size) return new Result<string>(decodeUtf8(data, size));
  // The character that has the first bits of the byte at fault.
  return failure<string>("base64: not UTF-8", (fault / 3) * 4 + (fault % 3));
}

// Percent-coding of what goes into a URL (RFC 3986, section 2.1; for forms and queries, where a
// space may be `+`, also the application/x-www-form-urlencoded format). Everything takes linear
// time, and memory for the result only.
import { decodeUtf8, encodeUtf8, maxUtf8Size } from "../runtime/text";
import { hexValue } from "./hex";
import { failure, Result } from "./result";
import { findUtf8Fault } from "./utf8-validate";

// @ts-ignore: decorator
@inline
const PERCENT: u32 = 0x25;

// @ts-ignore: decorator
@inline
const PLUS: u32 = 0x2b;

// @ts-ignore: decorator
@inline
const SPACE: u32 = 0x20;

// @ts-ignore: decorator
@lazy
const DIGITS: string = "0123456789ABCDEF";

// Sets of ASCII characters: a bit for each, those below 64 in the first word.

/** The unreserved characters: letters, digits, `-`, `.`, `_`, `~`. */
// @ts-ignore: decorator
@lazy
const UNRESERVED: usize = memory.data<u64>([0x03ff600000000000, 0x47fffffe87fffffe]);

/** What may stand in a segment of a path (`pchar`): also `!$&'()*+,;=:@`. */
// @ts-ignore: decorator
@lazy
const SEGMENT: usize = memory.data<u64>([0x2fff7fd200000000, 0x47fffffe87ffffff]);

/** What a form leaves alone: letters, digits, `-`, `.`, `_`, `*`. */
// @ts-ignore: decorator
@lazy
const FORM: usize = memory.data<u64>([0x03ff640000000000, 0x07fffffe87fffffe]);

/**
 * Encodes text for any place in a URL: all but letters, digits, `-`, `.`, `_` and `~` becomes the
 * percent escapes of its UTF-8. `percentEncode("a/b é")` is `"a%2Fb%20%C3%A9"`. A lone surrogate is
 * encoded as U+FFFD. Never traps.
 */
export function percentEncode(text: string): string {
  return encodeText(text, UNRESERVED, false);
}

/** As `percentEncode`, for bytes. */
export function percentEncodeBytes(bytes: Uint8Array): string {
  return encode(bytes.dataStart, bytes.length, UNRESERVED, false);
}

/**
 * Encodes one segment of a path: leaves what else may stand there, `!$&'()*+,;=:@`, as it is. `/` is
 * encoded. The segments `.` and `..` have a meaning that no encoding takes away. Never traps.
 */
export function percentEncodeSegment(text: string): string {
  return encodeText(text, SEGMENT, false);
}

/**
 * Encodes a name or a value of a form or query as browsers send them: a space is `+`, and all but
 * letters, digits, `-`, `.`, `_` and `*` is escaped. Never traps.
 */
export function percentEncodeForm(text: string): string {
  return encodeText(text, FORM, true);
}

/**
 * Decodes the escapes in a text; everything else stands for itself, and with `plus`, as in forms and
 * queries, `+` for a space. A `%` without two hexadecimal digits is an error; where there
 * is none, escapes that do not come to UTF-8 are: `%C0%AF` is not `/`. Never traps.
 */
export function percentDecode(text: string, plus: bool = false): Result<string> {
  const bad = malformedEscape(text);
  if (bad >= 0) return failure<string>("percent: two hexadecimal digits must follow %", bad);
  if (isPlain(text, plus)) return new Result<string>(text);
  const data = heap.alloc(maxUtf8Size(text.length));
  const size = decode(text, data, plus);
  const fault = findUtf8Fault(data, size);
  const result =
    fault == size
      ? new Result<string>(decodeUtf8(data, size))
      : failure<string>("percent: not UTF-8", offsetOfByte(text, fault));
  heap.free(data);
  return result;
}

/** As `percentDecode`, to bytes, which need not be UTF-8. */
export function percentDecodeBytes(text: string, plus: bool = false): Result<Uint8Array> {
  const bad = malformedEscape(text);
  if (bad >= 0) return failure<Uint8Array>("percent: two hexadecimal digits must follow %", bad);
  const data = heap.alloc(maxUtf8Size(text.length));
  const size = decode(text, data, plus);
  const bytes = new Uint8Array(<i32>size);
  memory.copy(bytes.dataStart, data, size);
  heap.free(data);
  return new Result<Uint8Array>(bytes);
}

/**
 * As `percentDecode`, but takes anything, as browsers do for queries: a `%` without two hexadecimal
 * digits stands for itself, and what is no UTF-8 becomes U+FFFD. Never traps.
 */
export function percentDecodeLoose(text: string, plus: bool = false): string {
  if (isPlain(text, plus)) return text;
  const data = heap.alloc(maxUtf8Size(text.length));
  const decoded = decodeUtf8(data, decode(text, data, plus));
  heap.free(data);
  return decoded;
}

function encodeText(text: string, kept: usize, plus: bool): string {
  const data = heap.alloc(maxUtf8Size(text.length));
  const encoded = encode(data, encodeUtf8(text, data), kept, plus);
  heap.free(data);
  return encoded;
}

function encode(data: usize, size: usize, kept: usize, plus: bool): string {
  const end = data + size;
  let length: usize = 0;
  for (let from = data; from < end; from++) {
    const byte = <u32>load<u8>(from);
    length += isKept(kept, byte) || (plus && byte == SPACE) ? 1 : 3;
  }
  if (!length) return "";
  const text = __new(length << 1, idof<string>());
  let to = text;
  for (let from = data; from < end; from++) {
    const byte = <u32>load<u8>(from);
    if (isKept(kept, byte)) {
      store<u16>(to, <u16>byte);
    } else if (plus && byte == SPACE) {
      store<u16>(to, <u16>PLUS);
    } else {
      store<u16>(to, <u16>PERCENT);
      store<u16>(to, load<u16>(changetype<usize>(DIGITS) + ((byte >> 4) << 1)), 2);
      store<u16>(to, load<u16>(changetype<usize>(DIGITS) + ((byte & 15) << 1)), 4);
      to += 4;
    }
    to += 2;
  }
  return changetype<string>(text);
}

// @ts-ignore: decorator
@inline
function isKept(kept: usize, byte: u32): bool {
  return byte < 128 && ((load<u64>(kept + ((byte >> 6) << 3)) >> (byte & 63)) & 1) != 0;
}

/** Where the first `%` without two hexadecimal digits is; -1 when there is none. */
function malformedEscape(text: string): i32 {
  const start = changetype<usize>(text);
  const end = start + ((<usize>text.length) << 1);
  for (let at = start; at < end; at += 2) {
    if (<u32>load<u16>(at) != PERCENT) continue;
    if (escapeAt(at, end) < 0) return <i32>((at - start) >> 1);
    at += 4;
  }
  return -1;
}

/** The byte of the escape whose `%` is at `at`; negative when it is none. */
function escapeAt(at: usize, end: usize): i32 {
  if (end - at < 6) return -1;
  const value = (hexValue(load<u16>(at, 2)) << 4) | hexValue(load<u16>(at, 4));
  return value < 256 ? value : -1;
}

/** Whether there is nothing to decode; lone surrogates are. */
function isPlain(text: string, plus: bool): bool {
  const end = changetype<usize>(text) + ((<usize>text.length) << 1);
  for (let at = changetype<usize>(text); at < end; at += 2) {
    const unit = <u32>load<u16>(at);
    if (unit == PERCENT || (plus && unit == PLUS) || (unit & 0xf800) == 0xd800) return false;
  }
  return true;
}

/** Writes the bytes that a text stands for at `data` and returns how many they are. */
function decode(text: string, data: usize, plus: bool): usize {
  // The UTF-8 of the text first; then escapes shrink in place.
  const end = data + encodeUtf8(text, data);
  let to = data;
  for (let from = data; from < end; from++) {
    let byte = <u32>load<u8>(from);
    if (byte == PERCENT && end - from >= 3) {
      const value = (hexValue(load<u8>(from, 1)) << 4) | hexValue(load<u8>(from, 2));
      if (value < 256) {
        byte = value;
        from += 2;
      }
    } else if (plus && byte == PLUS) {
      byte = SPACE;
    }
    store<u8>(to++, <u8>byte);
  }
  return to - data;
}

/** Where in a text the character or escape begins that the byte at `index` of its bytes is of. */
function offsetOfByte(text: string, index: usize): i32 {
  const start = changetype<usize>(text);
  const end = start + ((<usize>text.length) << 1);
  let bytes: usize = 0;
  let at = start;
  while (at < end) {
    const unit = <u32>load<u16>(at);
    let width: usize = 2;
    let size: usize = 3;
    if (unit < 0x80) {
      size = 1;
      if (unit == PERCENT) width = 6;
    } else if (unit < 0x800) {
      size = 2;
    } else if ((unit & 0xfc00) == 0xd800 && at + 2 < end && (load<u16>(at, 2) & 0xfc00) == 0xdc00) {
      width = 4;
      size = 4;
    }
    if (bytes + size > index) break;
    bytes += size;
    at += width;
  }
  return <i32>((at - start) >> 1);
}

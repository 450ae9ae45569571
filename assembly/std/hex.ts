// Hexadecimal (base16, RFC 4648 section 8): two digits for each byte. Everything takes linear time,
// and memory for the result only.
import { failure, Result } from "./result";

// @ts-ignore: decorator
@lazy
const LOWER: string = "0123456789abcdef";

// @ts-ignore: decorator
@lazy
const UPPER: string = "0123456789ABCDEF";

/** The hexadecimal text of `bytes`, in lower case unless asked otherwise. Never traps. */
export function hexEncode(bytes: Uint8Array, upperCase: bool = false): string {
  if (!bytes.length) return "";
  const text = changetype<string>(__new((<usize>bytes.length) << 2, idof<string>()));
  encode<u16>(bytes, changetype<usize>(upperCase ? UPPER : LOWER), changetype<usize>(text));
  return text;
}

/** As `hexEncode`, with the digits as bytes. */
export function hexEncodeBytes(bytes: Uint8Array, upperCase: bool = false): Uint8Array {
  const digits = new Uint8Array(bytes.length << 1);
  encode<u8>(bytes, changetype<usize>(upperCase ? UPPER : LOWER), digits.dataStart);
  return digits;
}

/**
 * The bytes that hexadecimal digits of either case stand for: `hexDecode("00fF")` are 0 and 255. An
 * error when there is anything else in the text or an odd number of digits. Never traps.
 */
export function hexDecode(text: string): Result<Uint8Array> {
  return decode<u16>(changetype<usize>(text), text.length);
}

/** As `hexDecode`, with the digits as bytes. */
export function hexDecodeBytes(digits: Uint8Array): Result<Uint8Array> {
  return decode<u8>(digits.dataStart, digits.length);
}

/** Writes digits of type U at `to`. */
function encode<U>(bytes: Uint8Array, alphabet: usize, to: usize): void {
  const end = bytes.dataStart + bytes.length;
  for (let from = bytes.dataStart; from < end; from++) {
    const byte = <usize>load<u8>(from);
    store<U>(to, <U>load<u16>(alphabet + ((byte >> 4) << 1)));
    store<U>(to, <U>load<u16>(alphabet + ((byte & 15) << 1)), sizeof<U>());
    to += 2 * sizeof<U>();
  }
}

/** Decodes `length` digits of type U. */
function decode<U>(source: usize, length: usize): Result<Uint8Array> {
  const bytes = new Uint8Array(<i32>(length >> 1));
  let to = bytes.dataStart;
  let high: u32 = 0;
  for (let i: usize = 0; i < length; i++) {
    const value = hexValue(<u32>load<U>(source + i * sizeof<U>()));
    if (value > 15) return failure<Uint8Array>("hex: not a hexadecimal digit", i);
    if (i & 1) store<u8>(to++, <u8>((high << 4) | value));
    else high = value;
  }
  if (length & 1) return failure<Uint8Array>("hex: odd number of digits", length);
  return new Result<Uint8Array>(bytes);
}

/** The value of a hexadecimal digit of either case; 256 for anything else. */
// @ts-ignore: decorator
@inline
export function hexValue(unit: u32): u32 {
  const decimal = unit - 0x30;
  if (decimal <= 9) return decimal;
  const letter = (unit | 0x20) - 0x61;
  return letter <= 5 ? letter + 10 : 256;
}

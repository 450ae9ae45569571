// What percent.test.ts calls.
import * as percent from "./percent";
import { bytesOf, lastError, lastOffset, valueOf } from "./result.driver";

export { lastError, lastOffset };

export function encode(text: string): string {
  return percent.percentEncode(text);
}

export function encodeBytes(bytes: ArrayBuffer): string {
  return percent.percentEncodeBytes(Uint8Array.wrap(bytes));
}

export function encodeSegment(text: string): string {
  return percent.percentEncodeSegment(text);
}

export function encodeForm(text: string): string {
  return percent.percentEncodeForm(text);
}

export function decode(text: string, plus: bool): string {
  return valueOf(percent.percentDecode(text, plus));
}

export function decodeBytes(text: string, plus: bool): ArrayBuffer {
  return bytesOf(percent.percentDecodeBytes(text, plus));
}

export function decodeLoose(text: string, plus: bool): string {
  return percent.percentDecodeLoose(text, plus);
}

// What utf8-validate.test.ts calls.
import { isUtf8, utf8FaultOffset } from "./utf8-validate";

export function valid(bytes: ArrayBuffer): bool {
  return isUtf8(Uint8Array.wrap(bytes));
}

export function fault(bytes: ArrayBuffer): i32 {
  return utf8FaultOffset(Uint8Array.wrap(bytes));
}

export function faultWithin(bytes: ArrayBuffer, start: i32, end: i32): i32 {
  return utf8FaultOffset(Uint8Array.wrap(bytes), start, end);
}

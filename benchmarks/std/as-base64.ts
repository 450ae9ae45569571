// The loops of ours.ts with as-base64.
import { decode, encode } from "as-base64/assembly";

let input: Uint8Array = new Uint8Array(0);
let text: string = "";

export function setInput(bytes: ArrayBuffer): void {
  input = Uint8Array.wrap(bytes);
  text = String.UTF8.decode(bytes);
}

export function base64Encode(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += encode(input).length;
  return sum;
}

export function base64Decode(count: i32): i32 {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += decode(text).length;
  return sum;
}

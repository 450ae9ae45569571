// What sha256.test.ts calls.
import { Sha256, sha256, sha256Text } from "./sha256";

let hash: Sha256 = new Sha256();

export function oneShot(bytes: ArrayBuffer): ArrayBuffer {
  return sha256(Uint8Array.wrap(bytes)).buffer;
}

export function oneShotText(text: string): ArrayBuffer {
  return sha256Text(text).buffer;
}

export function start(): void {
  hash = new Sha256();
}

export function update(bytes: ArrayBuffer): void {
  hash.update(Uint8Array.wrap(bytes));
}

export function updateText(text: string): void {
  hash.updateText(text);
}

export function digest(): ArrayBuffer {
  return hash.digest().buffer;
}

/** Hashes the same bytes again and again, each time the last digest first. */
export function chain(bytes: ArrayBuffer, times: i32): ArrayBuffer {
  let last = new Uint8Array(0);
  for (let i = 0; i < times; i++) {
    last = new Sha256().update(last).update(Uint8Array.wrap(bytes)).digest();
  }
  return last.buffer;
}

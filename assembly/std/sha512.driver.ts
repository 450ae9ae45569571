// What sha512.test.ts calls.
import { Sha512, sha512, sha512Text } from "./sha512";

let hash: Sha512 = new Sha512();

export function oneShot(bytes: ArrayBuffer): ArrayBuffer {
  return sha512(Uint8Array.wrap(bytes)).buffer;
}

export function oneShotText(text: string): ArrayBuffer {
  return sha512Text(text).buffer;
}

export function start(): void {
  hash = new Sha512();
}

export function update(bytes: ArrayBuffer): void {
  hash.update(Uint8Array.wrap(bytes));
}

/** Feeds a view that begins within its buffer. */
export function updatePart(bytes: ArrayBuffer, from: i32, to: i32): void {
  hash.update(Uint8Array.wrap(bytes, from, to - from));
}

export function updateText(text: string): void {
  hash.updateText(text);
}

export function digest(): ArrayBuffer {
  return hash.digest().buffer;
}

/** The inner loop of the Monte Carlo test of NIST's validation system: 1000 digests. */
export function monteCarlo(seed: ArrayBuffer): ArrayBuffer {
  let a = Uint8Array.wrap(seed);
  let b = a;
  let c = a;
  for (let i = 0; i < 1000; i++) {
    const next = new Sha512().update(a).update(b).update(c).digest();
    a = b;
    b = c;
    c = next;
  }
  return c.buffer;
}

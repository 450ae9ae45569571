// What the tests of the SHA-2 family call. The functions are told apart by the size of their digest:
// 32, 48 or 64.
import { Sha256, sha256, sha256Text } from "./sha256";
import { Sha384, sha384, sha384Text, Sha512, sha512, sha512Text } from "./sha512";

let hash256: Sha256 = new Sha256();
let hash384: Sha384 = new Sha384();
let hash512: Sha512 = new Sha512();

export function oneShot(size: i32, bytes: ArrayBuffer): ArrayBuffer {
  const b = Uint8Array.wrap(bytes);
  return (size == 32 ? sha256(b) : size == 48 ? sha384(b) : sha512(b)).buffer;
}

export function oneShotText(size: i32, text: string): ArrayBuffer {
  return (size == 32 ? sha256Text(text) : size == 48 ? sha384Text(text) : sha512Text(text)).buffer;
}

export function start(size: i32): void {
  if (size == 32) hash256 = new Sha256();
  else if (size == 48) hash384 = new Sha384();
  else hash512 = new Sha512();
}

/** Feeds a view that begins within its buffer. */
export function update(size: i32, bytes: ArrayBuffer, from: i32, to: i32): void {
  const view = Uint8Array.wrap(bytes, from, to - from);
  if (size == 32) hash256.update(view);
  else if (size == 48) hash384.update(view);
  else hash512.update(view);
}

export function updateText(size: i32, text: string): void {
  if (size == 32) hash256.updateText(text);
  else if (size == 48) hash384.updateText(text);
  else hash512.updateText(text);
}

export function digest(size: i32): ArrayBuffer {
  return (size == 32 ? hash256.digest() : size == 48 ? hash384.digest() : hash512.digest()).buffer;
}

/** The inner loop of the Monte Carlo test of NIST's validation system: 1000 digests. */
export function monteCarlo(size: i32, seed: ArrayBuffer): ArrayBuffer {
  const whole = new Uint8Array(3 * seed.byteLength);
  let a = Uint8Array.wrap(seed);
  let b = a;
  let c = a;
  for (let i = 0; i < 1000; i++) {
    whole.set(a);
    whole.set(b, a.length);
    whole.set(c, 2 * a.length);
    a = b;
    b = c;
    c = Uint8Array.wrap(oneShot(size, whole.buffer));
  }
  return c.buffer;
}

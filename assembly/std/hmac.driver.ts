// What hmac.test.ts calls. The functions are told apart by the size of their MAC: 32, 48 or 64.
import {
  HmacSha256,
  HmacSha384,
  HmacSha512,
  HmacStream,
  hmacSha256,
  hmacSha384,
  hmacSha512,
} from "./hmac";

const none = new Uint8Array(0);
let prepared256: HmacSha256 = new HmacSha256(none);
let prepared384: HmacSha384 = new HmacSha384(none);
let prepared512: HmacSha512 = new HmacSha512(none);
let stream: HmacStream = prepared256.start();

export function oneShot(size: i32, key: ArrayBuffer, message: ArrayBuffer): ArrayBuffer {
  const k = Uint8Array.wrap(key);
  const m = Uint8Array.wrap(message);
  if (size == 32) return hmacSha256(k, m).buffer;
  if (size == 48) return hmacSha384(k, m).buffer;
  return hmacSha512(k, m).buffer;
}

export function prepare(size: i32, key: ArrayBuffer): void {
  const k = Uint8Array.wrap(key);
  if (size == 32) prepared256 = new HmacSha256(k);
  else if (size == 48) prepared384 = new HmacSha384(k);
  else prepared512 = new HmacSha512(k);
}

export function sign(size: i32, message: ArrayBuffer): ArrayBuffer {
  const m = Uint8Array.wrap(message);
  if (size == 32) return prepared256.sign(m).buffer;
  if (size == 48) return prepared384.sign(m).buffer;
  return prepared512.sign(m).buffer;
}

export function signText(size: i32, message: string): ArrayBuffer {
  if (size == 32) return prepared256.signText(message).buffer;
  if (size == 48) return prepared384.signText(message).buffer;
  return prepared512.signText(message).buffer;
}

export function verify(size: i32, message: ArrayBuffer, mac: ArrayBuffer): bool {
  const m = Uint8Array.wrap(message);
  const c = Uint8Array.wrap(mac);
  if (size == 32) return prepared256.verify(m, c);
  if (size == 48) return prepared384.verify(m, c);
  return prepared512.verify(m, c);
}

export function verifyText(size: i32, message: string, mac: ArrayBuffer): bool {
  const c = Uint8Array.wrap(mac);
  if (size == 32) return prepared256.verifyText(message, c);
  if (size == 48) return prepared384.verifyText(message, c);
  return prepared512.verifyText(message, c);
}

export function start(size: i32): void {
  if (size == 32) stream = prepared256.start();
  else if (size == 48) stream = prepared384.start();
  else stream = prepared512.start();
}

/** Feeds a view that begins within its buffer. */
export function updatePart(bytes: ArrayBuffer, from: i32, to: i32): void {
  stream.update(Uint8Array.wrap(bytes, from, to - from));
}

export function updateText(text: string): void {
  stream.updateText(text);
}

export function digest(): ArrayBuffer {
  return stream.digest().buffer;
}

export function verifyStream(mac: ArrayBuffer): bool {
  return stream.verify(Uint8Array.wrap(mac));
}

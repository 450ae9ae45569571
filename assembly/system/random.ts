import { random_get } from "../abi/hostcalls/wasi";

/** The most bytes that Envoy hands out at once. */
// @ts-ignore: decorator
@inline
const MOST: usize = 65536;

/**
 * Fills `bytes` with random bytes that are fit for keys and tokens. One host call for each 64 KiB,
 * from any callback. False when the host does not allow it: the bytes are not random then, and must
 * not be used.
 */
export function fillRandom(bytes: Uint8Array): bool {
  let at = bytes.dataStart;
  const end = at + <usize>bytes.length;
  while (at < end) {
    const size = min(end - at, MOST);
    if (random_get(at, size) != 0) return false;
    at += size;
  }
  return true;
}

/** `size` random bytes as by `fillRandom`; `null` when the host does not allow it. */
export function randomBytes(size: i32): Uint8Array | null {
  const bytes = new Uint8Array(size);
  return fillRandom(bytes) ? bytes : null;
}

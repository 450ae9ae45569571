// What text.test.ts calls: the codec, on addresses that the test chooses.
import { decodeUtf8, encodeUnits, encodeUtf8, maxUtf8Size } from "./text";

export function decode(data: usize, size: usize): string {
  return decodeUtf8(data, size);
}

/**
 * Decodes pieces of `step` bytes, each for itself, and writes their texts to `target` as UTF-16 with
 * "|" behind each. Returns the number of bytes.
 */
export function decodeEach(data: usize, size: usize, step: usize, target: usize): usize {
  let to = target;
  for (let at: usize = 0; at < size; at += step) {
    const text = decodeUtf8(data + at, step);
    const bytes = (<usize>text.length) << 1;
    memory.copy(to, changetype<usize>(text), bytes);
    store<u16>(to + bytes, 0x7c);
    to += bytes + 2;
  }
  return to - target;
}

export function encode(text: string, target: usize): usize {
  return encodeUtf8(text, target);
}

export function encodeFirst(text: string, length: i32, target: usize): usize {
  return encodeUnits(text, length, target);
}

export function maxSize(length: i32): usize {
  return maxUtf8Size(length);
}

/** Adds a page to the memory, which no allocator knows of. */
export function grow(): void {
  memory.grow(1);
}

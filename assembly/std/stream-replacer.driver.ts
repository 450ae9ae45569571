// What stream-replacer.test.ts calls.
import { Needles, StreamReplacer } from "./stream-replacer";

let needles: Needles = new Needles();
let replacer: StreamReplacer = new StreamReplacer(needles);

export function useNeedles(maxLength: i32): void {
  needles = new Needles(maxLength);
}

export function add(needle: string, replacement: string): bool {
  return needles.add(needle, replacement);
}

export function addBytes(needle: ArrayBuffer, replacement: ArrayBuffer): bool {
  return needles.addBytes(Uint8Array.wrap(needle), Uint8Array.wrap(replacement));
}

/** Begins a stream. */
export function start(maxOutput: i32): void {
  replacer = new StreamReplacer(needles, maxOutput);
}

export function push(part: ArrayBuffer, isLast: bool): ArrayBuffer {
  return copyOf(replacer.push(Uint8Array.wrap(part), isLast));
}

export function finish(): ArrayBuffer {
  return copyOf(replacer.finish());
}

export function heldBack(): i32 {
  return replacer.heldBack;
}

export function count(): u32 {
  return replacer.count;
}

export function isFull(): bool {
  return replacer.isFull;
}

/** The bytes alone: those of a buffer may be more. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}

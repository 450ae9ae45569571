import { release, resultData, resultSize } from "./memory";
import { decodeUtf8 } from "./text";

/** A copy of `size` bytes at `data`. */
export function copyBytes(data: usize, size: usize): Uint8Array {
  const bytes = new Uint8Array(<i32>size);
  memory.copy(bytes.dataStart, data, size);
  return bytes;
}

/** Takes the result of the last host call over as a string, and frees it. */
export function takeString(): string {
  const data = resultData();
  const text = decodeUtf8(data, resultSize());
  release(data);
  return text;
}

/** Takes the result of the last host call over as bytes, and frees it. */
export function takeBytes(): Uint8Array {
  const data = resultData();
  const bytes = copyBytes(data, resultSize());
  release(data);
  return bytes;
}

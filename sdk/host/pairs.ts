// The wire format of header maps between host and guest, little-endian:
//   u32 count, then (u32 name size, u32 value size) for each, then name \0 value \0 for each.
import { fromLatin1, latin1 } from "./bytes.ts";
import type { Header } from "./http/header-map.ts";

/** What Envoy takes from a guest: more is read as if nothing were there. */
const MOST_BYTES = 1024 * 1024;
const MOST_PAIRS = 1024;

/** Writes pairs as Envoy does. */
export function encodePairs(pairs: readonly Header[]): Uint8Array {
  const size = pairs.reduce((total, [name, value]) => total + 10 + name.length + value.length, 4);
  const out = Buffer.alloc(size);
  out.writeUInt32LE(pairs.length, 0);
  let at = 4;
  for (const [name, value] of pairs) {
    out.writeUInt32LE(name.length, at);
    out.writeUInt32LE(value.length, at + 4);
    at += 8;
  }
  for (const text of pairs.flat()) {
    out.set(fromLatin1(text), at);
    at += text.length + 1;
  }
  return out;
}

/** Reads pairs as Envoy does: whatever is malformed or above its limits is no pairs at all. */
export function decodePairs(bytes: Uint8Array): Header[] {
  if (bytes.length > MOST_BYTES || bytes.length < 4) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count > MOST_PAIRS || 4 + count * 8 > bytes.length) return [];
  const pairs: Header[] = [];
  let at = 4 + count * 8;
  const text = (size: number): string | null => {
    if (at + size + 1 > bytes.length || bytes[at + size] !== 0) return null;
    const value = latin1(bytes.subarray(at, at + size));
    at += size + 1;
    return value;
  };
  for (let index = 0; index < count; index++) {
    const name = text(view.getUint32(4 + index * 8, true));
    const value = name === null ? null : text(view.getUint32(8 + index * 8, true));
    if (name === null || value === null) return [];
    pairs.push([name, value]);
  }
  return at === bytes.length ? pairs : [];
}

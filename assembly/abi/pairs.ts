// ╒═══════════ Serialised header map (little endian) ══════════╕
// │ u32 count │ (u32 nameSize, u32 valueSize) × count          │
// │ (name bytes, 0, value bytes, 0) × count                    │
// └────────────────────────────────────────────────────────────┘
// The terminators are mandatory and the total size is exact, else the host reads an empty map.

import { Status, MapType } from "./enums";
import { isFieldName, isFieldSafe } from "./field";
import { proxy_get_header_map_pairs } from "./hostcalls/headers";
import { clearOut, outData, outSize, release, resultData, resultSize } from "../runtime/memory";
import { copyBytes } from "../runtime/bytes";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";

/**
 * Walks the entries of a map as the host serialised it, in the order of the wire. The bytes
 * belong to the reader until `close`.
 */
@final
export class PairsReader {
  private data: usize;
  private size: usize;
  private count: u32 = 0;
  private index: u32 = 0;
  private next: usize = 0;
  /** The current entry, after `advance` answered true. */
  name: usize = 0;
  nameSize: usize = 0;
  value: usize = 0;
  valueSize: usize = 0;

  /** Takes over `size` bytes at `data`; 0 and 0 are an empty map. */
  constructor(data: usize, size: usize) {
    this.data = data;
    this.size = size;
    this.rewind();
  }

  /** Reads a whole map from the host; empty when the map is not available in this phase. */
  static ofMap(map: MapType): PairsReader {
    clearOut();
    const status = proxy_get_header_map_pairs(map, outData(), outSize());
    return status == Status.Ok
      ? new PairsReader(resultData(), resultSize())
      : new PairsReader(0, 0);
  }

  /** Goes back to before the first entry. */
  rewind(): void {
    this.index = 0;
    if (this.size < 4) return;
    const count = load<u32>(this.data);
    // The table of sizes must lie inside, whatever the host says.
    if (<u64>count * 8 + 4 <= <u64>this.size) {
      this.count = count;
      this.next = this.data + 4 + ((<usize>count) << 3);
    }
  }

  /** Goes to the next entry; false at the end. */
  advance(): bool {
    const index = this.index;
    if (index >= this.count) return false;
    const sizes = this.data + 4 + ((<usize>index) << 3);
    const nameSize = load<u32>(sizes);
    const valueSize = load<u32>(sizes, 4);
    const name = this.next;
    const left = <u64>(this.data + this.size - name);
    if (<u64>nameSize + <u64>valueSize + 2 > left) return false;
    this.name = name;
    this.nameSize = nameSize;
    this.value = name + nameSize + 1;
    this.valueSize = valueSize;
    this.next = this.value + valueSize + 1;
    this.index = index + 1;
    return true;
  }

  /** Goes to the next entry called `name`, without regard to case; false when there is none. */
  advanceTo(name: usize, nameSize: usize): bool {
    while (this.advance()) {
      if (sameName(this.name, this.nameSize, name, nameSize)) return true;
    }
    return false;
  }

  /** How many entries there are, as the host says. */
  get length(): i32 {
    return <i32>this.count;
  }

  /** A copy of the whole map as the host serialised it. */
  copy(): Uint8Array {
    return copyBytes(this.data, this.size);
  }

  /** Frees the bytes. */
  close(): void {
    release(this.data);
    this.data = 0;
    this.count = 0;
  }
}

/** Bytes that one entry takes beside its name and value. */
// @ts-ignore: decorator
@inline
const ENTRY_OVERHEAD: usize = 8 + 2;

/**
 * Gathers entries for the host. One whose name is empty, or whose name or value holds CR, LF or NUL,
 * is left out, and `refused` says so.
 */
@final
export class PairsWriter {
  /** For each entry its two sizes (u32), then its name and its value, each with its terminator. */
  private entries: StaticArray<u8> | null = null;
  private used: usize = 0;
  private count: u32 = 0;
  /** Whether an entry was left out. */
  refused: bool = false;

  /** The bytes that `write` takes. */
  get size(): usize {
    return 4 + this.used;
  }

  /** Adds an entry whose value is text. */
  add(name: string, value: string): void {
    const entry = this.reserve(maxUtf8Size(name.length + value.length));
    const data = entry + 8;
    const nameSize = encodeUtf8(name, data);
    const start = data + nameSize + 1;
    this.commit(entry, nameSize, encodeUtf8(value, start));
  }

  /** Adds an entry whose value is bytes. */
  addBytes(name: string, value: Uint8Array): void {
    const entry = this.reserve(maxUtf8Size(name.length) + value.length);
    const nameSize = encodeUtf8(name, entry + 8);
    memory.copy(entry + 8 + nameSize + 1, value.dataStart, value.length);
    this.commit(entry, nameSize, value.length);
  }

  /** Writes the map in the host's format at `target` and returns where it ends. */
  write(target: usize): usize {
    const count = this.count;
    store<u32>(target, count);
    let sizes = target + 4;
    let at = sizes + ((<usize>count) << 3);
    let entry = changetype<usize>(this.entries);
    for (let i: u32 = 0; i < count; i++) {
      store<u64>(sizes, load<u64>(entry));
      sizes += 8;
      const size = load<u32>(entry) + load<u32>(entry, 4) + 2;
      memory.copy(at, entry + 8, size);
      at += size;
      entry += 8 + size;
    }
    return at;
  }

  /** Makes room for an entry of at most `bytes` beside its overhead; returns where it starts. */
  private reserve(bytes: usize): usize {
    const used = this.used;
    const needed = used + ENTRY_OVERHEAD + bytes;
    let entries = this.entries;
    if (entries === null || needed > <usize>entries.length) {
      const wider = new StaticArray<u8>(<i32>max(needed, used << 1));
      memory.copy(changetype<usize>(wider), changetype<usize>(entries), used);
      this.entries = entries = wider;
    }
    return changetype<usize>(entries) + used;
  }

  /** Keeps the entry that was written at `entry`, if it may go out. */
  private commit(entry: usize, nameSize: usize, valueSize: usize): void {
    const name = entry + 8;
    const value = name + nameSize + 1;
    if (!isFieldName(name, nameSize) || !isFieldSafe(value, valueSize)) {
      this.refused = true;
      return;
    }
    store<u32>(entry, <u32>nameSize);
    store<u32>(entry, <u32>valueSize, 4);
    store<u8>(value - 1, 0);
    store<u8>(value + valueSize, 0);
    this.used += ENTRY_OVERHEAD + nameSize + valueSize;
    this.count++;
  }
}

/** Whether two header names are the same but for the case of ASCII letters. */
function sameName(left: usize, leftSize: usize, right: usize, rightSize: usize): bool {
  if (leftSize != rightSize) return false;
  for (let i: usize = 0; i < leftSize; i++) {
    if (lowerCase(load<u8>(left + i)) != lowerCase(load<u8>(right + i))) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function lowerCase(byte: u8): u8 {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}

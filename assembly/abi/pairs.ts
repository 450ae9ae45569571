// ╒═══════════ Serialised header map (little endian) ══════════╕
// │ u32 count │ (u32 nameSize, u32 valueSize) × count          │
// │ (name bytes, 0, value bytes, 0) × count                    │
// └────────────────────────────────────────────────────────────┘
// The terminators are mandatory and the total size is exact, else the host reads an empty map.

import { Status, MapType } from "./enums";
import { proxy_get_header_map_pairs } from "./hostcalls/headers";
import { clearOut, outData, outSize, release, resultData, resultSize } from "../runtime/memory";

/** Bytes that a map of `count` entries takes beside its names and values. */
// @ts-ignore: decorator
@inline
export function pairsOverhead(count: i32): usize {
  return 4 + <usize>count * (8 + 2);
}

/**
 * Walks the entries of a header map as the host serialised it, in the order of the wire. The bytes
 * belong to the reader until `close`.
 */
@final
export class PairsReader {
  private data: usize = 0;
  private size: usize = 0;
  private count: u32 = 0;
  private index: u32 = 0;
  private next: usize = 0;
  /** The current entry, after `advance` answered true. */
  name: usize = 0;
  nameSize: usize = 0;
  value: usize = 0;
  valueSize: usize = 0;

  /** Reads a whole map from the host; empty when the map is not available in this phase. */
  constructor(map: MapType) {
    clearOut();
    if (proxy_get_header_map_pairs(map, outData(), outSize()) == Status.Ok) {
      this.data = resultData();
      this.size = resultSize();
      if (this.size >= 4) this.open();
    }
  }

  private open(): void {
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

  /** Frees the bytes. */
  close(): void {
    release(this.data);
    this.data = 0;
    this.count = 0;
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

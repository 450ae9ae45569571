// ╒══════════ What envoy_on_stats_update brings (little endian) ═══════════╕
// │ u32 size │ u32 1 │ u32 count │ (u32 nameSize, name, pad, u64 value,    │
// │                               u64 delta) × the counters that were set  │
// │ u32 size │ u32 2 │ u32 count │ (u32 nameSize, name, pad, u64 value)    │
// │                               × the gauges that were set               │
// └────────────────────────────────────────────────────────────────────────┘
// `pad` fills up to a multiple of eight bytes. Three things are not what they seem: `count` counts
// what was never set too; the size of the second block, and so that of all, is about doubled with
// each gauge, modulo 2^32; and what lies behind the last gauge was never written. So the bytes are
// read part by part, and the gauges end where the size that comes of those so far is the one stated:
// the last such place, for with names of one length it is the same from the 33rd gauge on.

import { BufferType, Status } from "../abi/enums";
import { proxy_get_buffer_bytes } from "../abi/hostcalls/buffers";
import { clearOut, outData, outSize, release, resultData, resultSize } from "../runtime/memory";

/** How much is read at once. */
// @ts-ignore: decorator
@inline
const WINDOW: u32 = 64 * 1024;

/** No name is longer: one that seems to be is none. */
// @ts-ignore: decorator
@inline
const MAX_NAME_SIZE: u32 = 1024 * 1024;

/** Size of a block's head: its own size, its type, its count. */
// @ts-ignore: decorator
@inline
const HEAD: u32 = 12;

/** Walks the statistics that Envoy has at hand, in the callback that brings them. */
@final
export class StatsReader {
  /** The bytes at hand: where, from which offset on, how many. */
  private window: usize = 0;
  private start: u32 = 0;
  private size: u32 = 0;
  /** The offset of the next entry. */
  private next: u32 = 0;
  /** What the block says of itself. */
  private stated: u32 = 0;
  /** How many entries there may be. */
  private left: u32 = 0;

  /** The entry, after `advance...` answered true; valid until the next call. */
  name: usize = 0;
  nameSize: u32 = 0;
  value: u64 = 0;
  delta: u64 = 0;

  /** Goes before the first counter. */
  openCounters(): void {
    this.open(0);
  }

  /** Goes to the next counter; false at the end. */
  advanceCounter(): bool {
    return this.next < this.stated && this.read(16);
  }

  /** Goes before the first gauge. */
  openGauges(): void {
    this.open(0);
    const block = this.stated;
    this.open(block);
    const stated = this.stated;
    // The size of the gauges so far, as Envoy reckons it and as it should.
    let doubled = HEAD;
    let plain = HEAD;
    let doubledCount: u32 = 0;
    let plainCount: u32 = 0;
    let each: u32 = 0;
    while (this.read(8)) {
      const named = 4 + this.nameSize;
      doubled += named;
      doubled += align(doubled + 8);
      plain = align(plain + named + 8);
      each++;
      if (doubled == stated) doubledCount = each;
      if (plain == stated) plainCount = each;
    }
    this.open(block);
    this.left = doubledCount != 0 ? doubledCount : plainCount;
  }

  /** Goes to the next gauge; false at the end. */
  advanceGauge(): bool {
    return this.read(8);
  }

  /** Frees what was read. */
  close(): void {
    release(this.window);
    this.window = 0;
    this.size = 0;
  }

  private open(block: u32): void {
    const head = this.at(block, HEAD);
    this.stated = head == 0 ? HEAD : load<u32>(head);
    this.left = head == 0 ? 0 : load<u32>(head, 8);
    this.next = block + HEAD;
  }

  /** Reads the next entry, which has so many bytes of numbers; false where there cannot be one. */
  private read(numbers: u32): bool {
    if (this.left == 0) return false;
    this.left--;
    const entry = this.next;
    const head = this.at(entry, 4);
    if (head == 0) return false;
    const nameSize = load<u32>(head);
    if (nameSize == 0 || nameSize > MAX_NAME_SIZE) return false;
    const values = align(entry + 4 + nameSize) - entry;
    const whole = this.at(entry, values + numbers);
    if (whole == 0) return false;
    this.name = whole + 4;
    this.nameSize = nameSize;
    this.value = load<u64>(whole + values);
    this.delta = numbers == 16 ? load<u64>(whole + values, 8) : 0;
    this.next = entry + values + numbers;
    return true;
  }

  /** Where `length` bytes from `offset` on are at hand; 0 where the host has fewer. */
  private at(offset: u32, length: u32): usize {
    if (offset < this.start || <u64>offset + length > <u64>this.start + this.size) {
      this.close();
      clearOut();
      const wanted = max(length, WINDOW);
      const buffer = BufferType.CallData;
      const status = proxy_get_buffer_bytes(buffer, offset, wanted, outData(), outSize());
      if (status != Status.Ok) return 0;
      this.window = resultData();
      this.start = offset;
      this.size = <u32>resultSize();
      if (this.size < length) return 0;
    }
    return this.window + (offset - this.start);
  }
}

/** The next multiple of eight. */
// @ts-ignore: decorator
@inline
function align(size: u32): u32 {
  return (size + 7) & ~7;
}

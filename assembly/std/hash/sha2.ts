// What the members of the SHA-2 family (FIPS 180-4) share, over words `W` of 32 bits (SHA-256) or
// 64 (SHA-384, SHA-512). All of it works on raw memory and allocates nothing.
//
// ╒════════════════ State ════════════════════╕
// │ h: 8 words │ length: u64 │ block: 16 words │
// └────────────────────────────────────────────┘
// h       the hash value of the blocks that are complete
// length  bytes fed so far
// block   begins with the bytes behind the last complete block
import { release, reserve } from "../../runtime/memory";
import { encodeUnits, maxUtf8Size } from "../../runtime/text";
import { compress256 } from "./compress256";
import { compress512 } from "./compress512";

/** How many UTF-16 units are encoded at once: their UTF-8 fits the scratch space. */
// @ts-ignore: decorator
@inline
const TEXT_CHUNK: i32 = 1024;

/** The size of a block in bytes. */
// @ts-ignore: decorator
@inline
export function blockSize<W>(): usize {
  return 16 * sizeof<W>();
}

/** The size of a hash value, before anything is cut off, in bytes. */
// @ts-ignore: decorator
@inline
export function hashSize<W>(): usize {
  return 8 * sizeof<W>();
}

/** The size of a state in bytes. */
// @ts-ignore: decorator
@inline
export function stateSize<W>(): usize {
  return hashSize<W>() + 8 + blockSize<W>();
}

/** A state that whoever needs one for a moment may overwrite. */
export function temporaryState<W>(): usize {
  return memory.data(24 * sizeof<W>() + 8, 8);
}

/**
 * Makes `state` one that has got as far as the hash value at `h` after `length` bytes, a multiple
 * of the block size.
 */
export function begin<W>(state: usize, h: usize, length: u64): void {
  memory.copy(state, h, hashSize<W>());
  store<u64>(state, length, 8 * sizeof<W>());
}

/** Feeds `size` bytes at `data`. */
export function absorb<W>(state: usize, data: usize, size: usize): void {
  const length = load<u64>(state, 8 * sizeof<W>());
  store<u64>(state, length + size, 8 * sizeof<W>());
  const block = state + hashSize<W>() + 8;
  const filled = (<usize>length) & (blockSize<W>() - 1);
  if (filled) {
    const room = blockSize<W>() - filled;
    memory.copy(block + filled, data, min(size, room));
    if (size < room) return;
    compress<W>(state, block, block + blockSize<W>());
    data += room;
    size -= room;
  }
  const whole = size & ~(blockSize<W>() - 1);
  if (whole) compress<W>(state, data, data + whole);
  memory.copy(block, data + whole, size - whole);
}

/** Feeds the UTF-8 bytes of `text`; a lone surrogate counts as U+FFFD. */
export function absorbText<W>(state: usize, text: string): void {
  const scratch = reserve(maxUtf8Size(TEXT_CHUNK));
  let from = changetype<usize>(text);
  let left = text.length;
  while (left > 0) {
    let units = min(left, TEXT_CHUNK);
    // A surrogate pair is not to be cut in two.
    if (units < left && (load<u16>(from + (units << 1) - 2) & 0xfc00) == 0xd800) units--;
    // Not a string of its own, but the encoder looks at nothing in front of the units.
    absorb<W>(state, scratch, encodeUnits(changetype<string>(from), units, scratch));
    from += units << 1;
    left -= units;
  }
  release(scratch);
}

/** Ends the message and writes `size` bytes of its hash value to `target`. The state is spent. */
export function finish<W>(state: usize, target: usize, size: usize): void {
  const length = load<u64>(state, 8 * sizeof<W>());
  const block = state + hashSize<W>() + 8;
  const end = block + blockSize<W>();
  let p = block + ((<usize>length) & (blockSize<W>() - 1));
  store<u8>(p++, 0x80);
  // The length in bits is a number of two words, of which no message needs more than 64 bits.
  if (p > end - 2 * sizeof<W>()) {
    memory.fill(p, 0, end - p);
    compress<W>(state, block, end);
    p = block;
  }
  memory.fill(p, 0, end - 8 - p);
  store<u64>(end - 8, bswap<u64>(length << 3));
  compress<W>(state, block, end);
  for (let i: usize = 0; i < size; i += sizeof<W>()) {
    store<W>(target + i, bswap<W>(load<W>(state + i)));
  }
}

// @ts-ignore: decorator
@inline
function compress<W>(state: usize, data: usize, end: usize): void {
  if (sizeof<W>() == 4) compress256(state, data, end);
  else compress512(state, data, end);
}

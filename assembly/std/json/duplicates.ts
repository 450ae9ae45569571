import { JsonDocument } from "./document";

/** Up to this many keys are compared one with another. */
// @ts-ignore: decorator
@inline
const FEW: usize = 8;

/** The size of a key's entry and its value's. */
// @ts-ignore: decorator
@inline
const PAIR: usize = 16;

/**
 * Finds a key that its object has twice, among the (key, value) pairs between the pointers `start`
 * and `end`. Answers a pointer to the first key that repeats an earlier one; 0 when there is none.
 *
 * Few keys are compared one with another. Many are sorted by hash, and by content where hashes are
 * equal: O(n log n) even when somebody chose keys whose hashes collide.
 */
export function duplicateKey(document: JsonDocument, start: usize, end: usize): usize {
  if (end - start > FEW * PAIR) return duplicateOfMany(document, start, end);
  for (let p = start; p < end; p += PAIR) {
    for (let q = start; q < p; q += PAIR) {
      if (!document.compareKeys(load<u64>(p), load<u64>(q))) return p;
    }
  }
  return 0;
}

/** Heapsort: in place, and never slow. An item is a key's hash, and below that a pointer to it. */
function duplicateOfMany(document: JsonDocument, start: usize, end: usize): usize {
  const size = (end - start) >> 1;
  // Outside of the collector, so that it is gone at once.
  const items = heap.alloc(size);
  for (let p = start, item = items; p < end; p += PAIR, item += 8) {
    store<u64>(item, ((<u64>document.hashKey(load<u64>(p))) << 32) | p);
  }
  for (let root = (size >> 1) & ~7; root;) {
    root -= 8;
    siftDown(document, items, root, size, load<u64>(items + root));
  }
  for (let last = size - 8; last; last -= 8) {
    const value = load<u64>(items + last);
    store<u64>(items + last, load<u64>(items));
    siftDown(document, items, 0, last, value);
  }

  let first: usize = 0;
  for (let item = items + size - 8; item > items; item -= 8) {
    const a = load<u64>(item - 8);
    const b = load<u64>(item);
    if (a >> 32 != b >> 32 || compare(document, a, b)) continue;
    if (!first || <usize>b < first) first = <usize>b;
  }
  heap.free(items);
  return first;
}

/** Puts `value` into the heap of `size` bytes, at the offset `root` or below. */
function siftDown(
  document: JsonDocument,
  items: usize,
  root: usize,
  size: usize,
  value: u64,
): void {
  while (true) {
    let child: usize = 2 * root + 8;
    if (child >= size) break;
    const next = child + 8;
    if (next < size && isBefore(document, load<u64>(items + child), load<u64>(items + next))) {
      child = next;
    }
    const larger = load<u64>(items + child);
    if (!isBefore(document, value, larger)) break;
    store<u64>(items + root, larger);
    root = child;
  }
  store<u64>(items + root, value);
}

/** Orders by hash, then content, then place in the text. */
function isBefore(document: JsonDocument, a: u64, b: u64): bool {
  const order = a >> 32 == b >> 32 ? compare(document, a, b) : 0;
  return order ? order < 0 : a < b;
}

function compare(document: JsonDocument, a: u64, b: u64): i32 {
  return document.compareKeys(load<u64>(<usize>a), load<u64>(<usize>b));
}

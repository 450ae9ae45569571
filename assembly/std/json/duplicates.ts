import { JsonDocument } from "./document";
import { isEscaped, payloadOf } from "./entry";

/** Up to this many keys are compared one with another. */
// @ts-ignore: decorator
@inline
const FEW: usize = 32;

/** The size of a key's entry and its value's. */
// @ts-ignore: decorator
@inline
const PAIR: usize = 16;

/**
 * Finds a key that its object has twice, among the (key, value) pairs between the pointers `start`
 * and `end`. Answers a pointer to the first key that repeats an earlier one; 0 when there is none.
 *
 * Few keys are compared one with another. Many are sorted: O(n log n) whatever somebody chose.
 */
export function duplicateKey(document: JsonDocument, start: usize, end: usize): usize {
  if (end - start > FEW * PAIR) return duplicateOfMany(document, start, end);
  for (let p = start; p < end; p += PAIR) {
    const a = load<u64>(p);
    for (let q = start; q < p; q += PAIR) {
      const b = load<u64>(q);
      // Most keys have other lengths, which say nothing when there are escapes.
      if (payloadOf(a) != payloadOf(b) && !isEscaped(a | b)) continue;
      if (!document.compareKeys(a, b)) return p;
    }
  }
  return 0;
}

/** Sorts pointers to the keys: a heapsort, which is in place and never slow. */
function duplicateOfMany(document: JsonDocument, start: usize, end: usize): usize {
  let size = (end - start) >> 2;
  // Outside of the collector, so that it is gone at once.
  const items = heap.alloc(size);
  const last = items + size - 4;
  for (let p = start, item = items; p < end; p += PAIR, item += 4) store<u32>(item, <u32>p);
  let root = (size >> 1) & ~3;
  while (size > 4) {
    // First the items become a heap, from the middle down; then the greatest goes behind the rest.
    let value: usize;
    if (root) {
      root -= 4;
      value = load<u32>(items + root);
    } else {
      size -= 4;
      value = load<u32>(items + size);
      store<u32>(items + size, load<u32>(items));
    }
    let hole = root;
    while (true) {
      let child: usize = 2 * hole + 4;
      if (child >= size) break;
      let larger: usize = load<u32>(items + child);
      if (child + 4 < size) {
        const other: usize = load<u32>(items + child, 4);
        if (isBefore(document, larger, other)) {
          larger = other;
          child += 4;
        }
      }
      if (!isBefore(document, value, larger)) break;
      store<u32>(items + hole, <u32>larger);
      hole = child;
    }
    store<u32>(items + hole, <u32>value);
  }

  let first: usize = 0;
  for (let item = last; item > items; item -= 4) {
    const a: usize = load<u32>(item - 4);
    const b: usize = load<u32>(item);
    if (!compare(document, a, b) && (!first || b < first)) first = b;
  }
  heap.free(items);
  return first;
}

/** Orders by content, then by place in the text. */
function isBefore(document: JsonDocument, a: usize, b: usize): bool {
  const order = compare(document, a, b);
  return order ? order < 0 : a < b;
}

function compare(document: JsonDocument, a: usize, b: usize): i32 {
  return document.compareKeys(load<u64>(a), load<u64>(b));
}

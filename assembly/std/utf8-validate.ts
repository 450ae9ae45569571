// Whether bytes are UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF,
// nothing cut off.

/** Whether all of `bytes` is UTF-8. Takes linear time and no memory. Never traps. */
export function isUtf8(bytes: Uint8Array): bool {
  return utf8FaultOffset(bytes) < 0;
}

/**
 * Where the first part of `bytes` from `start` to before `end` begins that is no UTF-8; -1 when all
 * of it is. The range is cut to what there is. A character that the end of the range cuts off is a
 * fault, at its first byte. Takes linear time and no memory. Never traps.
 */
export function utf8FaultOffset(bytes: Uint8Array, start: i32 = 0, end: i32 = i32.MAX_VALUE): i32 {
  const last = max(0, min(end, bytes.length));
  const first = max(0, min(start, last));
  const fault = findUtf8Fault(bytes.dataStart + first, last - first);
  return fault == last - first ? -1 : first + <i32>fault;
}

/** How many of the `size` bytes at `data` come before the first fault: `size` when there is none. */
export function findUtf8Fault(data: usize, size: usize): usize {
  const end = data + size;
  let at = data;
  while (at < end) {
    // Mostly ASCII: eight bytes at a time.
    while (at + 8 <= end && !(load<u64>(at) & 0x8080808080808080)) at += 8;
    if (at == end) break;
    const first = <u32>load<u8>(at);
    if (first < 0x80) {
      at += 1;
      continue;
    }
    const length = sequenceLength(at, end, first);
    if (!length) break;
    at += length;
  }
  return at - data;
}

/** The length of the character whose first byte, not ASCII, is at `at`; 0 when it is ill-formed. */
function sequenceLength(at: usize, end: usize, first: u32): usize {
  // The bounds of the second byte keep overlong forms, surrogates and too large ones out.
  let lower: u32 = 0x80;
  let upper: u32 = 0xbf;
  let length: usize = 0;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2;
  } else if ((first & 0xf0) == 0xe0) {
    length = 3;
    if (first == 0xe0) lower = 0xa0;
    else if (first == 0xed) upper = 0x9f;
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4;
    if (first == 0xf0) lower = 0x90;
    else if (first == 0xf4) upper = 0x8f;
  } else {
    return 0;
  }
  if (length > end - at) return 0;
  const second = <u32>load<u8>(at, 1);
  if (second < lower || second > upper) return 0;
  for (let i: usize = 2; i < length; i++) {
    if ((load<u8>(at + i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

// Strings <-> bytes. The wire carries bytes, AssemblyScript's strings are UTF-16.
//
// Not AssemblyScript's own codec: its decoder turns the overlong C0 AF into "/" and 80 81 into
// nothing, which defeats rules on paths and credentials. This one follows the Encoding Standard
// (https://encoding.spec.whatwg.org/#utf-8-decoder): each maximal ill-formed part is one U+FFFD.

/** The most bytes that a string of `length` UTF-16 units can take as UTF-8. */
// @ts-ignore: decorator
@inline
export function maxUtf8Size(length: i32): usize {
  return <usize>length * 3;
}

/**
 * Writes `text` as UTF-8 and returns the number of bytes. A lone surrogate becomes U+FFFD. The
 * target holds at least `maxUtf8Size(text.length)` bytes.
 */
// @ts-ignore: decorator
@inline
export function encodeUtf8(text: string, target: usize): usize {
  return encodeUnits(text, text.length, target);
}

/** As `encodeUtf8`, for the first `length` units of `text`. */
export function encodeUnits(text: string, length: i32, target: usize): usize {
  let from = changetype<usize>(text);
  const end = from + ((<usize>length) << 1);
  let to = target;
  while (from < end) {
    let point: u32 = load<u16>(from);
    from += 2;
    if (point < 0x80) {
      store<u8>(to++, <u8>point);
      continue;
    }
    if (point < 0x800) {
      store<u8>(to, <u8>(0xc0 | (point >> 6)));
      store<u8>(to + 1, <u8>(0x80 | (point & 0x3f)));
      to += 2;
      continue;
    }
    if ((point & 0xf800) == 0xd800) {
      const low: u32 = from < end ? load<u16>(from) : 0;
      if (point < 0xdc00 && (low & 0xfc00) == 0xdc00) {
        from += 2;
        point = 0x10000 + ((point & 0x3ff) << 10) + (low & 0x3ff);
        store<u8>(to, <u8>(0xf0 | (point >> 18)));
        store<u8>(to + 1, <u8>(0x80 | ((point >> 12) & 0x3f)));
        store<u8>(to + 2, <u8>(0x80 | ((point >> 6) & 0x3f)));
        store<u8>(to + 3, <u8>(0x80 | (point & 0x3f)));
        to += 4;
        continue;
      }
      point = 0xfffd;
    }
    store<u8>(to, <u8>(0xe0 | (point >> 12)));
    store<u8>(to + 1, <u8>(0x80 | ((point >> 6) & 0x3f)));
    store<u8>(to + 2, <u8>(0x80 | (point & 0x3f)));
    to += 3;
  }
  return to - target;
}

/** The string that `size` bytes of UTF-8 at `data` stand for. */
export function decodeUtf8(data: usize, size: usize): string {
  if (size == 0) return "";
  // UTF-8 never has fewer bytes than UTF-16 has units, so this is room enough.
  const buffer = __new(size << 1, idof<string>());
  const end = data + size;
  let from = data;
  let to = buffer;
  while (true) {
    // Four characters at a time, as long as all are ASCII.
    while (from + 4 <= end) {
      const bytes: u64 = load<u32>(from);
      if (bytes & 0x8080_8080) break;
      const pairs = (bytes | (bytes << 16)) & 0x0000_ffff_0000_ffff;
      store<u64>(to, (pairs | (pairs << 8)) & 0x00ff_00ff_00ff_00ff);
      from += 4;
      to += 8;
    }
    if (from == end) break;
    const byte: u32 = load<u8>(from);
    if (byte < 0x80) {
      store<u16>(to, <u16>byte);
      from += 1;
      to += 2;
      continue;
    }
    const point = decodePoint(from, end);
    from += pointSize;
    if (point < 0x10000) {
      store<u16>(to, <u16>point);
      to += 2;
    } else {
      store<u16>(to, <u16>(0xd800 + ((point - 0x10000) >> 10)));
      store<u16>(to + 2, <u16>(0xdc00 + (point & 0x3ff)));
      to += 4;
    }
  }
  const used = to - buffer;
  return changetype<string>(used == size << 1 ? buffer : __renew(buffer, used));
}

/** How many bytes the last `decodePoint` took. */
// @ts-ignore: decorator
@lazy
export let pointSize: usize = 0;

/** Decodes the code point at `from`, whose first byte is 0x80 or more. Sets `pointSize`. */
export function decodePoint(from: usize, end: usize): u32 {
  const first: u32 = load<u8>(from);
  let lower: u32 = 0x80;
  let upper: u32 = 0xbf;
  let missing = 0;
  let point: u32 = 0;
  if (first >= 0xc2 && first <= 0xdf) {
    missing = 1;
    point = first & 0x1f;
  } else if ((first & 0xf0) == 0xe0) {
    missing = 2;
    point = first & 0x0f;
    if (first == 0xe0) lower = 0xa0; // overlong
    if (first == 0xed) upper = 0x9f; // surrogates
  } else if (first >= 0xf0 && first <= 0xf4) {
    missing = 3;
    point = first & 0x07;
    if (first == 0xf0) lower = 0x90; // overlong
    if (first == 0xf4) upper = 0x8f; // beyond U+10FFFF
  } else {
    pointSize = 1;
    return 0xfffd;
  }
  let at = from + 1;
  while (missing > 0) {
    const byte: u32 = at < end ? load<u8>(at) : 0;
    if (byte < lower || byte > upper) {
      point = 0xfffd;
      break;
    }
    lower = 0x80;
    upper = 0xbf;
    point = (point << 6) | (byte & 0x3f);
    at += 1;
    missing -= 1;
  }
  pointSize = at - from;
  return point;
}

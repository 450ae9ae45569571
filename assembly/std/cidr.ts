// IP addresses and ranges of them (RFC 4291 and 4632). An IPv4 address is kept as the IPv6 address
// that it is mapped to, `::ffff:a.b.c.d`: the two are one address, however a peer is shown.
import { hexValue } from "./hex";
import { Result } from "./result";

// @ts-ignore: decorator
@inline
const COLON: u32 = 0x3a;

// @ts-ignore: decorator
@inline
const POINT: u32 = 0x2e;

/** The first four bytes of the lower half of a mapped IPv4 address. */
// @ts-ignore: decorator
@inline
const MAPPED: u64 = 0xffff;

/** The address being parsed, in network order. */
// @ts-ignore: decorator
@lazy
const ADDRESS: usize = memory.data(16, 8);

/** An IPv4 or IPv6 address. */
export class IpAddress {
  constructor(
    /** The first 64 bits of the address as IPv6; 0 for IPv4. */
    readonly high: u64,
    /** The last 64 bits of the address as IPv6. */
    readonly low: u64,
  ) {}

  /**
   * Reads `192.0.2.1`, `2001:db8::1` or `::ffff:192.0.2.1`. `null` for everything else: other parts
   * than four decimal ones without leading zeros, a zone (`%eth0`), brackets, a port. Never traps.
   */
  static parse(text: string): IpAddress | null {
    return parseRange(text, 0, text.length);
  }

  /**
   * Reads an address with or without a port: `192.0.2.1:8080`, `[2001:db8::1]:8080`, as Envoy's
   * `source.address` has it. `null` when it is none. Never traps.
   */
  static parseWithPort(text: string): IpAddress | null {
    const length = text.length;
    let end = length;
    while (end && isDigit(unitAt(text, end - 1))) end--;
    // A port is one to five digits after a colon, after brackets or an IPv4 address.
    const hasPort = end && end < length && length - end < 6 && unitAt(text, end - 1) == COLON;
    if (length && unitAt(text, 0) == 0x5b) {
      const close = hasPort ? end - 2 : length - 1;
      return close > 0 && unitAt(text, close) == 0x5d ? parseRange(text, 1, close) : null;
    }
    if (hasPort) {
      const address = parseIpv4(text, 0, end - 1);
      if (address >= 0) return new IpAddress(0, (MAPPED << 32) | address);
    }
    return parseRange(text, 0, length);
  }

  /** Whether this is an IPv4 address, mapped or not. */
  get isIpv4(): bool {
    return !this.high && this.low >> 32 == MAPPED;
  }

  /** Whether the two are one address. */
  equals(other: IpAddress): bool {
    return this.high == other.high && this.low == other.low;
  }

  /** The address as text, one for each (RFC 5952): `192.0.2.1`, `2001:db8::1`. */
  toString(): string {
    if (this.isIpv4) {
      const low = <u32>this.low;
      return (
        (low >> 24).toString() +
        "." +
        ((low >> 16) & 255).toString() +
        "." +
        ((low >> 8) & 255).toString() +
        "." +
        (low & 255).toString()
      );
    }
    // The longest run of zero groups, of two at least, becomes `::`.
    let gap = 8;
    let gapLength = 1;
    for (let i = 0; i < 8; i++) {
      let run = 0;
      while (i + run < 8 && !this.group(i + run)) run++;
      if (run > gapLength) {
        gap = i;
        gapLength = run;
      }
      i += run;
    }
    let text = "";
    for (let i = 0; i < 8; i++) {
      if (i == gap) {
        text += "::";
        i += gapLength - 1;
      } else {
        text += (i && i != gap + gapLength ? ":" : "") + this.group(i).toString(16);
      }
    }
    return text;
  }

  private group(index: i32): u32 {
    const half = index < 4 ? this.high : this.low;
    return (<u32>(half >> (48 - ((index & 3) << 4)))) & 0xffff;
  }
}

/** A range of addresses: those whose first bits are the same. */
export class Cidr {
  private constructor(
    private readonly high: u64,
    private readonly low: u64,
    private readonly highMask: u64,
    private readonly lowMask: u64,
  ) {}

  /**
   * Reads `10.0.0.0/8`, `2001:db8::/32`, or an address, which is a range of one. Bits after the
   * prefix do not count: `10.1.2.3/8` is `10.0.0.0/8`. `::ffff:10.0.0.0/104` is the same, and `::/0`
   * holds all addresses, also IPv4. `null` for everything else. Never traps.
   */
  static parse(text: string): Cidr | null {
    let slash = 0;
    // No address is longer.
    while (slash < text.length && slash < 64 && unitAt(text, slash) != 0x2f) slash++;
    const address = parseRange(text, 0, slash);
    if (!address) return null;
    let bits = 128;
    if (slash < text.length) {
      const v4 = parseIpv4(text, 0, slash) >= 0;
      const prefix = parseDecimal(text, slash + 1, text.length, v4 ? 32 : 128);
      if (prefix < 0) return null;
      bits = v4 ? prefix + 96 : prefix;
    }
    const highMask = leadingBits(min(bits, 64));
    const lowMask = leadingBits(max(bits - 64, 0));
    return new Cidr(address.high & highMask, address.low & lowMask, highMask, lowMask);
  }

  /** Whether the address is in the range. */
  contains(address: IpAddress): bool {
    return (address.high & this.highMask) == this.high && (address.low & this.lowMask) == this.low;
  }
}

/**
 * A list of ranges, as of a configuration.
 *
 * ```ts
 * const trusted = CidrList.parse(["10.0.0.0/8", "2001:db8::/32"]);
 * if (trusted.error != null) return false;
 * const peer = IpAddress.parseWithPort(text);
 * if (peer != null && trusted.value.contains(peer)) allow();
 * ```
 */
export class CidrList {
  private constructor(private readonly ranges: Cidr[]) {}

  /**
   * Reads ranges as `Cidr.parse` does. An error names the first that is none; its offset is the
   * place of that in the list, and the value an empty list. Never traps.
   */
  static parse(texts: string[]): Result<CidrList> {
    const ranges: Cidr[] = [];
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i];
      const range = Cidr.parse(text);
      if (!range) {
        const shown = text.length > 64 ? text.substring(0, 64) + "..." : text;
        const error = "cidr: no address or range: " + shown;
        return new Result<CidrList>(new CidrList([]), error, i);
      }
      ranges.push(range);
    }
    return new Result<CidrList>(new CidrList(ranges));
  }

  /** Whether the address is in one of the ranges. Takes time in proportion to their number. */
  contains(address: IpAddress): bool {
    for (let i = 0; i < this.ranges.length; i++) {
      if (unchecked(this.ranges[i]).contains(address)) return true;
    }
    return false;
  }
}

// @ts-ignore: decorator
@inline
function unitAt(text: string, index: i32): u32 {
  return load<u16>(changetype<usize>(text) + ((<usize>index) << 1));
}

// @ts-ignore: decorator
@inline
function isDigit(unit: u32): bool {
  return unit - 0x30 < 10;
}

/** A word whose first `count` bits are set. */
function leadingBits(count: i32): u64 {
  return count ? ~(<u64>0) << (64 - count) : 0;
}

function parseRange(text: string, start: i32, end: i32): IpAddress | null {
  const v4 = parseIpv4(text, start, end);
  if (v4 >= 0) return new IpAddress(0, (MAPPED << 32) | v4);
  if (!parseIpv6(text, start, end)) return null;
  return new IpAddress(bswap(load<u64>(ADDRESS)), bswap(load<u64>(ADDRESS, 8)));
}

/** A decimal number without leading zeros, of at most `max`, from `start` to `end`; else -1. */
function parseDecimal(text: string, start: i32, end: i32, max: i32): i32 {
  const length = end - start;
  if (length < 1 || length > 3) return -1;
  if (length > 1 && unitAt(text, start) == 0x30) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const unit = unitAt(text, i);
    if (!isDigit(unit)) return -1;
    value = value * 10 + (unit - 0x30);
  }
  return value <= max ? value : -1;
}

/** The 32 bits of an IPv4 address; -1 when it is none. */
function parseIpv4(text: string, start: i32, end: i32): i64 {
  let address: i64 = 0;
  let from = start;
  for (let part = 0; part < 4; part++) {
    let to = from;
    while (to < end && to - from < 4 && unitAt(text, to) != POINT) to++;
    // A point after each part but the last.
    if (part == 3 ? to != end : to == end) return -1;
    const value = parseDecimal(text, from, to, 255);
    if (value < 0) return -1;
    address = (address << 8) | value;
    from = to + 1;
  }
  return address;
}

/** Writes an IPv6 address to `ADDRESS`; false when it is none. */
function parseIpv6(text: string, start: i32, end: i32): bool {
  memory.fill(ADDRESS, 0, 16);
  /** Groups read so far, and before how many of them `::` is. */
  let count = 0;
  let gap = -1;
  let i = start;
  if (end - i > 1 && unitAt(text, i) == COLON && unitAt(text, i + 1) == COLON) {
    gap = 0;
    i += 2;
  }
  while (i < end) {
    if (count == 8) return false;
    const from = i;
    let value: u32 = 0;
    while (i < end && i - from < 5 && hexValue(unitAt(text, i)) < 16) {
      value = (value << 4) | hexValue(unitAt(text, i));
      i++;
    }
    if (i < end && unitAt(text, i) == POINT) {
      const v4 = count < 7 ? parseIpv4(text, from, end) : -1;
      if (v4 < 0) return false;
      store<u32>(ADDRESS + ((<usize>count) << 1), bswap<u32>(<u32>v4));
      count += 2;
      break;
    }
    if (i == from || i - from > 4) return false;
    store<u16>(ADDRESS + ((<usize>count) << 1), bswap<u16>(<u16>value));
    count++;
    if (i == end) break;
    if (unitAt(text, i++) != COLON || i == end) return false;
    if (unitAt(text, i) == COLON) {
      if (gap >= 0) return false;
      gap = count;
      i++;
    }
  }
  if (gap < 0) return count == 8;
  if (count == 8) return false;
  const after = (<usize>(count - gap)) << 1;
  const gapAt = ADDRESS + ((<usize>gap) << 1);
  memory.copy(ADDRESS + 16 - after, gapAt, after);
  memory.fill(gapAt, 0, (8 - count) << 1);
  return true;
}

// What cidr.test.ts calls.
import { Cidr, CidrList, IpAddress } from "./cidr";
import { lastError, lastOffset, valueOf } from "./result.driver";

export { lastError, lastOffset };

/** The address in its one form; `null` when it is none. */
export function parse(text: string): string | null {
  const address = IpAddress.parse(text);
  return address ? address.toString() : null;
}

export function parseWithPort(text: string): string | null {
  const address = IpAddress.parseWithPort(text);
  return address ? address.toString() : null;
}

export function isIpv4(text: string): bool {
  const address = IpAddress.parse(text);
  return address ? address.isIpv4 : false;
}

export function equal(a: string, b: string): bool {
  const first = IpAddress.parse(a);
  const second = IpAddress.parse(b);
  return first && second ? first.equals(second) : false;
}

export function isRange(text: string): bool {
  return Cidr.parse(text) != null;
}

/** 1 when the range holds the address, 0 when not, -1 when one is none. */
export function contains(range: string, address: string): i32 {
  const cidr = Cidr.parse(range);
  const ip = IpAddress.parse(address);
  return cidr && ip ? i32(cidr.contains(ip)) : -1;
}

/** Whether one of the ranges, parted by line breaks, holds the address. */
export function listContains(ranges: string, address: string): bool {
  const list = valueOf(CidrList.parse(ranges.split("\n")));
  const ip = IpAddress.parse(address);
  return ip ? list.contains(ip) : false;
}

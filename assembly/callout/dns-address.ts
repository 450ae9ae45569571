import { decodeUtf8 } from "../runtime/text";

/** One address that a name stands for. */
@final
export class DnsAddress {
  constructor(
    /** As text: `192.0.2.1`, `2001:db8::1`. */
    readonly address: string,
    /** For how many seconds it may be kept; 0 where the resolver does not tell. */
    readonly ttlSeconds: u32,
  ) {}
}

// ╒═════════ Answer to envoy_resolve_dns (little endian) ═════════╕
// │ u32 count │ u32 ttl × count │ (address:port bytes, 0) × count │
// └───────────────────────────────────────────────────────────────┘

/** Reads an answer; `null` for one that is none, as of a lookup that failed. */
export function readAddresses(data: usize, size: usize): DnsAddress[] | null {
  if (size < 4) return null;
  const count = load<u32>(data);
  if (4 + <u64>count * 4 > <u64>size) return null;
  const end = data + size;
  let from = data + 4 + ((<usize>count) << 2);
  const addresses: DnsAddress[] = [];
  for (let i: usize = 0; i < count; i++) {
    let to = from;
    while (to < end && load<u8>(to) != 0) to++;
    if (to == end) return null;
    addresses.push(new DnsAddress(readAddress(from, to), load<u32>(data + 4 + (i << 2))));
    from = to + 1;
  }
  return addresses;
}

/** Without the port, which Envoy adds as `:0`, and the brackets that it puts around IPv6. */
function readAddress(from: usize, to: usize): string {
  let end = to;
  while (end > from && load<u8>(end - 1) != 0x3a) end--;
  if (end == from) return decodeUtf8(from, to - from);
  end--;
  if (end - from >= 2 && load<u8>(from) == 0x5b && load<u8>(end - 1) == 0x5d) {
    return decodeUtf8(from + 1, end - from - 2);
  }
  return decodeUtf8(from, end - from);
}

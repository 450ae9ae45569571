import { isIP } from "node:net";
import { Status } from "../abi.ts";
import { DnsLookup } from "../dns.ts";
import type { HostCalls } from "./host-call.ts";

export const dnsCalls: HostCalls = {
  envoy_resolve_dns({ context, memory, vm }, name: number, size: number, to: number) {
    const address = memory.readUtf8(name, size);
    const token = vm.nextDnsToken();
    memory.writeU32(to, token);
    const { root } = context;
    if (root === null) return Status.Ok;
    const lookup = new DnsLookup(root, token, address);
    // An address needs no server: Envoy calls back before it returns.
    if (isIP(address) !== 0) lookup.respond([{ address, ttl: 0 }]);
    else vm.host.dnsAsked(lookup);
    return Status.Ok;
  },
};

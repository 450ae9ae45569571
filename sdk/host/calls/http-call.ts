import { Status } from "../abi.ts";
import { Callout } from "../http/callout.ts";
import { HeaderMap } from "../http/header-map.ts";
import { decodePairs } from "../pairs.ts";
import type { HostCalls } from "./host-call.ts";

/** The lowest two bits of a callout's id are its kind. */
const HTTP = 0;

export const httpCallCalls: HostCalls = {
  proxy_http_call(
    { context, memory, vm },
    cluster: number,
    clusterSize: number,
    headers: number,
    headersSize: number,
    body: number,
    bodySize: number,
    trailers: number,
    trailersSize: number,
    timeout: number,
    to: number,
  ) {
    const name = memory.readUtf8(cluster, clusterSize);
    const sent = memory.read(body, bodySize);
    const map = new HeaderMap("request headers", decodePairs(memory.read(headers, headersSize)));
    const trailing = decodePairs(memory.read(trailers, trailersSize));
    memory.writeU32(to, 0);
    const { root } = context;
    const { clusters } = vm.host;
    // The guest's number is signed.
    if (root === null || (timeout | 0) < 0) return Status.BadArgument;
    if (clusters !== null && !clusters.has(name)) return Status.BadArgument;
    if ([":path", ":method", ":authority"].some((each) => map.get(each) === null)) {
      return Status.BadArgument;
    }
    if (sent.length > 0) map.set("content-length", String(sent.length));
    const callout = new Callout(root, {
      id: vm.nextCalloutId(HTTP),
      cluster: name,
      headers: map,
      body: sent,
      trailers: trailing,
      timeout,
    });
    root.callouts.set(callout.id, callout);
    memory.writeU32(to, callout.id);
    vm.host.calloutSent(callout);
    return Status.Ok;
  },
};

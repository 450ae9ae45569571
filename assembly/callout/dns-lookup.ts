import { BufferType, Status } from "../abi/enums";
import { proxy_get_buffer_bytes } from "../abi/hostcalls/buffers";
import { envoy_resolve_dns } from "../abi/hostcalls/envoy";
import { schedule } from "../plugin/schedule";
import { Timer } from "../plugin/timer";
import { currentContext } from "../runtime/callback";
import {
  clearOut,
  outData,
  outSize,
  release,
  reserve,
  resultData,
  resultSize,
} from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";
import { DnsAddress, readAddresses } from "./dns-address";
import { hookDns } from "./hooks";
import { actForOwner } from "./owner";
import { Callout, PendingCallouts } from "./pending";

/** Set by the first `resolve`. */
// @ts-ignore: decorator
@lazy
let underWay: PendingCallouts | null = null;

/**
 * An answer that came while the host was being asked: to the question itself (localhost, an address, a
 * bad name), or to another one. It is handed over by a timer, because a stream's callback that asks
 * has not told yet that the stream is to wait.
 */
@final
class EarlyAnswer extends Timer {
  /** The one that came before it. */
  next: EarlyAnswer | null = early;

  constructor(
    readonly token: u32,
    private readonly root: u32,
    private readonly addresses: DnsAddress[] | null,
  ) {
    super();
  }

  /** Has the answer handed over soon; nothing happens when nobody waits for it any more. */
  handOver(): Status {
    const waiting = find(this.token);
    if (waiting === null) return Status.NotFound;
    const owner = waiting.__owner;
    const status = schedule(this, this.root, owner == this.root ? 0 : owner, 1, 0);
    if (status != Status.Ok) settle(waiting);
    return status;
  }

  override onTimer(): void {
    const waiting = find(this.token);
    if (waiting === null) return;
    settle(waiting);
    deliver(waiting, this.addresses);
  }
}

/** Whether the host is being asked at the moment. */
// @ts-ignore: decorator
@lazy
let asking: bool = false;

/** What has come meanwhile, the last one first. */
// @ts-ignore: decorator
@lazy
let early: EarlyAnswer | null = null;

// Of its own: an answer that comes inside of the call uses the out-parameters.
// @ts-ignore: decorator
@lazy
const OUT_TOKEN: usize = memory.data(4, 4);

/**
 * Has Envoy look up the addresses of a name, by the resolver that is its default (that of its
 * machine). One of the two callbacks is called once, later; they act on the stream that asked, as
 * that stream's own callbacks do:
 *
 * ```ts
 * class Lookup extends DnsLookup {
 *   override onResolved(addresses: DnsAddress[]): void {
 *     if (addresses.length != 0) new RequestHeaders().set("x-address", addresses[0].address);
 *     continueRequest();
 *   }
 *   override onFailure(): void {
 *     continueRequest();
 *   }
 * }
 * // in onRequestHeaders
 * if (new Lookup().resolve("service.example") != Status.Ok) return Action.Continue;
 * return Action.StopAllIterationAndWatermark;
 * ```
 *
 * It belongs to the stream whose callback asked, or to the plugin. When its stream ends first, neither
 * callback is called. Of IPv6 and IPv4, Envoy answers the first that the name has.
 *
 * Envoy's own: `Unimplemented` or another status on other hosts. Envoy 1.36 and 1.40 were seen to hang
 * for ever in a `resolve` that follows a gRPC callout to a cluster that is not there, in one callback.
 */
export abstract class DnsLookup extends Callout {
  /** The resolver has answered; there are no addresses when the name has none. */
  abstract onResolved(addresses: DnsAddress[]): void;

  /** There is no answer, and none will come: no such name, or no resolver that answers. */
  abstract onFailure(): void;

  /**
   * Asks. From any callback, of a stream or a plugin; again once it was answered. The callback never
   * comes before this returns, also where Envoy knows the answer by itself: it comes with the next
   * millisecond then.
   *
   * @param name a host's name, or an IP address
   * @returns `Ok` when a callback will follow, else none does: `BadArgument` for an empty name, one
   *   with a NUL in it, or when it is under way already; `InternalFailure` when Envoy knows the answer by
   *   itself and allows no ticks
   */
  resolve(name: string): Status {
    if (this.pending || name.length == 0 || name.indexOf("\0") >= 0) return Status.BadArgument;
    let callouts = underWay;
    if (callouts === null) {
      underWay = callouts = new PendingCallouts();
      hookDns(answer, forget);
    }
    const data = reserve(maxUtf8Size(name.length));
    asking = true;
    let status = envoy_resolve_dns(data, encodeUtf8(name, data), OUT_TOKEN);
    asking = false;
    release(data);
    const token = load<u32>(OUT_TOKEN);
    if (status == Status.Ok) callouts.insert(token, currentContext, this);
    let each = early;
    early = null;
    while (each !== null) {
      const started = each.handOver();
      if (each.token == token && status == Status.Ok) status = started;
      each = each.next;
    }
    return status;
  }
}

/** Hands the host's answer to the lookup that waits for it, if there still is one. */
function answer(root: u32, token: u32, size: u32): void {
  // The answer lies with the root context, so it is read before another one is acted on.
  if (asking) {
    early = new EarlyAnswer(token, root, take(size));
    return;
  }
  const waiting = find(token);
  if (waiting === null) return;
  const addresses = take(size);
  const owner = waiting.__owner;
  settle(waiting);
  if (actForOwner(owner, root)) deliver(waiting, addresses);
}

/** The lookup of a token; `null` when it is answered, or its owner is gone. */
function find(token: u32): DnsLookup | null {
  const callouts = underWay;
  return callouts === null ? null : changetype<DnsLookup | null>(callouts.find(token));
}

/** Forgets what is over. */
function settle(lookup: DnsLookup): void {
  const callouts = underWay;
  if (callouts !== null) callouts.remove(lookup);
}

function deliver(lookup: DnsLookup, addresses: DnsAddress[] | null): void {
  if (addresses === null) lookup.onFailure();
  else lookup.onResolved(addresses);
}

/** Reads the answer that the host has at hand. */
function take(size: u32): DnsAddress[] | null {
  clearOut();
  const buffer = BufferType.CallData;
  const status = proxy_get_buffer_bytes(buffer, 0, size, outData(), outSize());
  if (status != Status.Ok) return null;
  const data = resultData();
  const addresses = readAddresses(data, resultSize());
  release(data);
  return addresses;
}

/** Drops what a context has asked. */
function forget(owner: u32): void {
  const callouts = underWay;
  if (callouts !== null) callouts.removeAllOf(owner);
}

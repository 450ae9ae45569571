import { Status } from "../abi/enums";
import { proxy_grpc_cancel } from "../abi/hostcalls/grpc";
import { currentContext } from "../runtime/callback";
import { resultData } from "../runtime/memory";
import { GrpcEvent, hookGrpc } from "./hooks";
import { actForOwner } from "./owner";
import { Callout, PendingCallouts } from "./pending";

/** Set by the first call or stream. */
// @ts-ignore: decorator
@lazy
let underWay: PendingCallouts | null = null;

/** What calls and streams have in common; authors derive from GrpcCall and GrpcStream. */
export abstract class GrpcCallout extends Callout {
  /**
   * Ends it at once, without a further callback. `NotFound` when it is not under way.
   */
  cancel(): Status {
    if (!this.pending) return Status.NotFound;
    settle(this);
    return proxy_grpc_cancel(this.__token);
  }

  /** A message of so many bytes has come. @internal */
  abstract __onMessage(size: u32): void;

  /** It is over; `code` is a GrpcCode. @internal */
  abstract __onClose(code: u32): void;

  /** What the service has sent ahead is readable. @internal */
  __onInitialMetadata(): void {}

  /** What the service has sent at the end is readable. @internal */
  __onTrailingMetadata(): void {}
}

/** Remembers what the host has just taken on, for the current context. */
export function enlist(callout: GrpcCallout): void {
  let callouts = underWay;
  if (callouts === null) {
    underWay = callouts = new PendingCallouts();
    hookGrpc(answer, forget);
  }
  callouts.insert(<u32>resultData(), currentContext, callout);
}

/** Forgets what is over. */
export function settle(callout: GrpcCallout): void {
  const callouts = underWay;
  if (callouts !== null && callout.pending) callouts.remove(callout);
}

/** Hands an event to the call or stream that it is for, if that is still wanted. */
function answer(event: GrpcEvent, root: u32, token: u32, value: u32): void {
  const callouts = underWay;
  if (callouts === null) return;
  const found = callouts.find(token);
  if (found === null) return;
  const callout = changetype<GrpcCallout>(found);
  if (!actForOwner(found.__owner, root)) {
    callout.cancel();
    return;
  }
  if (event == GrpcEvent.Message) callout.__onMessage(value);
  else if (event == GrpcEvent.Close) callout.__onClose(value);
  else if (event == GrpcEvent.InitialMetadata) callout.__onInitialMetadata();
  else callout.__onTrailingMetadata();
}

/** Cancels what a context has under way. */
function forget(owner: u32): void {
  const callouts = underWay;
  if (callouts === null) return;
  let callout = callouts.removeAllOf(owner);
  while (callout !== null) {
    proxy_grpc_cancel(callout.__token);
    const next = callout.__nextByOwner;
    callout.__nextByOwner = null;
    callout = next;
  }
}

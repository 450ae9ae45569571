import { Status } from "../abi/enums";
import { proxy_set_effective_context } from "../abi/hostcalls/callouts";
import { actAs } from "../runtime/callback";

/**
 * Lets the rest of the callback act on the context that sent the callout: the host makes the answer's
 * callback for the root context. False when the host does not allow it.
 */
export function actForOwner(owner: u32, root: u32): bool {
  if (owner != root && proxy_set_effective_context(owner) != Status.Ok) return false;
  actAs(owner);
  return true;
}

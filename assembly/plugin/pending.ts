import { Status } from "../abi/enums";
import { proxy_set_effective_context } from "../abi/hostcalls/callouts";
import { proxy_done } from "../abi/hostcalls/plugin";
import { currentContext } from "../runtime/callback";

/** Ends a root context that is pending. */
export function endPending(root: u32): Status {
  if (currentContext == root) return proxy_done();
  if (proxy_set_effective_context(root) != Status.Ok) return Status.NotFound;
  const status = proxy_done();
  proxy_set_effective_context(currentContext);
  return status;
}

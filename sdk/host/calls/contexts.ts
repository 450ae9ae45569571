import { Status } from "../abi.ts";
import { fromLatin1 } from "../bytes.ts";
import { CallEnded } from "../guest-memory.ts";
import type { HostCalls } from "./host-call.ts";

/** What the guest acts on, how its callouts ended, and that it is done. */
export const contextCalls: HostCalls = {
  proxy_set_effective_context({ vm }, id: number) {
    return vm.setEffectiveContext(id) ? Status.Ok : Status.BadArgument;
  },

  proxy_done({ context, vm }) {
    const { root } = context;
    if (root === null || context !== root || !root.pendingDone) return Status.NotFound;
    root.pendingDone = false;
    vm.afterCall(() => {
      vm.call("proxy_on_delete", root, []);
      vm.contexts.delete(root.id);
    });
    return Status.Ok;
  },

  proxy_get_status({ context, memory }, code: number, to: number, toSize: number) {
    const status = context.root?.status;
    if (status === undefined) throw new CallEnded(Status.BadArgument);
    memory.writeU32(code, status.code);
    memory.writeResult(fromLatin1(status.message), to, toSize);
    return Status.Ok;
  },
};

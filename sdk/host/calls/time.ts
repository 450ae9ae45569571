import { Status } from "../abi.ts";
import type { HostCalls } from "./host-call.ts";

/** Virtual time, and the plugin's one timer. */
export const timeCalls: HostCalls = {
  proxy_get_current_time_nanoseconds({ memory, vm }, to: number) {
    memory.writeU64(to, vm.host.clock.now);
    return Status.Ok;
  },

  proxy_set_tick_period_milliseconds({ context }, milliseconds: number) {
    context.root?.setTickPeriod(milliseconds);
    return Status.Ok;
  },
};

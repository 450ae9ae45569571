import { Status } from "../abi.ts";
import type { HostCalls } from "./host-call.ts";

export const metricCalls: HostCalls = {
  proxy_define_metric({ memory, vm }, type: number, name: number, size: number, to: number) {
    const id = vm.metrics.define(type, memory.readUtf8(name, size));
    if (id === null) return Status.BadArgument;
    memory.writeU32(to, id);
    return Status.Ok;
  },

  proxy_increment_metric({ vm }, id: number, delta: bigint) {
    return vm.metrics.increment(id, delta);
  },

  proxy_record_metric({ vm }, id: number, value: bigint) {
    return vm.metrics.record(id, value);
  },

  proxy_get_metric({ memory, vm }, id: number, to: number) {
    const value = vm.metrics.read(id);
    if (typeof value !== "bigint") return value;
    memory.writeU64(to, value);
    return Status.Ok;
  },
};

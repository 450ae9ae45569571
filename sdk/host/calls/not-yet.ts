import { Status } from "../abi.ts";
import type { HostCalls } from "./host-call.ts";

const unimplemented = (): number => Status.Unimplemented;

/** What this host links and does not do: gRPC, foreign functions and Envoy's DNS. */
export const notYetCalls: HostCalls = {
  envoy_resolve_dns: unimplemented,

  proxy_call_foreign_function(
    { memory },
    name: number,
    size: number,
    args: number,
    argsSize: number,
  ) {
    memory.read(name, size);
    memory.read(args, argsSize);
    return Status.NotFound;
  },
};

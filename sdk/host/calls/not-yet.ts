import { Status } from "../abi.ts";
import type { HostCalls } from "./host-call.ts";

const unimplemented = (): number => Status.Unimplemented;

/** What this host links and does not do: gRPC, foreign functions and Envoy's DNS. */
export const notYetCalls: HostCalls = {
  proxy_grpc_call: unimplemented,
  proxy_grpc_stream: unimplemented,
  proxy_grpc_send: unimplemented,
  proxy_grpc_cancel: unimplemented,
  proxy_grpc_close: unimplemented,
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

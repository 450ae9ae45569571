import { Status } from "../abi.ts";
import { EXPRESSION_FUNCTIONS } from "../foreign/functions.ts";
import type { HostCalls } from "./host-call.ts";

export const foreignCalls: HostCalls = {
  // Envoy writes both results whatever comes of it, where it is told where to.
  proxy_call_foreign_function(
    { memory, vm },
    name: number,
    size: number,
    args: number,
    argsSize: number,
    to: number,
    toSize: number,
  ) {
    const wanted = memory.readUtf8(name, size);
    const run = vm.host.foreignFunctions.get(wanted);
    const argument = memory.read(args, argsSize);
    if (run === undefined) {
      if (EXPRESSION_FUNCTIONS.has(wanted)) {
        vm.host.problem(
          `${wanted} is not on this host, and answered NotFound: give it a stand-in by foreignFunctions, or test on Envoy`,
        );
      }
      return Status.NotFound;
    }
    const result = run(argument, vm);
    const bytes = typeof result === "number" ? null : result;
    // Unlike other results, one of no bytes is allocated too.
    const at = bytes === null || to === 0 ? 0 : memory.place(bytes);
    if (to !== 0) memory.writeU32(to, at);
    if (toSize !== 0) memory.writeU32(toSize, bytes?.length ?? 0);
    return typeof result === "number" ? result : Status.Ok;
  },
};

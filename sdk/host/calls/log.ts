import { LOG_LEVELS, Status } from "../abi.ts";
import type { HostCalls } from "./host-call.ts";

export const logCalls: HostCalls = {
  proxy_log({ context, memory }, level: number, text: number, size: number) {
    if (level >= LOG_LEVELS.length) return Status.BadArgument;
    context.writeLog(level, memory.readUtf8(text, size));
    return Status.Ok;
  },

  proxy_get_log_level({ memory, vm }, to: number) {
    memory.writeU32(to, vm.host.logs.levelNumber);
    return Status.Ok;
  },
};

import { Status } from "../abi.ts";
import { readProperty } from "../properties.ts";
import type { HostCalls } from "./host-call.ts";

export const propertyCalls: HostCalls = {
  proxy_get_property({ context, memory }, path: number, size: number, to: number, toSize: number) {
    const value = readProperty(context, memory.readUtf8(path, size));
    if (value === null) return Status.NotFound;
    memory.writeResult(value, to, toSize);
    return Status.Ok;
  },

  proxy_set_property(
    { context, memory },
    path: number,
    size: number,
    value: number,
    valueSize: number,
  ) {
    const name = memory.readUtf8(path, size);
    return context.setProperty(name, memory.read(value, valueSize));
  },
};

import { LAST_BUFFER_TYPE, Status } from "../abi.ts";
import type { BufferSource } from "../contexts/context.ts";
import { CallEnded } from "../guest-memory.ts";
import { BodyBuffer } from "../http/body-buffer.ts";
import type { CallScope, HostCalls } from "./host-call.ts";

function source({ context }: CallScope, type: number): BufferSource {
  if (type > LAST_BUFFER_TYPE) throw new CallEnded(Status.BadArgument);
  const found = context.buffer(type);
  if (found === null) throw new CallEnded(Status.NotFound);
  return found;
}

/** Buffers: bodies, which may be changed, and configurations and answers, which may not. */
export const bufferCalls: HostCalls = {
  proxy_get_buffer_bytes(
    scope,
    type: number,
    start: number,
    most: number,
    to: number,
    toSize: number,
  ) {
    const from = source(scope, type);
    const size = Math.max(0, Math.min(most, from.length - start));
    const bytes =
      from instanceof BodyBuffer ? from.slice(start, size) : from.subarray(start, start + size);
    scope.memory.writeResult(bytes, to, toSize);
    return Status.Ok;
  },

  proxy_get_buffer_status(scope, type: number, size: number, flags: number) {
    const { length } = source(scope, type);
    scope.memory.writeU32(size, length);
    scope.memory.writeU32(flags, 0);
    return Status.Ok;
  },

  // Envoy can put bytes before a body, behind it, or in the place of its beginning; not into its midst.
  proxy_set_buffer_bytes(
    scope,
    type: number,
    start: number,
    size: number,
    data: number,
    dataSize: number,
  ) {
    const to = source(scope, type);
    const bytes = scope.memory.read(data, dataSize);
    if (!(to instanceof BodyBuffer)) return Status.BadArgument;
    if (start === 0) {
      to.drain(size);
      to.prepend(bytes);
    } else if (start >= to.length) {
      to.append(bytes);
    } else {
      return Status.BadArgument;
    }
    return Status.Ok;
  },

  // 0.1.0 only.
  proxy_get_configuration({ context, memory, vm }, to: number, toSize: number) {
    const plugin = vm.configuring === context ? context.root?.configuration : undefined;
    memory.writeResult(plugin ?? vm.configuration, to, toSize);
    return Status.Ok;
  },
};

import { Status } from "../abi.ts";
import type { CallScope, HostCalls } from "./host-call.ts";

const vmIdOf = ({ context }: CallScope): string => context.root?.identity.vmId ?? "";

/** Shared data and queues, by VM id. */
export const sharedCalls: HostCalls = {
  proxy_get_shared_data(
    scope,
    key: number,
    keySize: number,
    to: number,
    toSize: number,
    cas: number,
  ) {
    const { memory, vm } = scope;
    const name = memory.readLatin1(key, keySize);
    const found = vm.host.sharedData.get(vmIdOf(scope), name);
    if (found === null) return Status.NotFound;
    memory.writeResult(found.value, to, toSize);
    memory.writeU32(cas, found.cas);
    return Status.Ok;
  },

  proxy_set_shared_data(
    scope,
    key: number,
    keySize: number,
    value: number,
    size: number,
    cas: number,
  ) {
    const { memory, vm } = scope;
    const name = memory.readLatin1(key, keySize);
    return vm.host.sharedData.set(vmIdOf(scope), name, memory.read(value, size), cas);
  },

  proxy_register_shared_queue(scope, name: number, size: number, to: number) {
    const { context, memory, vm } = scope;
    const { root } = context;
    const id = vm.host.sharedQueues.register(
      vmIdOf(scope),
      memory.readLatin1(name, size),
      (queue) => {
        vm.host.post(() => {
          if (root !== null && vm.contexts.has(root.id))
            vm.call("proxy_on_queue_ready", root, [queue]);
        });
      },
    );
    memory.writeU32(to, id);
    return Status.Ok;
  },

  proxy_resolve_shared_queue(
    scope,
    vmId: number,
    vmIdSize: number,
    name: number,
    size: number,
    to: number,
  ) {
    const { memory, vm } = scope;
    const owner = memory.readUtf8(vmId, vmIdSize);
    const queue = memory.readLatin1(name, size);
    const id = vm.host.sharedQueues.resolve(owner === "" ? vmIdOf(scope) : owner, queue);
    if (id === null) return Status.NotFound;
    memory.writeU32(to, id);
    return Status.Ok;
  },

  proxy_enqueue_shared_queue({ memory, vm }, id: number, item: number, size: number) {
    return vm.host.sharedQueues.enqueue(id, memory.read(item, size));
  },

  proxy_dequeue_shared_queue({ memory, vm }, id: number, to: number, toSize: number) {
    const item = vm.host.sharedQueues.dequeue(id);
    if (typeof item === "number") return item;
    memory.writeResult(item, to, toSize);
    return Status.Ok;
  },
};

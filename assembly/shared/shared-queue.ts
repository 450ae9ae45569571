import { Status } from "../abi/enums";
import {
  proxy_dequeue_shared_queue,
  proxy_enqueue_shared_queue,
  proxy_register_shared_queue,
  proxy_resolve_shared_queue,
} from "../abi/hostcalls/shared";
import { setQueueHooks } from "../plugin/hooks";
import { currentRoot } from "../plugin/contexts";
import { takeBytes, takeString } from "../runtime/bytes";
import { clearOut, outData, outSize, release, reserve, resultData } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";

/** The queues that this VM has registered, the last one first. */
// @ts-ignore: decorator
@lazy
let registered: SharedQueue | null = null;

/**
 * Messages from any VM of this Envoy to one of them, in order, each delivered once. Who takes them
 * registers the queue by a name, and is told when there is something:
 *
 * ```ts
 * class Jobs extends SharedQueue {
 *   override onQueueReady(): void {
 *     let job = this.dequeue();
 *     while (job !== null) {
 *       use(job);
 *       job = this.dequeue();
 *     }
 *   }
 * }
 * ```
 *
 * Each worker has a VM of its own: the one that registers last is told, and all of them may take
 * messages. Who sends finds the queue by the `vm_id` of the VM that registered it and the name. The
 * host keeps what is in a queue until the last VM of that id is gone.
 */
export class SharedQueue {
  /** The host's token of the queue; 0 while it is neither registered nor resolved. @internal */
  __token: u32 = 0;
  /** The root context that has registered it; 0 for none. @internal */
  __root: u32 = 0;
  /** The next queue that was registered. @internal */
  __next: SharedQueue | null = null;

  /**
   * Something was put into the queue, which this object has registered. Called once for each message,
   * as a callback of the plugin, also when another worker was faster and nothing is left.
   */
  onQueueReady(): void {}

  /**
   * Makes the queue `name` of this VM's `vm_id`, or takes it over with what is in it. From any
   * callback; `BadArgument` in top-level code. It ends with the plugin that has registered it.
   */
  register(name: string): Status {
    const root = currentRoot();
    if (root == 0) return Status.BadArgument;
    const data = reserve(maxUtf8Size(name.length));
    clearOut();
    const status = proxy_register_shared_queue(data, encodeUtf8(name, data), outData());
    release(data);
    if (status != Status.Ok) return status;
    if (this.__root != 0) unlink(this);
    this.__token = <u32>resultData();
    this.__root = root;
    this.__next = registered;
    registered = this;
    setQueueHooks(hearOf, dropQueues);
    return status;
  }

  /**
   * Finds the queue `name` that a VM of id `vmId` has registered; `""` is this VM's own id.
   * `NotFound` while there is none: a worker may be faster than the one that registers. From any
   * callback.
   */
  resolve(vmId: string, name: string): Status {
    const data = reserve(maxUtf8Size(vmId.length + name.length));
    const size = encodeUtf8(vmId, data);
    const text = data + size;
    clearOut();
    const status = proxy_resolve_shared_queue(data, size, text, encodeUtf8(name, text), outData());
    release(data);
    if (status == Status.Ok) {
      if (this.__root != 0) unlink(this);
      this.__token = <u32>resultData();
    }
    return status;
  }

  /** Appends a message. `NotFound` when the queue is not known, or no more. From any callback. */
  enqueue(message: string): Status {
    const data = reserve(maxUtf8Size(message.length));
    const status = proxy_enqueue_shared_queue(this.__token, data, encodeUtf8(message, data));
    release(data);
    return status;
  }

  /** As `enqueue`, as bytes. */
  enqueueBytes(message: Uint8Array): Status {
    return proxy_enqueue_shared_queue(this.__token, message.dataStart, message.length);
  }

  /** Takes the oldest message; `null` when there is none, `""` for an empty one. From any callback. */
  dequeue(): string | null {
    return this.take() ? takeString() : null;
  }

  /** As `dequeue`, as bytes. */
  dequeueBytes(): Uint8Array | null {
    return this.take() ? takeBytes() : null;
  }

  private take(): bool {
    clearOut();
    return proxy_dequeue_shared_queue(this.__token, outData(), outSize()) == Status.Ok;
  }
}

function unlink(queue: SharedQueue): void {
  let previous: SharedQueue | null = null;
  let each = registered;
  while (each !== null && each !== queue) {
    previous = each;
    each = each.__next;
  }
  if (each === null) return;
  if (previous === null) registered = each.__next;
  else previous.__next = each.__next;
  each.__next = null;
  each.__root = 0;
}

function hearOf(token: u32): void {
  let queue = registered;
  while (queue !== null && queue.__token != token) queue = queue.__next;
  if (queue !== null) queue.onQueueReady();
}

/** Forgets the queues of a root context that is gone. */
function dropQueues(root: u32): void {
  let queue = registered;
  while (queue !== null) {
    const next = queue.__next;
    if (queue.__root == root) unlink(queue);
    queue = next;
  }
}

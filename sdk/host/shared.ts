import { Status } from "./abi.ts";

/** A value and the number that it was given when it was set. */
export interface SharedValue {
  readonly value: Uint8Array;
  readonly cas: number;
}

/** Shared data of one host, by VM id and key. */
export class SharedData {
  readonly #values = new Map<string, SharedValue>();
  #lastCas = 0;

  get(vmId: string, key: string): SharedValue | null {
    return this.#values.get(`${vmId}\0${key}`) ?? null;
  }

  /** `cas` 0 sets in any case; another must be the number of the value that is there. */
  set(vmId: string, key: string, value: Uint8Array, cas: number): Status {
    const name = `${vmId}\0${key}`;
    const present = this.#values.get(name);
    if (present !== undefined && cas !== 0 && cas !== present.cas) return Status.CasMismatch;
    this.#values.set(name, { value, cas: ++this.#lastCas });
    return Status.Ok;
  }
}

interface Queue {
  readonly items: Uint8Array[];
  /** Tells the one that registered last that there is an item. */
  ready: () => void;
}

/** Shared queues of one host, by VM id and name. */
export class SharedQueues {
  readonly #ids = new Map<string, number>();
  readonly #queues = new Map<number, Queue>();

  /** The queue's id. What it holds stays; the last to register is told of new items. */
  register(vmId: string, name: string, ready: (id: number) => void): number {
    const key = `${vmId}\0${name}`;
    const id = this.#ids.get(key) ?? this.#ids.size + 1;
    this.#ids.set(key, id);
    const tell = (): void => {
      ready(id);
    };
    const queue = this.#queues.get(id);
    if (queue === undefined) this.#queues.set(id, { items: [], ready: tell });
    else queue.ready = tell;
    return id;
  }

  /** The id of a queue, or null. */
  resolve(vmId: string, name: string): number | null {
    return this.#ids.get(`${vmId}\0${name}`) ?? null;
  }

  enqueue(id: number, item: Uint8Array): Status {
    const queue = this.#queues.get(id);
    if (queue === undefined) return Status.NotFound;
    queue.items.push(item);
    queue.ready();
    return Status.Ok;
  }

  /** The first item, or the status that says why there is none. */
  dequeue(id: number): Uint8Array | Status {
    const queue = this.#queues.get(id);
    if (queue === undefined) return Status.NotFound;
    return queue.items.shift() ?? Status.Empty;
  }
}

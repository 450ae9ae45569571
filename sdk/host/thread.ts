// Envoy's threads: each has VMs of its own, and does one thing after the other.
import type { Vm } from "./vm.ts";

export class Thread {
  /** The worker's number; null for the main thread. */
  readonly worker: number | null;
  /** What it has to do, in this order. */
  readonly tasks: (() => void)[] = [];
  /** Its VMs, by what plugins must have in common to share one. */
  readonly vms = new Map<string, Vm>();

  constructor(worker: number | null) {
    this.worker = worker;
  }
}

/** Tasks that are to be done in order. */
export type TaskQueue = (() => void)[];

/**
 * Does all there is to do, one task after the other; whose turn it is where several have some, `random`
 * decides.
 */
export function takeTurns(queues: readonly TaskQueue[], random: () => number): void {
  for (;;) {
    const ready = queues.filter((queue) => queue.length > 0);
    const chosen = ready.length > 1 ? Math.floor(random() * ready.length) : 0;
    const task = ready[chosen]?.shift();
    if (task === undefined) return;
    task();
  }
}

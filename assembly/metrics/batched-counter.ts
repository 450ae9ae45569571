import { Status } from "../abi/enums";
import { setFlushHook } from "../plugin/hooks";
import { Timer } from "../plugin/timer";
import { Counter } from "./counter";

/** How long what was counted waits, in milliseconds. */
// @ts-ignore: decorator
@inline
const FLUSH_PERIOD: u32 = 1000;

/** The counters that have something to hand on, each once. */
// @ts-ignore: decorator
@lazy
let waiting: BatchedCounter | null = null;

// @ts-ignore: decorator
@lazy
let flushTimer: FlushTimer | null = null;


@final
class FlushTimer extends Timer {
  override onTimer(): void {
    flushWaiting();
  }
}

/** Hands on what all counters have added up. */
function flushWaiting(): void {
  let counter = waiting;
  waiting = null;
  while (counter !== null) {
    const next = counter.__next;
    counter.__next = null;
    counter.__isWaiting = false;
    counter.flush();
    counter = next;
  }
}

/** Sees to it that all counters are flushed; false when no timer can be had. */
function scheduleFlush(): bool {
  let timer = flushTimer;
  if (timer === null) {
    timer = new FlushTimer();
    flushTimer = timer;
    setFlushHook(flushWaiting);
  }
  return timer.running || timer.__onceForPlugin(FLUSH_PERIOD) == Status.Ok;
}

/**
 * A `Counter` for hot paths: additions are summed up in the filter, which costs no host call, and
 * handed to Envoy within a second or so, all batched counters in one tick. When a plugin ends in
 * good order, what is left is handed on; a trap loses it.
 */
@final
export class BatchedCounter {
  private readonly counter: Counter;
  private pending: u64 = 0;
  /** Whether the next flush of all counters covers this one. @internal */
  __isWaiting: bool = false;
  /** The next counter that waits to be flushed. @internal */
  __next: BatchedCounter | null = null;

  constructor(name: string) {
    this.counter = new Counter(name);
  }

  /** The counter's name, without the prefix that Envoy gives it. */
  get name(): string {
    return this.counter.name;
  }

  /** Adds `by`; from any callback. */
  increment(by: u32 = 1): void {
    if (by == 0) return;
    this.pending += by;
    if (this.__isWaiting) return;
    if (scheduleFlush()) {
      this.__isWaiting = true;
      this.__next = waiting;
      waiting = this;
    } else {
      // Without ticks (a capability restriction) it counts like any other counter.
      this.flush();
    }
  }

  /** Hands on at once what was added up. One host call, none for nothing. */
  flush(): Status {
    const sum = this.pending;
    this.pending = 0;
    return this.counter.add(sum);
  }

  /** The counter's value in Envoy, and what was not handed on yet. */
  value(): u64 {
    return this.counter.value() + this.pending;
  }
}

interface Timer {
  readonly due: bigint;
  /** Timers that are due at the same time run in the order in which they were set. */
  readonly order: number;
  readonly run: () => void;
}

const NS_PER_MS = 1_000_000n;
/** How long the machine is up when the host is made: a guest may take 0 for a failure. */
const UPTIME_NS = 3_600_000_000_000n;

/** Virtual time: it stands still until a test moves it, and then runs what falls due, in order. */
export class Clock {
  #now: bigint;
  readonly #start: bigint;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** `start` in nanoseconds since 1970. */
  constructor(start: bigint) {
    this.#now = start;
    this.#start = start;
  }

  /** Nanoseconds since 1970. */
  get now(): bigint {
    return this.#now;
  }

  /** The time as HTTP has it in `date`. */
  get httpDate(): string {
    return new Date(Number(this.#now / NS_PER_MS)).toUTCString();
  }

  /** Nanoseconds since the machine started: some time ago, as with any machine that serves. */
  get monotonic(): bigint {
    return this.#now - this.#start + UPTIME_NS;
  }

  /** Runs once, so many milliseconds from now; answers what cancels it. */
  after(milliseconds: number, run: () => void): () => void {
    const timer = {
      due: this.#now + BigInt(milliseconds) * NS_PER_MS,
      order: this.#order++,
      run,
    };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time on, and runs the timers that fall due on the way, each at its own time. */
  advance(milliseconds: number): void {
    const end = this.#now + BigInt(Math.round(milliseconds * 1e6));
    for (;;) {
      const next = this.#next(end);
      if (next === null) break;
      this.#timers.delete(next);
      this.#now = next.due;
      next.run();
    }
    this.#now = end;
  }

  #next(end: bigint): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      const sooner =
        first === null ||
        timer.due < first.due ||
        (timer.due === first.due && timer.order < first.order);
      if (sooner) first = timer;
    }
    return first;
  }
}

import { Status } from "../abi/enums";
import { currentContext } from "../runtime/callback";
import { currentRoot } from "./contexts";
import { schedule, unschedule } from "./schedule";

/**
 * Something to be done later, or again and again:
 *
 * ```ts
 * class Refresh extends Timer {
 *   override onTimer(): void {
 *     log.info("half a minute later");
 *   }
 * }
 * new Refresh().every(30_000);
 * ```
 *
 * A timer that runs belongs to what has started it. Started by a plugin's callback, it ends with the
 * plugin. Started by a stream's callback, it is called for that stream (`onTimer` may then do what
 * the stream's own callbacks may), and never after the stream's end. In a filter without fields,
 * whose one object all streams share, it still belongs to the stream.
 *
 * A plugin's timers run in each worker, and in Envoy's own thread.
 *
 * Envoy has one tick for each plugin, which is set to the timer that is due next: there is no tick
 * when no timer runs. Times are those of the monotonic clock, in milliseconds. A timer is never
 * early by more than the clock's grain, and late by as long as the worker is busy.
 */
export abstract class Timer {
  /** The root context that ticks for it; 0 while it is not running. @internal */
  __root: u32 = 0;
  /** The stream that it is for; 0 for none. @internal */
  __stream: u32 = 0;
  /** Milliseconds from one call to the next; 0 for a single one. @internal */
  __period: u32 = 0;
  /** When it is due, in nanoseconds of the monotonic clock. @internal */
  __due: u64 = 0;
  /** Its neighbour in the schedule that is due before it. @internal */
  __previous: Timer | null = null;
  /** Its neighbour in the schedule that is due after it. @internal */
  __next: Timer | null = null;

  /** The time has come. */
  onTimer(): void {}

  /**
   * Calls `onTimer` every so many milliseconds, the first time after one period. The beat is kept:
   * being late once does not shift what follows, and beats that were missed altogether are left out.
   * Starts anew when it is running already. From any callback. `BadArgument` for 0 and in top-level
   * code; `InternalFailure` where the host allows no ticks or no clock.
   */
  every(milliseconds: u32): Status {
    if (milliseconds == 0) return Status.BadArgument;
    return this.start(milliseconds, milliseconds);
  }

  /**
   * Calls `onTimer` once, after so many milliseconds; 0 counts as 1. Starts anew when it is running
   * already. From any callback; fails like `every`.
   */
  once(milliseconds: u32): Status {
    return this.start(milliseconds, 0);
  }

  /** Stops it; nothing happens when it is not running. */
  cancel(): void {
    if (this.__root != 0) unschedule(this);
  }

  /** Whether a call of `onTimer` is still to come, also while one is under way. */
  get running(): bool {
    return this.__root != 0;
  }

  private start(milliseconds: u32, period: u32): Status {
    const root = currentRoot();
    return schedule(this, root, currentContext == root ? 0 : currentContext, milliseconds, period);
  }

  /** As `once`, but for the plugin, whoever is being called. @internal */
  __onceForPlugin(milliseconds: u32): Status {
    return schedule(this, currentRoot(), 0, milliseconds, 0);
  }

  /** As `every`, but for a plugin. @internal */
  __everyForPlugin(root: u32, milliseconds: u32): Status {
    return schedule(this, root, 0, milliseconds, milliseconds);
  }
}

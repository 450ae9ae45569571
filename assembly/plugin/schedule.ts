// The timers that run, and the one tick that Envoy has for each root context.

import { Status } from "../abi/enums";
import { proxy_set_effective_context } from "../abi/hostcalls/callouts";
import { proxy_set_tick_period_milliseconds } from "../abi/hostcalls/plugin";
import { actAs, currentContext } from "../runtime/callback";
import { monotonicNanoseconds } from "../system/time";
import { setTimerHooks } from "./hooks";
import { Timer } from "./timer";

// @ts-ignore: decorator
@inline
const NANOSECONDS_IN_MILLISECOND: u64 = 1_000_000;

/** The running timers of one root context, the next one to be due first. */
@final
class Schedule {
  first: Timer | null = null;
  last: Timer | null = null;
  /** What the host was told, in milliseconds; 0 while it does not tick. */
  period: u32 = 0;
  /** Whether the host is ticking right now: it starts its period anew afterwards. */
  ticking: bool = false;

  constructor(
    readonly root: u32,
    /** The schedule of another root context. */
    public next: Schedule | null,
  ) {}

  /** Puts a timer before the first that is due later. From the end: most are started in turn. */
  insert(timer: Timer): void {
    let before = this.last;
    while (before !== null && before.__due > timer.__due) before = before.__previous;
    const after = before === null ? this.first : before.__next;
    timer.__previous = before;
    timer.__next = after;
    if (before === null) this.first = timer;
    else before.__next = timer;
    if (after === null) this.last = timer;
    else after.__previous = timer;
    timer.__root = this.root;
  }

  remove(timer: Timer): void {
    const before = timer.__previous;
    const after = timer.__next;
    if (before === null) this.first = after;
    else before.__next = after;
    if (after === null) this.last = before;
    else after.__previous = before;
    timer.__previous = null;
    timer.__next = null;
    timer.__root = 0;
  }

  /** Has the host tick when the first timer is due. */
  arm(now: u64): Status {
    const first = this.first;
    let period: u32 = 0;
    if (first !== null) {
      const left = first.__due > now ? first.__due - now : 0;
      const rounded = (left + NANOSECONDS_IN_MILLISECOND - 1) / NANOSECONDS_IN_MILLISECOND;
      period = <u32>min(max(rounded, 1), <u64>u32.MAX_VALUE);
    }
    // After a tick the host goes on with the same period by itself.
    if (this.ticking && period == this.period) return Status.Ok;
    this.period = period;
    return setPeriod(this.root, period);
  }

  /** Calls what is due. */
  run(): void {
    this.ticking = true;
    const now = monotonicNanoseconds();
    let timer = this.first;
    // What is started meanwhile is due later than now, so this ends.
    while (timer !== null && timer.__due <= now) {
      this.remove(timer);
      if (timer.__period != 0) {
        const period = timer.__period * NANOSECONDS_IN_MILLISECOND;
        timer.__due += period * (1 + (now - timer.__due) / period);
        this.insert(timer);
      }
      call(timer, this.root);
      timer = this.first;
    }
    this.arm(monotonicNanoseconds());
    this.ticking = false;
  }
}

// One for each plugin that has ever started a timer: few.
// @ts-ignore: decorator
@lazy
let schedules: Schedule | null = null;

/** The schedule of a root context; `null` when it has never started a timer. */
export function findSchedule(root: u32): Schedule | null {
  let each = schedules;
  while (each !== null && each.root != root) each = each.next;
  return each;
}

/** Starts a timer, or starts it anew. */
export function schedule(
  timer: Timer,
  root: u32,
  stream: u32,
  milliseconds: u32,
  period: u32,
): Status {
  if (root == 0) return Status.BadArgument;
  const now = monotonicNanoseconds();
  if (now == 0) return Status.InternalFailure;
  timer.cancel();
  setTimerHooks(runTimers, dropTimers);
  let target = findSchedule(root);
  if (target === null) {
    target = new Schedule(root, schedules);
    schedules = target;
  }
  timer.__stream = stream;
  timer.__period = period;
  timer.__due = now + <u64>max(milliseconds, 1) * NANOSECONDS_IN_MILLISECOND;
  target.insert(timer);
  // While the host is ticking, it is told at the end.
  if (target.first !== timer || target.ticking) return Status.Ok;
  const status = target.arm(now);
  if (status != Status.Ok) target.remove(timer);
  return status;
}

/** Stops a timer that runs. The host may tick once more for nothing, and is then told. */
export function unschedule(timer: Timer): void {
  const from = findSchedule(timer.__root);
  if (from !== null) from.remove(timer);
}

function runTimers(root: u32): void {
  const due = findSchedule(root);
  if (due !== null) due.run();
}

/** Stops all timers of a root context that is gone. */
function dropTimers(root: u32): void {
  let previous: Schedule | null = null;
  let each = schedules;
  while (each !== null && each.root != root) {
    previous = each;
    each = each.next;
  }
  if (each === null) return;
  let timer = each.first;
  while (timer !== null) {
    each.remove(timer);
    timer = each.first;
  }
  if (previous === null) schedules = each.next;
  else previous.next = each.next;
  // Envoy would go on ticking for a root context that is no more.
  if (each.period != 0) setPeriod(root, 0);
}

/** Calls a timer for whom it is, if that is still there. */
function call(timer: Timer, root: u32): void {
  const stream = timer.__stream;
  if (stream == 0) {
    timer.onTimer();
    return;
  }
  if (proxy_set_effective_context(stream) != Status.Ok) {
    timer.cancel();
    return;
  }
  actAs(stream);
  timer.onTimer();
  actAs(root);
  proxy_set_effective_context(root);
}

/** Tells the host how often to tick for a root context, whomever it is calling for. */
function setPeriod(root: u32, period: u32): Status {
  if (currentContext == root) return proxy_set_tick_period_milliseconds(period);
  proxy_set_effective_context(root);
  const status = proxy_set_tick_period_milliseconds(period);
  proxy_set_effective_context(currentContext);
  return status;
}

import { Status } from "../abi/enums";
import { proxy_get_current_time_nanoseconds } from "../abi/hostcalls/time";
import { clock_time_get } from "../abi/hostcalls/wasi";
import { clearOut, outData } from "../runtime/memory";

/** WASI's number of the monotonic clock. */
// @ts-ignore: decorator
@inline
const MONOTONIC: u32 = 1;

/**
 * The time since 1970-01-01T00:00:00Z in nanoseconds, by the wall clock, which may be set back. One
 * host call, from any callback; 0 where the host does not tell.
 */
export function currentTimeNanoseconds(): u64 {
  clearOut();
  return proxy_get_current_time_nanoseconds(outData()) == Status.Ok ? load<u64>(outData()) : 0;
}

/** As `currentTimeNanoseconds`, in milliseconds. */
export function currentTimeMilliseconds(): u64 {
  return currentTimeNanoseconds() / 1_000_000;
}

/**
 * A time in nanoseconds that never goes back, for measuring how long something takes; its zero is
 * arbitrary. One host call, from any callback; 0 where the host does not tell.
 */
export function monotonicNanoseconds(): u64 {
  clearOut();
  return clock_time_get(MONOTONIC, 1, outData()) == 0 ? load<u64>(outData()) : 0;
}

// A module whose cost is known: it spins until the host's clock has advanced by what was asked, and
// adds up what it really spent. Beside it one that does not.
//
// Envoy's clock counts whole microseconds. Who reads it at a chance moment and spins until it shows
// five more has spent 4.5 on the average. So both modules first wait for the clock's next tick: what
// the spinning one does from there to its last tick, the other does not, and it is the sum of ticks
// to within a reading of the clock.
import { assemble } from "./modules.ts";

/** In which callback the module does it: before the response is sent, or after. */
export type SpinPlace = "requestHeaders" | "log";

/** What is told after so many requests. */
const TELL_EVERY = 256;
/** The digits of what is told end here. */
const TEXT_END = 4160;

/**
 * Assembles the module.
 * @param nanoseconds What is asked; 0 waits for the next tick alone.
 */
export function spinModule(place: SpinPlace, nanoseconds: number): Uint8Array {
  const work = nanoseconds === 0 ? "(call $once)" : "(call $spin)";
  return assemble({
    imports: `(import "env" "proxy_get_current_time_nanoseconds"
      (func $clock (param i32) (result i32)))`,
    ...(place === "requestHeaders" ? { requestHeaders: `${work} (i32.const 0)` } : {}),
    extra: `
      (global $sum (mut i64) (i64.const 0))
      (global $spins (mut i64) (i64.const 0))
      (global $requests (mut i32) (i32.const 0))
      (func $now (result i64)
        (drop (call $clock (i32.const 16)))
        (i64.load (i32.const 16)))
      (func $tick (result i64)
        (local $first i64)
        (local $now i64)
        (local.set $first (call $now))
        (loop $again
          (br_if $again (i64.eq (local.tee $now (call $now)) (local.get $first))))
        (local.get $now))
      (func $once (drop (call $tick)) (call $tell))
      (func $spin
        (local $start i64)
        (local $spent i64)
        (local.set $start (call $tick))
        (loop $again
          (local.set $spent (i64.sub (call $now) (local.get $start)))
          (br_if $again (i64.lt_u (local.get $spent) (i64.const ${nanoseconds}))))
        ;; One that the machine has interrupted says nothing; medians leave it out too.
        (if (i64.lt_u (local.get $spent) (i64.const ${2 * nanoseconds})) (then
          (global.set $sum (i64.add (global.get $sum) (local.get $spent)))
          (global.set $spins (i64.add (global.get $spins) (i64.const 1)))))
        (call $tell))
      ;; Writes a number's digits from the end to the left; answers where they begin.
      (func $write (param $value i64) (param $at i32) (result i32)
        (loop $digit
          (local.set $at (i32.sub (local.get $at) (i32.const 1)))
          (i64.store8 (local.get $at)
            (i64.add (i64.const 48) (i64.rem_u (local.get $value) (i64.const 10))))
          (local.set $value (i64.div_u (local.get $value) (i64.const 10)))
          (br_if $digit (i64.ne (local.get $value) (i64.const 0))))
        (local.get $at))
      ;; Logs "SUM/SPINS" now and then.
      (func $tell
        (local $at i32)
        (global.set $requests (i32.add (global.get $requests) (i32.const 1)))
        (if (i32.rem_u (global.get $requests) (i32.const ${TELL_EVERY})) (then (return)))
        (local.set $at (call $write (global.get $spins) (i32.const ${TEXT_END})))
        (local.set $at (i32.sub (local.get $at) (i32.const 1)))
        (i32.store8 (local.get $at) (i32.const 47))
        (local.set $at (call $write (global.get $sum) (local.get $at)))
        (drop (call $proxy_log (i32.const 2) (local.get $at)
          (i32.sub (i32.const ${TEXT_END}) (local.get $at)))))
      (func (export "proxy_on_log") (param i32) ${place === "log" ? work : ""})`,
  });
}

/** What a module has spent, from its log lines: the last of each start counts. */
export class Spent {
  readonly #ofStart: { nanoseconds: number; spins: number }[] = [];

  /** Reads a line: `SUM/SPINS`, which never falls within a start. */
  read(text: string): void {
    const [, sum, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
    if (sum === undefined || count === undefined) return;
    const told = { nanoseconds: Number(sum), spins: Number(count) };
    const last = this.#ofStart[this.#ofStart.length - 1];
    if (last !== undefined && told.spins >= last.spins) Object.assign(last, told);
    else this.#ofStart.push(told);
  }

  /** Nanoseconds a request; NaN before there is a line. */
  get mean(): number {
    const sum = (of: (one: { nanoseconds: number; spins: number }) => number): number =>
      this.#ofStart.reduce((total, one) => total + of(one), 0);
    return sum(({ nanoseconds }) => nanoseconds) / sum(({ spins }) => spins);
  }
}

// What log.test.ts calls.
import { LogLevel } from "../abi/enums";
import { enter, leave } from "../runtime/callback";
import { log } from "./log";

/** One callback that asks three times and writes at two levels. */
export function callback(level: LogLevel): i32 {
  const outer = enter(1);
  const answers =
    ((<i32>log.enabled(level)) << 2) |
    ((<i32>log.enabled(LogLevel.Info)) << 1) |
    (<i32>log.enabled(LogLevel.Critical));
  log.debug("debug");
  log.error("error");
  leave(outer);
  return answers;
}

/** One callback that only writes. */
export function callbackThatOnlyWrites(): void {
  const outer = enter(1);
  log.debug("debug");
  leave(outer);
}

/** Top-level code. */
export function outsideOfCallbacks(): bool {
  log.info("start");
  return log.enabled(LogLevel.Trace);
}

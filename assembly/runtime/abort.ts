import { LogLevel } from "../abi/enums";
import { proxy_log } from "../abi/hostcalls/log";
import { reserve } from "./memory";
import { encodeUnits, maxUtf8Size } from "./text";

/** Longer messages are cut, so that all fits the scratch space: nothing is allocated, as the heap may be full. */
// @ts-ignore: decorator
@inline
const MAX_TEXT = 500;

/**
 * What the compiler calls for a failed assertion, a bounds check or `throw`: logs the message with
 * its place in the source and ends the VM. `unreachable` is needed because Envoy's `proc_exit`
 * returns.
 */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const start = reserve(2 * maxUtf8Size(MAX_TEXT) + 32);
  let at = writeText(message, "abort", start);
  at = writeText(" at ", "", at);
  at = writeText(file, "?", at);
  store<u8>(at++, 0x3a);
  at = writeDecimal(line, at);
  store<u8>(at++, 0x3a);
  at = writeDecimal(column, at);
  proxy_log(LogLevel.Critical, start, at - start);
  unreachable();
}

/** Writes `text`, cut, and returns where it ends. */
function writeText(text: string | null, absent: string, at: usize): usize {
  const present = text === null ? absent : text;
  return at + encodeUnits(present, min(present.length, MAX_TEXT), at);
}

/** Writes `value` in decimal digits and returns where they end. */
function writeDecimal(value: u32, at: usize): usize {
  if (value >= 10) at = writeDecimal(value / 10, at);
  store<u8>(at, <u8>(0x30 + (value % 10)));
  return at + 1;
}

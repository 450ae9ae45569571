import { LogLevel, Status } from "../abi/enums";
import { proxy_get_log_level, proxy_log } from "../abi/hostcalls/log";
import { callbackSerial, inCallback } from "../runtime/callback";
import { clearOut, outData, release, reserve, resultData } from "../runtime/memory";
import { encodeUtf8, maxUtf8Size } from "../runtime/text";

/** The level below which the host drops lines, as far as it is known. */
// @ts-ignore: decorator
@lazy
let threshold: u32 = 0;

/** The callback in which `threshold` was asked for; 0 for none. */
// @ts-ignore: decorator
@lazy
let askedIn: u32 = 0;

function write(level: LogLevel, text: string): void {
  if (askedIn == callbackSerial && <u32>level < threshold) return;
  const data = reserve(maxUtf8Size(text.length));
  proxy_log(level, data, encodeUtf8(text, data));
  release(data);
}

/**
 * Lines in Envoy's log, under the component `wasm`. Each line is one host call, which drops it when
 * its level is not logged; ask `log.enabled` before building a costly text. Legal everywhere, also
 * in top-level code.
 */
export namespace log {
  /**
   * Whether lines of `level` are logged. Asks the host at most once a callback; true in top-level
   * code, where the host cannot be asked, and where the host does not tell.
   */
  export function enabled(level: LogLevel): bool {
    if (!inCallback()) return true;
    if (askedIn != callbackSerial) {
      clearOut();
      if (proxy_get_log_level(outData()) != Status.Ok) return true;
      threshold = <u32>resultData();
      askedIn = callbackSerial;
    }
    return <u32>level >= threshold;
  }

  /** For following single steps; usually off. */
  export function trace(text: string): void {
    write(LogLevel.Trace, text);
  }

  /** For finding faults; usually off. */
  export function debug(text: string): void {
    write(LogLevel.Debug, text);
  }

  /** What an operator may want to know in ordinary running. */
  export function info(text: string): void {
    write(LogLevel.Info, text);
  }

  /** Something is not as it should be, and the filter goes on. */
  export function warn(text: string): void {
    write(LogLevel.Warn, text);
  }

  /** Something failed: a request, a configuration. */
  export function error(text: string): void {
    write(LogLevel.Error, text);
  }

  /** The filter cannot do its work at all. */
  export function critical(text: string): void {
    write(LogLevel.Critical, text);
  }
}

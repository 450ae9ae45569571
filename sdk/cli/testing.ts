import type { Io } from "./command.ts";

/** An Io that keeps what is written to it. */
export interface RecordedIo extends Io {
  /** All that went to stdout. */
  readonly stdout: string;
  /** All that went to stderr. */
  readonly stderr: string;
}

/** An Io for a test; `signal` and `color` as they are given, else neither aborted nor coloured. */
export function recordIo(given: { signal?: AbortSignal; color?: boolean } = {}): RecordedIo {
  let stdout = "";
  let stderr = "";
  return {
    out: (text) => {
      stdout += text;
    },
    err: (text) => {
      stderr += text;
    },
    interactive: false,
    color: given.color ?? false,
    signal: given.signal ?? new AbortController().signal,
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
  };
}

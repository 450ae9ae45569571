import { isatty } from "node:tty";
import { ERROR_CODES, ExitCode } from "../errors.ts";
import type { Io } from "./command.ts";

/** The signals by which people and supervisors end a program. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * The streams and signals of this process. The first signal asks the command to stop and clean up; a
 * second one ends the process at once. A reader that went away, as in `... | head -1`, asks to stop
 * too, and is no failure.
 */
export function nodeIo(): Io {
  const { stdout, stderr, env } = process;
  const stop = new AbortController();
  let stdoutFailed = false;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    // What is written after the first error fails as it did.
    if (stdoutFailed) return;
    stdoutFailed = true;
    stop.abort();
    if (error.code !== "EPIPE") failAtExit(error);
  });
  // Nobody is left to tell: what the command does is not the worse for it.
  stderr.on("error", () => undefined);
  let asked = false;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (asked) process.exit(ExitCode.Interrupted);
      asked = true;
      stop.abort();
    });
  }
  return {
    out: (text) => {
      stdout.write(text);
    },
    err: (text) => {
      stderr.write(text);
    },
    interactive: isatty(stderr.fd),
    color: wantsColor(env, isatty(stderr.fd)),
    signal: stop.signal,
  };
}

/**
 * NO_COLOR (https://no-color.org) and FORCE_COLOR as Node itself takes them, else whether it is a
 * terminal.
 */
export function wantsColor(env: NodeJS.ProcessEnv, terminal: boolean): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no } = env;
  if (force !== undefined) return force !== "0" && force !== "false";
  if (no !== undefined && no !== "") return false;
  return terminal;
}

/** Lost output is told, and makes the exit code one of failure, whatever the command answers. */
function failAtExit(error: Error): void {
  process.stderr.write(`error ERR_FILE_WRITE: the output cannot be written: ${error.message}\n`);
  process.once("exit", () => {
    process.exitCode = ERROR_CODES.ERR_FILE_WRITE;
  });
}

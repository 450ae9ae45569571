// What a command of the CLI is. Commands print data on stdout, all else on stderr, and never end
// the process: they return an exit code or throw a ToolError.
import type { ExitCode } from "../errors.ts";

/** Where a command reads and writes; tests hand in their own. */
export interface Io {
  /** Data: what a script would read. */
  out(text: string): void;
  /** Everything else: progress, notes, errors. */
  err(text: string): void;
  /** True when stderr is a terminal: progress may redraw its line. */
  readonly interactive: boolean;
  /** True when colours are wanted on stderr. */
  readonly color: boolean;
  /** Aborted by Ctrl-C or SIGTERM: stop, clean up, return ExitCode.Interrupted. */
  readonly signal: AbortSignal;
}

/** One flag of a command, as `node:util` parseArgs takes it, with its line of help. */
export interface Flag {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
  /** How the value is called in the help, for example `PATH`. */
  readonly value?: string;
  readonly help: string;
}

/** What the command line gave: flags by name, and the rest in order. */
export interface Arguments {
  readonly positionals: readonly string[];
  /** The flag's value, or undefined when it was not given. */
  text(flag: string): string | undefined;
  /** All the values of a flag that may be repeated, in order. */
  all(flag: string): readonly string[];
  /** Whether the flag was given. */
  has(flag: string): boolean;
  /** Flags and positionals in the order they were given, for commands where that matters. */
  readonly tokens: readonly { readonly flag: string | null; readonly value: string }[];
}

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name in the usage line, for example `<file-or-folder> [flags]`. */
  readonly usage: string;
  readonly flags: Readonly<Record<string, Flag>>;
  /** Command lines that work, each with a word on what it does. */
  readonly examples: readonly (readonly [commandLine: string, what: string])[];
  run(args: Arguments, io: Io): Promise<ExitCode>;
}

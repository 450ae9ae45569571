// Every failure that a user can meet: a code from a closed set, what happened, where, and the way
// out. Anything else that is thrown is a bug of ours and ends with exit code 70.

/** What the process ends with. */
export const ExitCode = {
  Ok: 0,
  /** The user's code, test or budget failed. */
  UserCode: 1,
  /** Wrong usage or configuration. */
  Usage: 2,
  /** The environment lacks something: no Envoy, a port that is taken. */
  Environment: 3,
  /** A bug of ours. */
  Internal: 70,
  /** Stopped by Ctrl-C (128 + SIGINT). */
  Interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The closed set of error codes, with the exit code of each. */
export const ERROR_CODES = {
  ERR_USAGE: ExitCode.Usage, // an unknown command or flag, a missing argument
  ERR_FILE_NOT_FOUND: ExitCode.Usage, // a file or folder that was named does not exist
  ERR_FILE_WRITE: ExitCode.Usage, // the output cannot be written
  ERR_CONFIG_INVALID: ExitCode.Usage, // a configuration that does not parse or validate

  ERR_COMPILE: ExitCode.UserCode, // the compiler refused the source
  ERR_NO_FILTER: ExitCode.UserCode, // the source registers no filter
  ERR_DUPLICATE_NAME: ExitCode.UserCode, // two registrations share a name
  ERR_UNKNOWN_CALLBACK: ExitCode.UserCode, // an on... method that overrides nothing
  ERR_NOTHING_OVERRIDDEN: ExitCode.UserCode, // a filter that overrides no callback
  ERR_NO_TICK_PERIOD: ExitCode.UserCode, // an onTick that nothing would ever call
  ERR_TWO_SDKS: ExitCode.UserCode, // two copies of the SDK in one module
  ERR_START_TRAP: ExitCode.UserCode, // top-level code traps or calls the host
  ERR_NOT_WASM: ExitCode.UserCode, // a file that is no WebAssembly module
  ERR_UNKNOWN_IMPORT: ExitCode.UserCode, // an import that Envoy does not have
  ERR_START_SECTION: ExitCode.UserCode, // a start section
  ERR_NO_ABI_MARKER: ExitCode.UserCode, // no proxy_abi_version_* export that Envoy knows
  ERR_WRONG_SIGNATURE: ExitCode.UserCode, // an import or a callback whose type is not Envoy's
  ERR_UNSUPPORTED_TYPE: ExitCode.UserCode, // an import or export of a type that Envoy cannot handle
  ERR_NO_ALLOCATOR: ExitCode.UserCode, // no export by which Envoy allocates memory
  ERR_MEMORY: ExitCode.UserCode, // no memory that Envoy can reach, or one it cannot make
  ERR_FILTER_REFUSED: ExitCode.UserCode, // Envoy refused the filter or its configuration
  ERR_FILTER_TRAPPED: ExitCode.UserCode, // the filter trapped, at start or while it served
  ERR_FILTER_HUNG: ExitCode.UserCode, // a callback of the filter did not end
  ERR_BUDGET: ExitCode.UserCode, // a measured figure is beyond its budget
  ERR_TEST_TIMEOUT: ExitCode.UserCode, // what a test waits for did not come

  ERR_NO_ENVOY: ExitCode.Environment, // no Envoy could be found or downloaded
  ERR_ENVOY_FAILED: ExitCode.Environment, // Envoy ended or did not become ready
  ERR_NO_LOAD_TOOL: ExitCode.Environment, // a load generator that was asked for is not there
  ERR_UNREACHABLE: ExitCode.Environment, // an address that was named does not answer
  ERR_PORT_TAKEN: ExitCode.Environment, // a port that was asked for is in use
  ERR_PLATFORM: ExitCode.Environment, // not possible on this operating system
} as const satisfies Record<string, ExitCode>;
export type ErrorCode = keyof typeof ERROR_CODES;

/** A place in a source file. Lines and columns count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface ToolErrorDetails {
  /** The way out, as one or two sentences. */
  readonly hint?: string;
  /** Where it happened. */
  readonly place?: SourcePlace;
  /** Lines to show below the message as they are: a code frame, Envoy's own text. */
  readonly detail?: string;
  readonly cause?: unknown;
}

/** A failure that has a way out. `message` is one sentence that says what happened. */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly place: SourcePlace | undefined;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, message: string, details: ToolErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.place = details.place;
    this.detail = details.detail;
  }

  get exitCode(): ExitCode {
    return ERROR_CODES[this.code];
  }
}

/** Anything that was thrown, as an error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

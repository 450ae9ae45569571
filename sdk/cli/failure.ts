// How failures are told: as text for people on stderr, and as JSON on stdout for those who asked.
import { ExitCode, ToolError, messageOf } from "../errors.ts";
import type { Io } from "./command.ts";
import { PROGRAM } from "./help.ts";

/** The code under which JSON tells of a bug of ours; all others are those of ToolError. */
const INTERNAL = "ERR_INTERNAL";
const REPORT = `This is a bug in ${PROGRAM}: please report it, with the lines above and the output of \`${PROGRAM} --version\`.`;

/** Tells of whatever a command threw, and gives the exit code for it. */
export function reportFailure(reason: unknown, json: boolean, io: Io): ExitCode {
  if (io.signal.aborted && isAbort(reason, io.signal)) return ExitCode.Interrupted;
  const thrown = isFullDisk(reason) ? fullDisk(reason) : reason;
  if (thrown instanceof ToolError) {
    io.err(toolErrorText(thrown, io.color));
    if (json) io.out(failureJson(thrown.code, thrown));
    return io.signal.aborted ? ExitCode.Interrupted : thrown.exitCode;
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  io.err(`${paint("error", RED, io.color)} ${stack}\n${REPORT}\n`);
  if (json) {
    const message = messageOf(thrown);
    io.out(failureJson(INTERNAL, { message, hint: REPORT, place: undefined, detail: stack }));
  }
  return ExitCode.Internal;
}

/** A full disk can strike wherever a file is written, also a temporary one. */
function isFullDisk(thrown: unknown): thrown is Error {
  if (!(thrown instanceof Error) || !("code" in thrown)) return false;
  return thrown.code === "ENOSPC" || thrown.code === "EDQUOT";
}

function fullDisk(cause: Error): ToolError {
  return new ToolError("ERR_FILE_WRITE", `a file cannot be written: ${cause.message}`, {
    hint: "make room on the disk; TMPDIR names another place for temporary files",
    cause,
  });
}

/** What is thrown when an operation was stopped by the signal. */
function isAbort(thrown: unknown, signal: AbortSignal): boolean {
  return thrown === signal.reason || (thrown instanceof Error && thrown.name === "AbortError");
}

/** `error CODE: message`, then where it happened, the detail as it is, and the way out. */
function toolErrorText(error: ToolError, color: boolean): string {
  const { code, message, place, detail, hint } = error;
  const lines = [`${paint(`error ${code}:`, RED, color)} ${message}`];
  if (place !== undefined) lines.push(`  at ${place.file}:${place.line}:${place.column}`);
  if (detail !== undefined && detail !== "") lines.push(detail.trimEnd());
  if (hint !== undefined) lines.push(`${paint("hint:", CYAN, color)} ${hint}`);
  return `${lines.join("\n")}\n`;
}

function failureJson(
  code: string,
  failure: Pick<ToolError, "message" | "hint" | "place" | "detail">,
): string {
  const { message, hint = null, place = null, detail = null } = failure;
  return `${JSON.stringify({ error: { code, message, hint, place, detail } }, null, 2)}\n`;
}

/** Select Graphic Rendition codes of terminals. */
const RED = "1;31";
const CYAN = "36";

function paint(text: string, code: string, color: boolean): string {
  return color ? `\u001b[${code}m${text}\u001b[0m` : text;
}

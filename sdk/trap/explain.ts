// A trap as a person needs it: what happened, at which line of the filter, and how it got there.
import { codeFrame } from "../compiler/code-frame.ts";
import { ToolError } from "../errors.ts";
import type { SourcePlace } from "../errors.ts";
import type { WasmFrame } from "./frames.ts";
import { isLibrary } from "./source-map.ts";
import type { ModuleSources } from "./source-map.ts";

/** What is known of a trap before its source is looked for. */
export interface RawTrap {
  /** The callback that Envoy had called, for example `proxy_on_request_headers`. */
  readonly callback: string;
  /** V8's words, for example `Uncaught RuntimeError: unreachable`. */
  readonly reason: string;
  /** Innermost first, without the abort; none where the module has no names and Envoy says nothing. */
  readonly frames: readonly WasmFrame[];
  /** `MESSAGE at FILE:LINE:COLUMN` of an abort; null for every other trap. */
  readonly abort: string | null;
}

/** One step of the way to a trap. */
export interface TrapFrame {
  /** The function, without the folder of its file. */
  readonly name: string;
  /** In the author's sources where there is one, else in a library; null where it cannot be told. */
  readonly place: SourcePlace | null;
}

/** A trap with its place in the source. */
export interface TrapReport {
  readonly callback: string;
  /** The message of the assertion or `throw`; else V8's words. */
  readonly message: string;
  /** Where in the author's sources; null where that cannot be told. */
  readonly place: SourcePlace | null;
  /** Where in a library, when it was there that the check failed: an index out of range, say. */
  readonly library: SourcePlace | null;
  /** The lines around `place`; null where the text is not known. */
  readonly codeFrame: string | null;
  /** Innermost first, without the SDK's own abort. */
  readonly stack: readonly TrapFrame[];
}

/**
 * Explains a trap. `sources` is null for a module without a source map: the place is then that of the
 * abort's message, if any. Where the optimiser has merged functions, the place is that of the last
 * instruction before the trap which is the author's: the line is right, the column may be that of a
 * part of the expression.
 */
export function explainTrap(trap: RawTrap, sources: ModuleSources | null): TrapReport {
  const aborted = parseAbort(trap.abort);
  const stack = trap.frames.map((frame): TrapFrame & { readonly library: SourcePlace | null } => {
    const { exact, author } = sources?.originOf(frame.offset) ?? { exact: null, author: null };
    const library = exact !== null && isLibrary(exact.file) ? exact : null;
    return { name: shortName(frame.name), place: author ?? exact, library };
  });
  const told = aborted?.place ?? null;
  const own = told !== null && !isLibrary(told.file) ? told : null;
  const place =
    own ??
    stack.find((frame) => frame.place !== null && !isLibrary(frame.place.file))?.place ??
    null;
  const text = place === null ? null : (sources?.textOf(place.file) ?? null);
  return {
    callback: trap.callback,
    message:
      aborted?.message ?? trap.reason.replace(/^Uncaught /, "").replace(/^RuntimeError: /, ""),
    place,
    library: own !== null ? null : (told ?? stack[0]?.library ?? null),
    codeFrame: place === null || text === null ? null : codeFrame(text, place, 1),
    stack: stack.map(({ name, place: at }) => ({ name, place: at })),
  };
}

/**
 * The report as lines of text:
 *
 *     proxy_on_request_headers trapped: Index out of range
 *       at filter.ts:16:27, in ~lib/array.ts:114:42
 *
 *     15 | const path = headers.get(":path")!;
 *     16 | numbers[path.length]++;
 *        |         ~
 *
 *       proxy_on_request_headers  filter.ts:16:27
 */
export function formatTrap(report: TrapReport): string {
  const lines = [titleOf(report)];
  const places = [report.place, report.library].filter((place) => place !== null);
  if (places.length > 0) lines.push(`  at ${places.map(formatPlace).join(", in ")}`);
  return [...lines, ...wayLines(report)].join("\n");
}

/** The report as an error, for a trap after which there is nothing to go on with; `logged`: lines. */
export function trapAsError(
  report: TrapReport,
  details: Pick<ToolError, "code" | "hint" | "cause">,
  logged: string,
): ToolError {
  const { place, library } = report;
  const { code, hint, cause } = details;
  const lines = [
    ...(library === null ? [] : [`  in ${formatPlace(library)}`]),
    ...wayLines(report),
    ...(logged === "" ? [] : ["", logged]),
  ];
  return new ToolError(code, titleOf(report), {
    ...(hint === undefined ? {} : { hint }),
    ...(place === null ? {} : { place }),
    detail: lines.join("\n"),
    cause,
  });
}

function titleOf({ callback, message }: TrapReport): string {
  return `${callback} trapped: ${message}`;
}

/** The code frame and the stack, each behind an empty line. */
function wayLines({ codeFrame: frame, stack }: TrapReport): readonly string[] {
  const lines = frame === null ? [] : ["", frame];
  if (stack.length > 0) lines.push("", ...stackLines(stack));
  return lines;
}

/** A line for each frame; a recursion is one line, with how often it stands there. */
function stackLines(stack: readonly TrapFrame[]): readonly string[] {
  const width = Math.max(...stack.map(({ name }) => name.length));
  const lines: { readonly text: string; times: number }[] = [];
  for (const { name, place } of stack) {
    const text = `  ${name.padEnd(width)}  ${place === null ? "?" : formatPlace(place)}`;
    const last = lines.at(-1);
    if (last?.text === text) last.times++;
    else lines.push({ text, times: 1 });
  }
  return lines.map(({ text, times }) => (times === 1 ? text : `${text}  (${times} times)`));
}

function formatPlace({ file, line, column }: SourcePlace): string {
  return `${file}:${line}:${column}`;
}

interface Abort {
  readonly message: string;
  readonly place: SourcePlace;
}

/** Reads what an abort has said; null for what is no such text. */
function parseAbort(text: string | null): Abort | null {
  const found = /^([^]*) at (\S+):(\d+):(\d+)$/.exec(text ?? "");
  if (found === null) return null;
  return {
    message: found[1] ?? "",
    place: { file: found[2] ?? "", line: Number(found[3]), column: Number(found[4]) },
  };
}

/** `Array<i32>#__get` of `~lib/array/Array<i32>#__get`: the file is told by the place. */
function shortName(name: string): string {
  return name.replace(/[^\s/<>,]+\//g, "") || "(no name)";
}

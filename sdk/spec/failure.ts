import { AssertionError } from "node:assert/strict";
import { codeFrame } from "../compiler/code-frame.ts";
import type { SourcePlace } from "../errors.ts";
import { formatTrap } from "../trap/index.ts";
import type { ModuleSources, TrapReport } from "../trap/index.ts";
import { framesOfStack } from "../trap/frames.ts";
import { isLibrary } from "../trap/source-map.ts";

/** What the spec has said of a value that is not as expected. */
export interface Mismatch {
  /** `toBe`, `not.toEqual`, `expectTrap`. */
  readonly matcher: string;
  /** As AssemblyScript would write them. */
  readonly actual: string;
  readonly expected: string;
}

/** Thrown through the module to end a test. */
export class MismatchSignal extends Error {
  override readonly name = "MismatchSignal";
  constructor(readonly mismatch: Mismatch) {
    super(mismatch.matcher);
  }
}

/** The failure of an expectation, as node:test shows it: with values, and the line of the spec. */
export function mismatchError(signal: MismatchSignal, sources: ModuleSources): AssertionError {
  const { matcher, actual, expected } = signal.mismatch;
  const place = placeOf(signal.stack ?? "", sources);
  const text = place === null ? null : sources.textOf(place.file);
  const where = place === null ? "" : `\n  at ${place.file}:${place.line}:${place.column}\n`;
  const frame = place === null || text === null ? "" : `\n${codeFrame(text, place, 1)}`;
  const call = matcher === "expectTrap" ? "expectTrap(...)" : `expect(...).${matcher}(...)`;
  return plain(
    new AssertionError({
      message: `${call}\n  actual:   ${actual}\n  expected: ${expected}${where}${frame}`,
      actual,
      expected,
      operator: matcher,
    }),
  );
}

/** A trap of a test, as node:test shows it. */
export function trapError(report: TrapReport): Error {
  return plain(new Error(formatTrap(report)));
}

/** The innermost place in the author's files. */
function placeOf(stack: string, sources: ModuleSources): SourcePlace | null {
  for (const frame of framesOfStack(stack)) {
    const { author } = sources.originOf(frame.offset);
    if (author !== null && !isLibrary(author.file)) return author;
  }
  return null;
}

/** Without the stack of the runner, which tells the author nothing. */
function plain<Failure extends Error>(error: Failure): Failure {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}

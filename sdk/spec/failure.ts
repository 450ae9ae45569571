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

/** Why a test of a spec failed. Its message has all that there is to say, the place included. */
export class SpecFailure extends Error {
  constructor(
    /** `AssertionError` for what is not as expected. */
    override readonly name: string,
    message: string,
    /** Where in the author's sources; null where that cannot be told. */
    readonly place: SourcePlace | null,
  ) {
    super(message);
    // The stack of the runner tells the author nothing.
    this.stack = `${name}: ${message}`;
  }
}

/** The failure of an expectation: with values, and the line of the spec. */
export function mismatchError(signal: MismatchSignal, sources: ModuleSources): SpecFailure {
  const { matcher, actual, expected } = signal.mismatch;
  const place = placeOf(signal.stack ?? "", sources);
  const text = place === null ? null : sources.textOf(place.file);
  const where = place === null ? "" : `\n  at ${place.file}:${place.line}:${place.column}\n`;
  const frame = place === null || text === null ? "" : `\n${codeFrame(text, place, 1)}`;
  const call = matcher === "expectTrap" ? "expectTrap(...)" : `expect(...).${matcher}(...)`;
  const message = `${call}\n  actual:   ${actual}\n  expected: ${expected}${where}${frame}`;
  return new SpecFailure("AssertionError", message, place);
}

/** A trap of a test. */
export function trapError(report: TrapReport): SpecFailure {
  return new SpecFailure("Error", formatTrap(report), report.place);
}

/** The innermost place in the author's files. */
function placeOf(stack: string, sources: ModuleSources): SourcePlace | null {
  for (const frame of framesOfStack(stack)) {
    const { author } = sources.originOf(frame.offset);
    if (author !== null && !isLibrary(author.file)) return author;
  }
  return null;
}

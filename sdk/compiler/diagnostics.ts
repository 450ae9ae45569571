import type { DiagnosticMessage, Range } from "assemblyscript/asc";
import { ToolError } from "../errors.ts";
import type { SourcePlace } from "../errors.ts";
import { codeFrame, placeOf } from "./code-frame.ts";
import type { Sources } from "./sources.ts";

const ERROR_CATEGORY = 3;

interface Located {
  readonly place: SourcePlace | undefined;
  readonly frame: string | undefined;
}

/** Where a span lies, and its code frame, as far as the source is known. */
export function locate(span: Range | null, sources: Sources): Located {
  const file = span?.source?.normalizedPath;
  if (!span || file === undefined) return { place: undefined, frame: undefined };
  const text = sources.textOf(file);
  if (text === null) return { place: undefined, frame: undefined };
  const place = placeOf(file, text, span.start);
  return { place, frame: codeFrame(text, place, span.end - span.start) };
}

/** The message with types called as in the source: `RequestHeaders`, not its path in the library. */
function readable({ code, message }: DiagnosticMessage): string {
  const short = message.replace(/~lib\/(?:[\w@.-]+\/)+([\w$]+)(?![\w.$/])/g, "$1");
  return `AS${code}: ${short}`;
}

function hintFor(first: DiagnosticMessage): string | undefined {
  if (first.message.startsWith("File '~lib/")) {
    return "Only packages with AssemblyScript sources can be imported; npm packages for Node or browsers cannot.";
  }
  // What asc says of an override with other parameters than its base, or fewer.
  if (first.code === 2394) {
    return "An override needs all the parameters of the method that it overrides, of the same types, and the same result; unused ones too.";
  }
  return undefined;
}

/** One error of all that asc reported; null when there were no errors. */
export function toCompileError(
  diagnostics: readonly DiagnosticMessage[],
  sources: Sources,
): ToolError | null {
  const errors = diagnostics.filter((each) => each.category === ERROR_CATEGORY);
  const [first] = errors;
  if (!first) return null;
  const { place } = locate(first.range, sources);
  const blocks = errors.map((error, index) => {
    const located = locate(error.range, sources);
    const where = located.place;
    const head =
      index === 0
        ? []
        : [(where ? `${where.file}:${where.line}:${where.column} ` : "") + readable(error)];
    return [...head, ...(located.frame === undefined ? [] : [located.frame])].join("\n");
  });
  const hint = hintFor(first);
  return new ToolError(
    "ERR_COMPILE",
    errors.length === 1
      ? readable(first)
      : `${readable(first)} (the first of ${errors.length} errors)`,
    {
      ...(place ? { place } : {}),
      ...(hint === undefined ? {} : { hint }),
      detail: blocks.filter((block) => block !== "").join("\n\n"),
    },
  );
}

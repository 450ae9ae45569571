// A failure as a person needs it: what was expected, where in the test, and what the filter did up to there.
import { readFileSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { codeFrame } from "../../compiler/code-frame.ts";
import type { SourcePlace } from "../../errors.ts";
import { packageRoot } from "../../package-root.ts";
import { isLibrary } from "../../trap/source-map.ts";
import type { TestResult } from "../results.ts";

/** The lines about a failure, without its title and without a line end. */
export function failureText(result: TestResult, cwd: string): string {
  const { failure, history } = result;
  if (failure === null) return "";
  const { name, message, code, hint, detail, expected, actual, place: told } = failure;
  const title = name === "ToolError" ? `error ${code ?? ""}` : name;
  const place = told === null ? failurePlace(result, cwd) : null;
  const lines = [`${title}: ${message.trimEnd()}`];
  // A spec's failure has its place in its message.
  if (told !== null && name === "ToolError") {
    lines.push(`  at ${told.file}:${told.line}:${told.column}`);
  }
  if (expected !== null) lines.push(`expected: ${expected}`, `actual:   ${actual ?? ""}`);
  if (detail !== null && detail !== "") lines.push(detail.trimEnd());
  if (hint !== null) lines.push(`hint: ${hint}`);
  if (place !== null) {
    lines.push("", `${place.file}:${place.line}:${place.column}`);
    const frame = frameAt(place, cwd);
    if (frame !== null) lines.push(frame);
  }
  if (history !== "") lines.push("", ...history.split("\n"));
  return lines.join("\n");
}

/** Where the failure is: where it says itself, else the first frame of the author's own, else where the test was declared. */
export function failurePlace(result: TestResult, cwd: string): SourcePlace | null {
  const told = result.failure?.place ?? null;
  if (told !== null && !isLibrary(told.file)) return told;
  for (const frame of (result.failure?.stack ?? "").split("\n")) {
    const found =
      /(?:\(|at (?:async )?)((?:file:\/\/)?\/[^()]*|[A-Za-z]:\\[^()]*):(\d+):(\d+)\)?$/.exec(frame);
    const path = pathOf(found?.[1] ?? "");
    if (path === "" || isOurs(path)) continue;
    return { file: shown(path, cwd), line: Number(found?.[2]), column: Number(found?.[3]) };
  }
  const { file, line, column } = result;
  return file === null || line === null || column === null || !file.endsWith(result.source)
    ? null
    : { file: result.source, line, column };
}

/** Whether it is a library's source, or this package's own. */
function isOurs(path: string): boolean {
  const own = relative(packageRoot(), path).split(sep)[0] ?? "";
  return path.includes(`${sep}node_modules${sep}`) || ["sdk", "harness", "dist"].includes(own);
}

function pathOf(text: string): string {
  return text.startsWith("file://") ? fileURLToPath(text) : text;
}

function shown(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith("..") || isAbsolute(short) ? path : short;
}

function frameAt(place: SourcePlace, cwd: string): string | null {
  try {
    const text = readFileSync(isAbsolute(place.file) ? place.file : `${cwd}/${place.file}`, "utf8");
    return codeFrame(text, place, 1);
  } catch {
    return null;
  }
}

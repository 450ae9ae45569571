import type { SourcePlace } from "../errors.ts";

/** Line and column, from 1, of an offset in UTF-16 units. */
export function placeOf(file: string, text: string, offset: number): SourcePlace {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { file, line, column: offset - before.lastIndexOf("\n") };
}

/**
 * The line of `place` with one before and one after, and `length` characters of it underlined:
 *
 *     11 |   override onRequestHeader(headers: RequestHeaders): Action {
 *        |            ~~~~~~~~~~~~~~~
 */
export function codeFrame(text: string, place: SourcePlace, length: number): string {
  const lines = text.split(/\r?\n/);
  const first = Math.max(1, place.line - 1);
  const last = Math.min(lines.length, place.line + 1);
  const width = String(last).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const line = lines[number - 1] ?? "";
    frame.push(`${String(number).padStart(width)} | ${line}`.trimEnd());
    if (number !== place.line) continue;
    const room = Math.max(1, line.length - place.column + 1);
    // Tabs stay tabs, so that the marks stand below what they mark.
    const indent = line.slice(0, place.column - 1).replace(/[^\t]/g, " ");
    frame.push(
      `${" ".repeat(width)} | ${indent}${"~".repeat(Math.min(Math.max(1, length), room))}`,
    );
  }
  return frame.join("\n");
}

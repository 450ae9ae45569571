// Takes off what log-positions.ts puts on. Apart from it, which loads the compiler: a quarter of a second that
// those who only read logs do not wait for.
import type { SourcePlace } from "../errors.ts";

/** Stands before and behind the position. */
export const MARK = "\u0001";

/** A log line as the filter's author wrote it, and where; null for a build without positions. */
export interface PlacedText {
  readonly text: string;
  readonly place: SourcePlace | null;
}

/** Takes the position off a line that a module has logged. */
export function readLogPosition(line: string): PlacedText {
  const end = line.startsWith(MARK) ? line.indexOf(MARK, 1) : -1;
  const found = /^(.*):(\d+):(\d+)$/.exec(line.slice(1, Math.max(1, end)));
  if (found === null) return { text: line, place: null };
  const [, file = "", row, column] = found;
  return { text: line.slice(end + 1), place: { file, line: Number(row), column: Number(column) } };
}

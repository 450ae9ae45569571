// Where a text stops being JSON. JSON.parse says so in some of its messages only.

/** An offset in a text, as people count: lines and columns from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR =
  /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** The place of the first character that JSON does not allow there; null for JSON. */
export function jsonErrorPlace(text: string): TextPlace | null {
  const at = jsonErrorOffset(text);
  if (at === null) return null;
  const before = text.slice(0, at);
  return { line: before.split("\n").length, column: at - before.lastIndexOf("\n") };
}

function jsonErrorOffset(text: string): number | null {
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  };
  const takeMark = (marks: string): string => {
    take(SPACE);
    const mark = text[at] ?? "";
    if (mark === "" || !marks.includes(mark)) return "";
    at++;
    return mark;
  };
  /** A name and its colon. */
  const takeName = (): boolean => {
    take(SPACE);
    return text[at] === '"' && take(SCALAR) !== null && takeMark(":") !== "";
  };

  const open: string[] = [];
  for (;;) {
    // A value, or the brackets before it.
    const bracket = takeMark("{[");
    if (bracket !== "") {
      const close = bracket === "{" ? "}" : "]";
      if (takeMark(close) === "") {
        open.push(close);
        if (close === "}" && !takeName()) return at;
        continue;
      }
    } else if (take(SCALAR) === null) {
      return at;
    }
    // What ends it: the brackets behind it, then a comma or the end of the text.
    while (open.length > 0 && takeMark(open[open.length - 1] ?? "") !== "") open.pop();
    if (open.length === 0) {
      take(SPACE);
      return at === text.length ? null : at;
    }
    if (takeMark(",") === "") return at;
    if (open[open.length - 1] === "}" && !takeName()) return at;
  }
}

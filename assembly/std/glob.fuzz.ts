// Fuzzing of glob patterns beside regular expressions.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import { faultOf, type ResultExports } from "../testing/results.ts";

interface GlobExports extends ResultExports {
  path(pattern: number): void;
  host(pattern: number): void;
  matches(text: number): number;
}

interface Input {
  readonly kind: "path" | "host";
  readonly pattern: string;
  readonly texts: readonly string[];
}

/** The pattern as a regular expression. */
function toRegExp(pattern: string, separator: string, flags: string): RegExp {
  const inside = `[^${separator}]`;
  const parts = pattern.matchAll(/\*\*+|\*|\?|\[[!^]?\]?[^\]]*\]|\\([^])|([^])/gu);
  let source = "";
  let isStart = true;
  for (const [token, escaped, plain] of parts) {
    const character = escaped ?? plain;
    if (token.startsWith("**")) source += isStart ? "<start>" : "[^]*";
    else if (token === "*") source += `${inside}*`;
    else if (token === "?") source += inside;
    else if (character === undefined)
      source += `(?!\\${separator})[${token.slice(1, -1).replace(/^[!^]/, "^")}]`;
    else source += `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
    isStart = character === separator;
  }
  const slash = `\\u{${separator.charCodeAt(0).toString(16)}}`;
  // A run of stars that begins a segment and ends it.
  while (source.includes(`<start>${slash}`))
    source = source.replace(`<start>${slash}`, `(?:${inside}*\\${separator})*`);
  return new RegExp(`^(?:${source.replaceAll("<start>", "[^]*")})$`, flags);
}

const PIECES = ["a", "b", "*", "**", "?", "[ab]", "[!a]", "\\*", "\u{1f600}"] as const;

const glob = defineFuzz<Input>({
  name: "glob",
  input(random) {
    const kind = random.pick<Input["kind"]>(["path", "host"]);
    const separator = kind === "path" ? "/" : ".";
    const join = (length: number, pieces: readonly [string, ...string[]]): string =>
      Array.from({ length }, () => random.pick(pieces)).join("");
    return {
      kind,
      pattern: join(random.below(7), [separator, separator, ...PIECES]),
      texts: Array.from({ length: 4 }, () =>
        join(random.below(7), ["a", "b", "B", separator, separator, "*", "\u{1f600}", "\ud83d"]),
      ),
    };
  },
  async load() {
    const driver = new Driver<GlobExports>(await compileDriver("assembly/std/glob.driver.ts"));
    return {
      compare({ kind, pattern, texts }) {
        driver.exports[kind](driver.writeText(pattern));
        assert.equal(faultOf(driver, true), undefined);
        const [separator, flags] = FORMS[kind];
        const expression = toRegExp(pattern, separator, flags);
        let matched = false;
        for (const text of texts) {
          const expected = expression.test(text);
          matched ||= expected;
          const found = driver.exports.matches(driver.writeText(text)) !== 0;
          assert.equal(found, expected, `${text} by ${expression.source}`);
        }
        return matched ? "matched" : "not matched";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { matched: 0.1, "not matched": 0.1 },
});

/** What parts segments, and the flags of the expression. */
const FORMS = { path: ["/", "u"], host: [".", "iu"] } as const;

export const fuzzes: readonly Fuzz[] = [glob];

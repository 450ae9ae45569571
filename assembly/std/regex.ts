// Regular expressions in JavaScript's syntax. What they cost is in proportion to text times pattern
// at worst, whatever both are: there is no pattern and no text that make matching explode.
import { Compiler } from "./regex/compiler";
import { RegexLimits } from "./regex/limits";
import { Machine } from "./regex/machine";
import { RegexMatch } from "./regex/match";
import { Program, emptyProgram } from "./regex/program";
import { Template, TextBuilder } from "./regex/template";
import { Result } from "./result";

export { RegexLimits, RegexMatch };

/** How often `replaceAll` looks at each character at most, on average. */
// @ts-ignore: decorator
@inline
const MAX_LOOKS = 100;

/**
 * A regular expression, as JavaScript's with the flag `u`: the same syntax, the same match among
 * those that are possible, the same groups. Characters are code points; in bytes, those of UTF-8,
 * where each ill-formed part is one U+FFFD. It differs so:
 *
 * - back references, lookahead, lookbehind and `\p{...}` are refused: the first three have no linear
 *   time, the last one is a table of many kilobytes;
 * - `i` ignores the case of ASCII letters only;
 * - names of groups are ASCII.
 *
 * Compile a pattern once, in `onConfigure` say, and keep it.
 *
 * ```ts
 * const version = Regex.compile("^/api/v(?<version>[0-9]+)/");
 * const error = version.error;
 * if (error != null) return false;
 * const match = version.value.find(path);
 * if (match != null) log.info("version " + match.group(1)!);
 * ```
 */
@final
export class Regex {
  private readonly machine: Machine;

  private constructor(private readonly program: Program) {
    this.machine = new Machine(program);
  }

  /**
   * Compiles a pattern. `flags`: `i` ignores the case of ASCII letters, `m` lets `^` and `$` match at
   * lines, `s` lets `.` match the end of a line, `u` is so anyway. An error names the place in the
   * pattern (or in the flags, where it is about those); the value then matches nothing. Never traps.
   */
  static compile(
    pattern: string,
    flags: string = "",
    limits: RegexLimits = new RegexLimits(),
  ): Result<Regex> {
    for (let i = 0; i < flags.length; i++) {
      if (!"imsu".includes(flags.charAt(i)) || flags.indexOf(flags.charAt(i)) < i)
        return Regex.refused("regex: flags are i, m, s and u, each once", i);
    }
    if (pattern.length > limits.pattern)
      return Regex.refused("regex: pattern is too long", max(limits.pattern, 0));
    const compiler = new Compiler(
      pattern,
      flags.includes("i"),
      flags.includes("m"),
      flags.includes("s"),
      limits,
    );
    const program = compiler.compile();
    if (program == null) return Regex.refused(compiler.error!, compiler.errorAt);
    return new Result<Regex>(new Regex(program));
  }

  private static refused(error: string, offset: i32): Result<Regex> {
    return new Result<Regex>(new Regex(emptyProgram()), error, offset);
  }

  /** Whether the pattern is somewhere in a text; faster than `find`. Never traps. */
  test(text: string): bool {
    return this.machine.test(changetype<usize>(text), text.length, false);
  }

  /** As `test`, for UTF-8. Never traps. */
  testBytes(bytes: Uint8Array): bool {
    return this.machine.test(bytes.dataStart, bytes.length, true);
  }

  /** The first match at `start` or after it; `null` when there is none. Never traps. */
  find(text: string, start: i32 = 0): RegexMatch | null {
    if (!this.search(text, start)) return null;
    return this.matchIn(changetype<usize>(text), text, null);
  }

  /** As `find`, for UTF-8; positions are those of bytes. Never traps. */
  findBytes(bytes: Uint8Array, start: i32 = 0): RegexMatch | null {
    const from = max(start, 0);
    if (from > bytes.length) return null;
    if (!this.machine.find(bytes.dataStart, bytes.length, true, from)) return null;
    return this.matchIn(bytes.dataStart, null, bytes);
  }

  /**
   * All matches, one behind the other, or the first `limit` of them. Each can take a look at all of
   * the text. Never traps.
   */
  findAll(text: string, limit: i32 = 1000): RegexMatch[] {
    const matches: RegexMatch[] = [];
    let start = 0;
    while (matches.length < limit && this.search(text, start)) {
      matches.push(this.matchIn(changetype<usize>(text), text, null));
      start = this.afterMatch(text);
    }
    return matches;
  }

  /**
   * The text with `replacement` in the place of the first match. In it `$1` to `$99` and `$<name>`
   * stand for groups, `$&` for the match, and `$$` for `$`. `null` where the result would have more
   * than `maxLength` units: what is not replaced must not pass for replaced. Never traps.
   */
  replace(text: string, replacement: string, maxLength: i32 = 16 * 1024 * 1024): string | null {
    return this.replaceMatches(text, replacement, 1, maxLength);
  }

  /**
   * As `replace`, in the place of all matches. `null` also where to find them all would take to look
   * at each character a hundred times: `a.*b|a` looks from each `a` for a `b` to the end of the text.
   */
  replaceAll(text: string, replacement: string, maxLength: i32 = 16 * 1024 * 1024): string | null {
    return this.replaceMatches(text, replacement, i32.MAX_VALUE, maxLength);
  }

  private replaceMatches(
    text: string,
    replacement: string,
    limit: i32,
    maxLength: i32,
  ): string | null {
    const template = new Template(replacement, this.program.names);
    const match = this.machine.match;
    const result = new TextBuilder(text.length, maxLength);
    const enough = this.machine.looked + <i64>MAX_LOOKS * (text.length + 1);
    let copied = 0;
    let start = 0;
    for (let i = 0; i < limit && this.search(text, start); i++) {
      if (result.isFull || this.machine.looked > enough) return null;
      result.append(text, copied, unchecked(match[0]));
      template.write(match, text, result);
      copied = unchecked(match[1]);
      start = this.afterMatch(text);
    }
    result.append(text, copied, text.length);
    return result.isFull ? null : result.text();
  }

  private search(text: string, start: i32): bool {
    const from = max(start, 0);
    if (from > text.length) return false;
    return this.machine.find(changetype<usize>(text), text.length, false, from);
  }

  /** Where the search goes on: behind the match, or a character further where it is empty. */
  private afterMatch(text: string): i32 {
    const match = this.machine.match;
    const end = unchecked(match[1]);
    if (end > unchecked(match[0])) return end;
    const isPair =
      end + 1 < text.length &&
      (text.charCodeAt(end) & 0xfc00) == 0xd800 &&
      (text.charCodeAt(end + 1) & 0xfc00) == 0xdc00;
    return end + (isPair ? 2 : 1);
  }

  private matchIn(input: usize, text: string | null, bytes: Uint8Array | null): RegexMatch {
    const slots = StaticArray.slice<i32>(this.machine.match, 0, this.program.names.length << 1);
    return new RegexMatch(input, text, bytes, slots, this.program.names);
  }
}

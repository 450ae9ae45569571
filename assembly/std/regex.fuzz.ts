// Fuzzing of regular expressions beside Node's.
import assert from "node:assert/strict";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import type { Random } from "../testing/random.ts";
import { RegexClient, type Match } from "../testing/regex-client.ts";

/** A search with what is put in the place of what it finds. */
interface Search {
  readonly text: string;
  readonly start: number;
  readonly template: string;
}

interface Input {
  readonly pattern: string;
  readonly flags: string;
  readonly searches: readonly Search[];
}

/** What the SDK refuses, and Node, or a newer one, does not; documented with `Regex`. */
const ON_PURPOSE = /not supported|too many|too long|too deep|unknown kind of group|there twice/;

const ATOMS = [
  ...Array.from("aabbc_01-é"),
  ...["β", "\u{1f600}", "\ud83d", "\\ude00", "\\u{1f600}", "\\ud83d\\ude00", "\\x61", "\\cJ"],
  ...[".", ".", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\b", "\\B", "^", "$", "^", "$"],
  ...["[ab]", "[^a]", "[a-c]", "[^\\d\\n]", "[\\w-]", "[-a]", "[^\\W]", "[\\Wb]", "[]", "[^]"],
  ...["[\u{1f600}-\u{1f64f}]", "[α-ω]", "[^α-ω]", "[A-é]", "[\\ud83d]", "[\\b\\-]", "[\\S]"],
  ...["\\.", "\\n", "\\0", "\\/", "\\t", "\\u0062", "(?:)", "()"],
] as const satisfies readonly string[];

const QUANTIFIERS = [
  ...["*", "+", "?", "*?", "+?", "??", "{2}", "{0}", "{1}", "{0,2}", "{1,2}", "{1,3}?", "{0,2}?"],
  ...["{2,}", "{1,}?", "{0,}", "{0,1}"],
] as const;

const CHARACTERS = [
  ...Array.from("aaabbbcAB_01- "),
  ...["\n", "\r", "\u2028", "\u00a0", "é", "β", "\u{1f600}", "\ud83d", "\ude00", "\0"],
] as const;

const SYNTAX = [
  ...Array.from("()[]{}*+?|^$.\\-,:=!<>/abBdDwWsSkuUpcx019fnrtv_&#"),
  ...[
    "(?",
    "(?:",
    "(?<a>",
    "(?<",
    "{1",
    "{1,2}",
    "[^",
    "\\u{",
    "\\ud83d",
    "\\x4",
    "\\c",
    "\u{1f600}",
  ],
] as const;

const TEMPLATES = [
  ...["$1", "$2", "$01", "$10", "$0", "$$", "$&", "$", "$<n0>", "$<n1>", "$<x>", "$<", ">", "b"],
] as const;

const pickOf = (random: Random, items: readonly string[]): string =>
  items[random.below(items.length)] ?? "";

/** Repetitions in repetitions: with three Node takes a minute for some, and then finds what is there not at all. */
const MOST_NESTED = 2;

interface RandomPattern {
  readonly pattern: string;
  /** How many repetitions are in each other. */
  readonly nesting: number;
}

function randomPattern(random: Random, names: string[], depth = 0): RandomPattern {
  let pattern = "";
  let nesting = 0;
  for (let left = random.below(4) + (depth === 0 ? 1 : 0); left > 0; left--) {
    let atom: RandomPattern;
    if (depth < 4 && random.once(3)) {
      const kind = random.below(4);
      const name = `n${names.length}`;
      const opening = kind === 0 ? "(?:" : kind === 1 ? `(?<${name}>` : "(";
      if (kind === 1) names.push(name);
      const inner = randomPattern(random, names, depth + 1);
      atom = { pattern: `${opening}${inner.pattern})`, nesting: inner.nesting };
    } else {
      atom = { pattern: pickOf(random, ATOMS), nesting: 0 };
    }
    pattern += atom.pattern;
    // An assertion cannot be repeated.
    const repeatable = !/^(?:\\[bB]|[$^])$/.test(atom.pattern) && atom.nesting < MOST_NESTED;
    if (repeatable && random.once(2)) {
      pattern += pickOf(random, QUANTIFIERS);
      atom = { ...atom, nesting: atom.nesting + 1 };
    }
    nesting = Math.max(nesting, atom.nesting);
    if (random.once(5)) pattern += "|";
  }
  return { pattern, nesting };
}

function randomFrom(random: Random, items: readonly string[], most: number): string {
  let text = "";
  for (let left = random.below(most + 1); left > 0; left--) text += pickOf(random, items);
  return text;
}

/** Node's match in the form of ours. */
function matchOf(found: RegExpExecArray | null): Match | null {
  if (!found) return null;
  const places: Match["places"] = Array.from(found.indices ?? [], (place) => place ?? null);
  const groups = Array.from(found, (group: string | undefined) => group ?? null);
  return { start: found.index, end: found.index + found[0].length, groups, places };
}

function expressionOf(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, `gdu${flags}`);
  } catch {
    return undefined;
  }
}

/**
 * Whether a place is between the halves of a character. V8 finds empty matches there
 * (`/\\B/u.exec("b\u{1f600}")` is at 2, by the standard it is at 3); the SDK never does.
 */
const isInPair = (text: string, place: number): boolean =>
  place > 0 && /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(place - 1));

/** What is so without and with a position to start from; answers whether there is a match. */
function compareSearch(client: RegexClient, expression: RegExp, search: Search): boolean {
  const { text, start, template } = search;
  if (!isInPair(text, start)) {
    expression.lastIndex = start;
    const found = expression.exec(text);
    if (found && isInPair(text, found.index)) return false;
    assert.deepEqual(client.find(text, start), matchOf(found), "find from start");
  }
  expression.lastIndex = 0;
  const all = [...text.matchAll(expression)];
  if (all.some(({ index }) => isInPair(text, index))) return false;
  const found = all[0] ?? null;
  const expected = matchOf(found);
  assert.equal(client.test(text), expected !== null, "test");
  assert.deepEqual(client.find(text), expected, "find");
  const named: Readonly<Record<string, string | undefined>> = found?.groups ?? {};
  for (const [name, value] of Object.entries(named))
    assert.equal(client.named(name), value ?? null, name);
  assert.deepEqual(client.findAll(text, 10), all.slice(0, 10).map(matchOf), "findAll");
  const replaced = text.replaceAll(expression, template);
  assert.equal(client.replaceAll(text, template), replaced, "replaceAll");
  const once = new RegExp(expression.source, expression.flags.replace("g", ""));
  assert.equal(client.replace(text, template), text.replace(once, template), "replace");
  const bytes = Buffer.from(text);
  // Lone surrogates have no bytes.
  if (bytes.toString() !== text) return expected !== null;
  assert.equal(client.testBytes(bytes), expected !== null, "testBytes");
  assert.deepEqual(client.findBytes(bytes), expected && inBytes(expected, text), "findBytes");
  return expected !== null;
}

/** A match in a text, with the places that it has in the text's UTF-8. */
function inBytes(match: Match, text: string): Match {
  const before = (place: number): number => Buffer.byteLength(text.slice(0, place));
  return {
    ...match,
    start: before(match.start),
    end: before(match.end),
    places: match.places.map((place) => place && [before(place[0]), before(place[1])]),
  };
}

const regex = defineFuzz<Input>({
  name: "regex",
  input(random) {
    const names: string[] = [];
    const pattern = random.once(3)
      ? randomFrom(random, SYNTAX, 6)
      : randomPattern(random, names).pattern;
    const flags = pickOf(random, ["", "", "i", "m", "s", "ims"]);
    const searches = Array.from({ length: 3 }, () => {
      const text = randomFrom(random, CHARACTERS, 9);
      const template = randomFrom(random, TEMPLATES, 3);
      return { text, template, start: random.below(text.length + 2) };
    });
    return { pattern, flags, searches };
  },
  async load() {
    const client = await RegexClient.load();
    return {
      compare({ pattern, flags, searches }) {
        const expression = expressionOf(pattern, flags);
        const fault = client.compile(pattern, flags);
        if (fault) {
          assert.ok(fault.offset <= pattern.length, fault.error);
          if (ON_PURPOSE.test(fault.error)) return "refused on purpose";
          assert.equal(expression, undefined, fault.error);
          return "refused";
        }
        assert.ok(expression, "not refused");
        const matches = searches.map((search) => compareSearch(client, expression, search));
        return matches.includes(true) ? "matched" : "not matched";
      },
      collect: () => {
        client.reset();
      },
    };
  },
  shares: { matched: 0.5, "not matched": 0.05, refused: 0.1 },
});

export const fuzzes: readonly Fuzz[] = [regex];

// Differential fuzzing of regular expressions against Node's, from a seed: the same seed makes the
// same patterns and texts.
import assert from "node:assert/strict";
import { Random } from "./random.ts";
import type { Match, RegexClient } from "./regex-client.ts";

/** What a run saw: a run that never matched, or never refused, has shown nothing. */
export interface RegexFuzzCounts {
  /** Patterns that both compiled, and texts in which both found them. */
  compiled: number;
  matched: number;
  /** Patterns that both refused, and those that only the SDK refuses, on purpose. */
  refused: number;
  unsupported: number;
}

/** What the SDK refuses, and Node, or a newer one, does not; documented with `Regex`. */
const ON_PURPOSE = /not supported|too many|too long|too deep|unknown kind of group|there twice/;

const ATOMS = [
  ..."aabbc_01-é",
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
  ..."aaabbbcAB_01- ",
  ...["\n", "\r", "\u2028", "\u00a0", "é", "β", "\u{1f600}", "\ud83d", "\ude00", "\0"],
] as const;

const SYNTAX = [
  ..."()[]{}*+?|^$.\\-,:=!<>/abBdDwWsSkuUpcx019fnrtv_&#",
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

const pickOf = (random: Random, items: readonly string[]): string =>
  items[random.below(items.length)] ?? "";

function randomPattern(random: Random, names: string[], depth = 0): string {
  let pattern = "";
  for (let left = random.below(4) + (depth === 0 ? 1 : 0); left > 0; left--) {
    let atom: string;
    if (depth < 4 && random.once(3)) {
      const kind = random.below(4);
      const name = `n${names.length}`;
      const opening = kind === 0 ? "(?:" : kind === 1 ? `(?<${name}>` : "(";
      if (kind === 1) names.push(name);
      atom = `${opening}${randomPattern(random, names, depth + 1)})`;
    } else {
      atom = pickOf(random, ATOMS);
    }
    pattern += atom;
    // An assertion cannot be repeated.
    if (!/^(?:\\[bB]|[$^])$/.test(atom) && random.once(2)) pattern += pickOf(random, QUANTIFIERS);
    if (random.once(5)) pattern += "|";
  }
  return pattern;
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

/** The bytes before a place in a text. */
const bytesBefore = (text: string, place: number): number =>
  Buffer.byteLength(text.slice(0, place));

function compareText(
  client: RegexClient,
  expression: RegExp,
  names: string[],
  text: string,
  random: Random,
): boolean {
  const start = random.once(4) ? random.below(text.length + 2) : 0;
  if (!isInPair(text, start)) {
    expression.lastIndex = start;
    const found = expression.exec(text);
    if (found && isInPair(text, found.index)) return false;
    assert.deepEqual(client.find(text, start), matchOf(found), `from ${start}`);
  }
  expression.lastIndex = 0;
  const all = [...text.matchAll(expression)];
  if (all.some(({ index }) => isInPair(text, index))) return false;
  const found = all[0] ?? null;
  const expected = matchOf(found);
  assert.equal(client.test(text), expected !== null, "test");
  assert.deepEqual(client.find(text), expected, "find");
  for (const name of found ? names : [])
    assert.equal(client.named(name), found?.groups?.[name] ?? null, name);
  assert.deepEqual(client.findAll(text, 10), all.slice(0, 10).map(matchOf), "findAll");
  // Names stand for something only where there are any.
  const template = randomFrom(
    random,
    ["$1", "$2", "$01", "$10", "$0", "$$", "$&", "$", "$<n0>", "$<n1>", "$<x>", "$<", ">", "b"],
    3,
  );
  assert.equal(client.replaceAll(text, template), text.replaceAll(expression, template), template);
  const once = new RegExp(expression.source, expression.flags.replace("g", ""));
  assert.equal(client.replace(text, template), text.replace(once, template), template);
  if (text.isWellFormed()) {
    const bytes = Buffer.from(text);
    assert.equal(client.testBytes(bytes), expected !== null, "testBytes");
    const inBytes = expected && {
      ...expected,
      start: bytesBefore(text, expected.start),
      end: bytesBefore(text, expected.end),
      places: expected.places.map(
        (place) => place && [bytesBefore(text, place[0]), bytesBefore(text, place[1])],
      ),
    };
    assert.deepEqual(client.findBytes(bytes), inBytes, "findBytes");
  }
  return expected !== null;
}

/**
 * Compares `count` patterns, each with a few texts; throws at the first difference, with all that
 * shows it.
 */
export function fuzzRegex(client: RegexClient, seed: number, count: number): RegexFuzzCounts {
  const random = new Random(seed);
  const counts = { compiled: 0, matched: 0, refused: 0, unsupported: 0 };
  for (let i = 0; i < count; i++) {
    if (i % 50 === 0) client.reset();
    const names: string[] = [];
    const pattern = random.once(3) ? randomFrom(random, SYNTAX, 6) : randomPattern(random, names);
    const flags = pickOf(random, ["", "", "i", "m", "s", "ims"]);
    let text = "";
    try {
      const expression = expressionOf(pattern, flags);
      const fault = client.compile(pattern, flags);
      if (fault) {
        assert.ok(fault.offset <= pattern.length, fault.error);
        const isOnPurpose = ON_PURPOSE.test(fault.error);
        assert.ok(!expression || isOnPurpose, `refused: ${fault.error} at ${fault.offset}`);
        if (isOnPurpose) counts.unsupported++;
        else counts.refused++;
        continue;
      }
      assert.ok(expression, "not refused");
      counts.compiled++;
      for (let texts = 0; texts < 3; texts++) {
        text = randomFrom(random, CHARACTERS, 9);
        if (compareText(client, expression, names, text, random)) counts.matched++;
      }
    } catch (cause) {
      const what = `/${JSON.stringify(pattern)}/u${flags} on ${JSON.stringify(text)}`;
      throw new Error(`seed ${seed}, pattern ${i}: ${what}`, { cause });
    }
  }
  return counts;
}

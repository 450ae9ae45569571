// Random JSON texts and damaged ones.
import type { Random } from "./random.ts";

const SPACES = ["", "", "", "", " ", "\n", "\t", "\r\n", "  "] as const;
const KEYS = [
  "a",
  "b",
  "key",
  "",
  "a b",
  "\\u0061",
  "__proto__",
  "\\n",
  "1",
  "é",
  "\\ud800",
  "constructor",
] as const;
const PIECES = [
  "x",
  "abc",
  "é",
  "\u{1f600}",
  "\ud800",
  "\\n",
  "\\\\",
  '\\"',
  "\\/",
  "\\u00e9",
  "\\uD83D\\uDE00",
  "\\udfff",
  "\\b\\f\\r\\t",
  "\u007f",
  "\u2028",
] as const;
const NUMBERS = [
  "0",
  "-0",
  "1",
  "-1",
  "1.5",
  "1e3",
  "1E-3",
  "0.1",
  "123456789012345678901234567890",
  "1e400",
  "-1e-400",
  "9007199254740993",
  "4.9e-324",
  "0e99999999999",
  "2.2250738585072011e-308",
] as const;
const DAMAGE = [
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "0",
  "1",
  "-",
  "+",
  ".",
  "e",
  "E",
  "t",
  "n",
  "u",
  "null",
  "true",
  "\u0000",
  "\u001f",
  " ",
  "\ufeff",
  "\ud800",
  "/",
  "'",
  "\u00a0",
  "\\u12",
  "00",
] as const;

/** A valid document, often with odd spelling and with keys that occur twice. */
export function randomJson(random: Random, depth = 0): string {
  const space = (): string => random.pick(SPACES);
  const item = (): string => space() + randomJson(random, depth + 1) + space();
  const list = (one: () => string): string =>
    Array.from({ length: random.once(30) ? random.below(40) : random.below(4) }, one).join(",") ||
    space();
  // Containers are rarer the deeper they are.
  switch (random.below(depth > 5 ? 6 : 10)) {
    case 0:
      return random.pick(["null", "true", "false"]);
    case 1:
    case 2:
      return random.pick(NUMBERS);
    case 3:
    case 4:
    case 5:
      return `"${Array.from({ length: random.below(4) }, () => random.pick(PIECES)).join("")}"`;
    case 6:
    case 7:
      return `[${list(item)}]`;
    default:
      return `{${list(() => `${space()}"${randomKey(random)}"${space()}:${item()}`)}}`;
  }
}

function randomKey(random: Random): string {
  return random.once(8) ? random.pick(KEYS) : random.pick(KEYS) + String(random.below(1000));
}

/** The text with a few pieces replaced, inserted, deleted, repeated or cut off. */
export function mutate(text: string, random: Random): string {
  for (let left = 1 + random.below(2); left > 0; left--) {
    const from = random.below(text.length + 1);
    const to = Math.min(text.length, from + random.below(3));
    const [front, piece, back] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
    switch (random.below(5)) {
      case 0:
        text = front + random.pick(DAMAGE) + back;
        break;
      case 1:
        text = front + random.pick(DAMAGE) + piece + back;
        break;
      case 2:
        text = front + back;
        break;
      case 3:
        text = front + piece + piece + back;
        break;
      default:
        text = random.once(4) ? front : front + random.pick(SPACES) + piece + back;
    }
  }
  return text;
}

/** A number as JSON writes it: any length, any exponent. */
export function randomNumber(random: Random): string {
  const digits = (most: number): string =>
    Array.from({ length: 1 + random.below(most) }, () => String(random.below(10))).join("");
  const most = random.pick([3, 18, 25, 40, random.once(20) ? 900 : 10]);
  const whole = digits(most).replace(/^0+(?=\d)/, "");
  const fraction = random.once(2) ? `.${digits(most)}` : "";
  const exponent = random.once(2)
    ? random.pick(["e", "E", "e+", "e-"]) + digits(random.once(20) ? 30 : 3)
    : "";
  return (random.once(2) ? "-" : "") + whole + fraction + exponent;
}

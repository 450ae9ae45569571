import { ToolError } from "../errors.ts";
import type { Arguments } from "./command.ts";

/** Reads one of several words from a flag, or answers its default. Throws ERR_USAGE for another. */
export function wordFlag<Word extends string>(
  args: Arguments,
  flag: string,
  words: readonly Word[],
  otherwise: Word,
): Word {
  const text = args.text(flag);
  return text === undefined ? otherwise : oneOf(words, text, flag);
}

/** Reads all values of a flag that may be repeated, each of which is one of several words. */
export function wordFlags<Word extends string>(
  args: Arguments,
  flag: string,
  words: readonly Word[],
): readonly Word[] {
  return args.all(flag).map((text) => oneOf(words, text, flag));
}

function oneOf<Word extends string>(words: readonly Word[], text: string, flag: string): Word {
  const word = words.find((one) => one === text);
  if (word !== undefined) return word;
  throw new ToolError("ERR_USAGE", `--${flag} wants one of ${words.join(", ")}, not ${text}`);
}

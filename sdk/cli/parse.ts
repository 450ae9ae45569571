import { parseArgs } from "node:util";
import { didYouMean } from "../did-you-mean.ts";
import { ToolError } from "../errors.ts";
import type { Arguments, Command } from "./command.ts";
import { PROGRAM, usageLine } from "./help.ts";

/** Every command has it. */
const HELP = { type: "boolean", short: "h" } as const;

/** What a command line means: a wish for help, or the arguments to run with. */
export type Parsed = { readonly help: true } | { readonly help: false; readonly args: Arguments };

/**
 * Takes the words behind a command's name apart. A flag that the command does not have, or one without
 * its value, throws a ToolError ERR_USAGE. Everything behind `--` is a positional.
 */
export function parseCommandLine(command: Command, words: readonly string[]): Parsed {
  const { tokens } = parseArgs({
    args: [...words],
    options: { ...parserOptions(command), help: HELP },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  const ordered: { flag: string | null; value: string }[] = [];
  let help = false;
  for (const token of tokens) {
    if (token.kind === "positional") {
      positionals.push(token.value);
      ordered.push({ flag: null, value: token.value });
    } else if (token.kind === "option") {
      if (token.name === "help") {
        help = true;
        continue;
      }
      const value = flagValue(command, token);
      values.set(token.name, [...(values.get(token.name) ?? []), value]);
      ordered.push({ flag: token.name, value });
    }
  }
  if (help) return { help };
  const args: Arguments = {
    positionals,
    text: (flag) => values.get(flag)?.at(-1),
    all: (flag) => values.get(flag) ?? [],
    has: (flag) => values.has(flag),
    tokens: ordered,
  };
  return { help, args };
}

/** The flags of a command in the form that parseArgs takes. */
function parserOptions(
  command: Command,
): Record<string, { type: "string" | "boolean"; short?: string }> {
  return Object.fromEntries(
    Object.entries(command.flags).map(([name, { type, short }]) => [
      name,
      short === undefined ? { type } : { type, short },
    ]),
  );
}

/** A flag as it was given on the command line. */
interface FlagToken {
  readonly name: string;
  /** With its dashes. */
  readonly rawName: string;
  readonly value?: string | undefined;
  /** Whether the value was given with `=`. */
  readonly inlineValue?: boolean | undefined;
}

function flagValue(command: Command, token: FlagToken): string {
  const flag = Object.hasOwn(command.flags, token.name) ? command.flags[token.name] : undefined;
  if (flag === undefined) throw unknownFlag(command, token.rawName);
  if (flag.type === "boolean") {
    if (token.value === undefined) return "";
    throw usageError(command, `${token.rawName} takes no value`);
  }
  const { value } = token;
  const missing = value === undefined || (token.inlineValue !== true && /^-./.test(value));
  if (missing) {
    throw usageError(
      command,
      `${token.rawName} needs a value${flag.value === undefined ? "" : `: ${flag.value}`}`,
    );
  }
  return value;
}

function unknownFlag(command: Command, rawName: string): ToolError {
  const names = Object.keys(command.flags).map((name) => `--${name}`);
  const meant = didYouMean(rawName, [...names, "--help"]);
  const question = meant === null ? "" : `: did you mean ${meant}?`;
  return usageError(command, `${command.name} has no flag ${rawName}${question}`);
}

/** A ToolError ERR_USAGE whose detail is the command's usage line. */
export function usageError(command: Command, message: string): ToolError {
  return new ToolError("ERR_USAGE", message, {
    detail: usageLine(command),
    hint: `\`${PROGRAM} ${command.name} --help\` lists its flags, with examples.`,
  });
}

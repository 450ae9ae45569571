import { didYouMean } from "../did-you-mean.ts";
import { ExitCode, ToolError } from "../errors.ts";
import { packageVersion } from "../package-root.ts";
import type { Command, Io } from "./command.ts";
import { reportFailure } from "./failure.ts";
import { PROGRAM, commandHelp, generalHelp } from "./help.ts";
import { parseCommandLine } from "./parse.ts";

/**
 * Runs the command that `argv` (without the program itself) names, and tells on `io` whatever goes
 * wrong. Never throws, and never ends the process: the caller owns that.
 */
export async function main(
  argv: readonly string[],
  commands: readonly Command[],
  io: Io,
): Promise<ExitCode> {
  try {
    return await dispatch(argv, commands, io);
  } catch (thrown) {
    return reportFailure(thrown, wantsJson(argv, commands), io);
  }
}

async function dispatch(
  argv: readonly string[],
  commands: readonly Command[],
  io: Io,
): Promise<ExitCode> {
  const [word, ...rest] = argv;
  switch (word) {
    case undefined:
      io.err(generalHelp(commands));
      return ExitCode.Usage;
    case "--version":
      io.out(`${packageVersion()}\n`);
      return ExitCode.Ok;
    case "-h":
    case "--help":
      io.out(generalHelp(commands));
      return ExitCode.Ok;
    case "help": {
      const [name] = rest;
      const isHelp = name === undefined || name === "-h" || name === "--help" || name === "help";
      io.out(isHelp ? generalHelp(commands) : commandHelp(find(name, commands)));
      return ExitCode.Ok;
    }
  }
  const command = find(word, commands);
  const parsed = parseCommandLine(command, rest);
  if (parsed.help) {
    io.out(commandHelp(command));
    return ExitCode.Ok;
  }
  return command.run(parsed.args, io);
}

function find(word: string, commands: readonly Command[]): Command {
  const command = commands.find(({ name }) => name === word);
  if (command !== undefined) return command;
  const names = commands.map(({ name }) => name);
  const usage = {
    detail: `usage: ${PROGRAM} <command> [flags]`,
    hint: `The commands are ${names.join(", ")}; \`${PROGRAM} --help\` tells what they do.`,
  };
  if (word.startsWith("-")) {
    throw new ToolError("ERR_USAGE", `a command comes first, before ${word}`, usage);
  }
  const meant = didYouMean(word, [...names, "help"]);
  const question = meant === null ? "" : `: did you mean ${meant}?`;
  throw new ToolError("ERR_USAGE", `there is no command ${word}${question}`, usage);
}

/**
 * Whether failures should be JSON on stdout too: told before the words are parsed, which can fail.
 * Not where `--json` names a file: stdout then has what people read.
 */
function wantsJson(argv: readonly string[], commands: readonly Command[]): boolean {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const takesFile = commands.find(({ name }) => name === argv[0])?.flags["json"]?.type === "string";
  if (!takesFile) return words.includes("--json");
  return words.includes("--json=-") || words[words.indexOf("--json") + 1] === "-";
}

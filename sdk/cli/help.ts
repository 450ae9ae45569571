import type { Command, Flag } from "./command.ts";

/** How the program is called on a command line. */
export const PROGRAM = "as-proxy-wasm";

const ABOUT =
  "Write Envoy filters in AssemblyScript, run them in a real Envoy, know what they cost.";

/** `usage: as-proxy-wasm build <file-or-folder> [flags]`. */
export function usageLine(command: Command): string {
  return `usage: ${PROGRAM} ${command.name} ${command.usage}`.trimEnd();
}

/** The help of the whole program: its commands. */
export function generalHelp(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }): [string, string] => [name, summary]);
  return [
    ABOUT,
    "",
    `usage: ${PROGRAM} <command> [flags]`,
    "",
    "commands:",
    ...columns([...rows, ["help <command>", "show what a command takes, with examples"]]),
    "",
    "flags:",
    ...columns([
      ["-h, --help", "show this, or what a command takes"],
      ["    --version", "show the version"],
    ]),
    "",
  ].join("\n");
}

/** The help of one command: its usage, flags and examples. */
export function commandHelp(command: Command): string {
  const flags = Object.entries(command.flags).map(([name, flag]): [string, string] => [
    spelling(name, flag),
    flag.help + (flag.multiple === true ? " (may be repeated)" : ""),
  ]);
  return [
    `${command.name}: ${command.summary}`,
    "",
    usageLine(command),
    "",
    "flags:",
    ...columns([...flags, ["-h, --help", "show this"]]),
    ...(command.examples.length === 0 ? [] : ["", "examples:"]),
    ...command.examples.flatMap(([line, what]) => [`  ${line}`, `      ${what}`]),
    "",
  ].join("\n");
}

function spelling(name: string, flag: Flag): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  return `${short}--${name}${flag.type === "string" ? ` ${flag.value ?? "VALUE"}` : ""}`;
}

/** Rows of two columns, indented; the second begins where the longest of the first ends. */
function columns(rows: readonly (readonly [left: string, right: string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

// `inspect`: what is in a WebAssembly module, and what Envoy would not take of it.
import { ExitCode } from "../errors.ts";
import type { ErrorCode, ToolError } from "../errors.ts";
import { moduleProblems } from "../inspect/check.ts";
import { inspectModule } from "../inspect/inspect.ts";
import type { ModuleInfo } from "../inspect/module-info.ts";
import { readModuleFile } from "../inspect/read-file.ts";
import type { Command } from "./command.ts";
import { inspectReport } from "./inspect-report.ts";
import { usageError } from "./parse.ts";

/** What `inspect --json` prints. */
export interface InspectJson extends ModuleInfo {
  readonly schema: 1;
  readonly file: string;
  /** Why Envoy would not take the module; empty when it will. */
  readonly problems: readonly {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint: string | null;
  }[];
}

export const inspectCommand: Command = {
  name: "inspect",
  summary: "show what is in a WebAssembly module, of any language",
  usage: "<wasm> [flags]",
  flags: {
    json: { type: "boolean", help: "print it as JSON" },
  },
  examples: [
    ["as-proxy-wasm inspect build/filter.wasm", "imports, exports, memory, sizes"],
    ["as-proxy-wasm inspect filter.wasm --json", "the same for scripts"],
  ],
  async run(args, io) {
    const [file, another] = args.positionals;
    if (file === undefined) throw usageError(inspectCommand, "inspect needs a .wasm file");
    if (another !== undefined) {
      throw usageError(inspectCommand, `inspect takes one module, and ${another} is a second`);
    }
    const info = inspectModule(await readModuleFile(file), file);
    const problems = moduleProblems(info);
    if (args.has("json")) {
      const json: InspectJson = {
        schema: 1,
        file,
        ...info,
        problems: problems.map(({ code, message, hint = null }) => ({ code, message, hint })),
      };
      io.out(`${JSON.stringify(json, null, 2)}\n`);
      return ExitCode.Ok;
    }
    io.out(inspectReport(file, info));
    io.err(problemNotes(problems));
    return ExitCode.Ok;
  },
};

/** What Envoy would refuse, one line each; a hint that several share is given once, behind them. */
function problemNotes(problems: readonly ToolError[]): string {
  if (problems.length === 0) return "";
  const lines = ["Envoy would refuse this module, or crash on it:"];
  problems.forEach(({ code, message, hint }, index) => {
    lines.push(`  ${code}: ${message}`);
    if (hint !== undefined && hint !== problems[index + 1]?.hint) lines.push(`    hint: ${hint}`);
  });
  return `${lines.join("\n")}\n`;
}

// What: asc answers a fault of its own by printing to the console and ending the process.
// Why it matters: the process is ours, or our user's test runner; its cleaning up would be skipped.
// How: while asc runs, `process.exit` called from asc's own code throws, and what it printed is kept.
// Reference: `crash` in cli/index.js of assemblyscript 0.28.20.
import { stripVTControlCharacters } from "node:util";
import { ToolError, messageOf } from "../errors.ts";

class ExitInterrupted extends Error {}

/** Replaces a method by one that may call it; returns what puts it back. */
function replace<T, K extends keyof T>(
  target: T,
  key: K,
  make: (before: T[K]) => T[K],
): () => void {
  const before = target[key];
  target[key] = make(before);
  return () => {
    target[key] = before;
  };
}

const calledByCompiler = (): boolean => (new Error().stack ?? "").includes("assemblyscript");

/** Runs asc; a crash of it is an ERR_COMPILE with what the compiler said. */
export async function surviveCrash<T>(run: () => Promise<T>): Promise<T> {
  const printed: string[] = [];
  const restoreExit = replace(process, "exit", (exit) => (code) => {
    if (calledByCompiler()) throw new ExitInterrupted();
    return exit.call(process, code);
  });
  const restoreError = replace(console, "error", (print) => (...parts: unknown[]) => {
    if (calledByCompiler()) printed.push(parts.map(String).join(" "));
    else print.apply(console, parts);
  });
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ExitInterrupted)) throw error;
    // asc colours its report where it finds CI in the environment.
    const report = stripVTControlCharacters(printed.join("\n")).replace(/^▌ ?/gm, "");
    const phase = /crashed during (\w+)/.exec(report)?.[1] ?? "compiling";
    const fault = /^(\w*Error: .*)$/m.exec(report)?.[1] ?? messageOf(error);
    throw new ToolError(
      "ERR_COMPILE",
      `the AssemblyScript compiler crashed during ${phase}: ${fault}`,
      {
        hint: "That is a fault of the compiler. Something in the source that was changed last sets it off: write that in a simpler way.",
        detail: report.trim(),
      },
    );
  } finally {
    restoreExit();
    restoreError();
  }
}

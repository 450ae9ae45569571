// Commands under test: arguments from a command line, and what a command writes.
import assert from "node:assert/strict";
import type { Arguments, Command, Io } from "../../sdk/cli/command.ts";
import { parseCommandLine } from "../../sdk/cli/parse.ts";

/** Parses a command line as the program does. */
export function argumentsOf(command: Command, line: readonly string[]): Arguments {
  const parsed = parseCommandLine(command, line);
  assert.ok(!parsed.help);
  return parsed.args;
}

/** An Io that keeps what is written, and can be told to press Ctrl-C. */
export class TestIo implements Io {
  readonly interactive = false;
  readonly color = false;
  stdout = "";
  stderr = "";
  readonly #controller = new AbortController();
  readonly #waiting = new Set<() => void>();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  out(text: string): void {
    this.stdout += text;
    for (const look of this.#waiting) look();
  }

  err(text: string): void {
    this.stderr += text;
    for (const look of this.#waiting) look();
  }

  interrupt(): void {
    this.#controller.abort();
  }

  /** Resolves with the first match in what is written to either, now or later. */
  until(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no ${String(pattern)} in 60 s, but:\n${this.stdout}\n${this.stderr}`));
      }, 60_000);
      const look = (): void => {
        const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
        if (found === null) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

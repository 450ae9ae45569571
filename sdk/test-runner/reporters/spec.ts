// For people: each test in a line, then what failed.
import type { Backend } from "../../test-api/api.ts";
import type { TestStatus } from "../protocol.ts";
import type { Reporter, TestResult, Totals } from "../results.ts";
import { failureText } from "./failure-text.ts";

const MARKS: Readonly<Record<TestStatus, readonly [mark: string, color: string]>> = {
  passed: ["✔", "32"],
  failed: ["✖", "1;31"],
  skipped: ["○", "33"],
  todo: ["○", "33"],
  "not applicable": ["○", "36"],
};

const WHERE: Readonly<Record<Backend, string>> = { host: "host", envoy: "Envoy" };

export interface SpecOptions {
  readonly out: (text: string) => void;
  readonly color: boolean;
  /** Histories of tests that passed are shown too. */
  readonly trace: boolean;
  readonly cwd: string;
}

export function specReporter({ out, color, trace, cwd }: SpecOptions): Reporter {
  const failed: TestResult[] = [];
  const paint = (text: string, code: string): string =>
    color ? `\u001b[${code}m${text}\u001b[0m` : text;
  const indented = (text: string, by: string): string => text.replace(/^(?=.)/gm, by);
  return {
    file(source, on, results) {
      out(`${paint(source, "1")} (${WHERE[on]})\n`);
      for (const result of results) {
        const { path, status, milliseconds, reason, history } = result;
        const [mark, code] = MARKS[status];
        const why = status === "passed" || status === "failed" ? "" : `: ${reason ?? status}`;
        const time = paint(`${Math.round(milliseconds)} ms`, "2");
        out(`  ${paint(mark, code)} ${path.join(" > ")}${why}  ${time}\n`);
        if (status === "failed") failed.push(result);
        else if (trace && history !== "") out(`${indented(history, "      ")}\n`);
      }
    },
    end(totals) {
      for (const result of failed) {
        const { path, source, on } = result;
        const title = `${MARKS.failed[0]} ${source} (${WHERE[on]}): ${path.join(" > ")}`;
        out(`\n${paint(title, MARKS.failed[1])}\n${indented(failureText(result, cwd), "  ")}\n`);
      }
      out(`\n${totalsLine(totals)}\n`);
      return Promise.resolve();
    },
  };
}

/** `12 passed, 1 failed, 1 not applicable in 3 files, 1.2 s`. */
export function totalsLine({ counts, files, milliseconds }: Totals): string {
  const parts = Object.entries(counts)
    .filter(([status, number]) => number > 0 || status === "passed")
    .map(([status, number]) => `${number} ${status}`);
  const time = `${(milliseconds / 1000).toFixed(milliseconds < 1000 ? 2 : 1)} s`;
  return `${parts.join(", ")} in ${files} ${files === 1 ? "file" : "files"}, ${time}`;
}

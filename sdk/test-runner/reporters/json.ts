// For programs: all of it as one document.
import type { Backend } from "../../test-api/api.ts";
import type { TestResult, Totals, Reporter } from "../results.ts";

/** What `test --reporter json` prints. */
export interface TestJson extends Totals {
  readonly schema: 1;
  readonly on: readonly Backend[];
  readonly tests: readonly TestResult[];
}

export function jsonReporter(out: (text: string) => void, on: readonly Backend[]): Reporter {
  const tests: TestResult[] = [];
  return {
    file(_source, _on, results) {
      tests.push(...results);
    },
    end(totals) {
      const json: TestJson = { schema: 1, on, ...totals, tests };
      out(`${JSON.stringify(json, null, 2)}\n`);
      return Promise.resolve();
    },
  };
}

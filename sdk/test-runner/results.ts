// What came of the tests, gathered from the processes that ran them.
import type { Backend } from "../test-api/api.ts";
import type { TestEnd, TestStatus } from "./protocol.ts";

/** A test that has ended, and where. */
export interface TestResult extends TestEnd {
  readonly on: Backend;
  /** The test file, relative to the current folder. */
  readonly source: string;
}

export interface Totals {
  readonly files: number;
  readonly milliseconds: number;
  readonly counts: Readonly<Record<TestStatus, number>>;
}

/** Shows results as they come, and what is to be said in the end. */
export interface Reporter {
  /** All results of a test file on one backend. */
  file(source: string, on: Backend, results: readonly TestResult[]): void;
  end(totals: Totals): Promise<void>;
}

export function countByStatus(results: readonly TestResult[]): Record<TestStatus, number> {
  const counts = { passed: 0, failed: 0, skipped: 0, todo: 0, "not applicable": 0 };
  for (const { status } of results) counts[status]++;
  return counts;
}

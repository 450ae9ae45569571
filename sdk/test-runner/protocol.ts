// What the runner and the processes that it runs tests in say to each other.
import type { Stress } from "../compiler/runtime-library.ts";
import type { SourcePlace } from "../errors.ts";
import type { Backend } from "../test-api/api.ts";

/** What one process is to do; it is handed over as the path of a JSON file. */
export interface Plan {
  readonly on: Backend;
  readonly files: readonly BundledTest[];
  readonly stress: Stress;
  readonly envoy: string | null;
  readonly debugging: boolean;
  readonly trace: boolean;
}

/** A test file that Node can run. */
export interface BundledTest {
  /** The author's file, absolute. */
  readonly source: string;
  /** What was made of it, absolute. */
  readonly bundle: string;
}

/** An error, as far as people are shown it. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  /** With the places of the author's own sources. */
  readonly stack: string;
  readonly code: string | null;
  /** The way out, of a ToolError. */
  readonly hint: string | null;
  /** Lines to show as they are, of a ToolError. */
  readonly detail: string | null;
  /** Where in a source, of what knows it better than the stack: what does not compile, a spec's test. */
  readonly place: SourcePlace | null;
  /** What an assertion expected and found, where its message does not show it. */
  readonly expected: string | null;
  readonly actual: string | null;
}

/** What most failures do not have. */
export const NO_FAILURE = {
  stack: "",
  code: null,
  hint: null,
  detail: null,
  place: null,
  expected: null,
  actual: null,
} as const;

export type TestStatus = "passed" | "failed" | "skipped" | "todo" | "not applicable";

/** A test that has ended. */
export interface TestEnd {
  /** Where it was declared: the author's file, or what was made of it. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** Its name, behind those of what it is in. */
  readonly path: readonly string[];
  readonly status: TestStatus;
  readonly milliseconds: number;
  /** Why it was skipped, is not applicable, or is still to do. */
  readonly reason: string | null;
  readonly failure: Failure | null;
  /** What happened to its filters; empty where it had none, or it is not to be shown. */
  readonly history: string;
}

/** What a process tells the runner. */
export type Report =
  | { readonly kind: "test"; readonly test: TestEnd }
  /** A test file loads a filter that is made from these; null where it is not known which file. */
  | { readonly kind: "loads"; readonly source: string | null; readonly files: readonly string[] }
  /** All tests have ended. */
  | { readonly kind: "done" };

// The reporter of node:test within child.ts: tells the runner of each test that has ended. Here errors
// are what was thrown; in the runner's process they would be copies.
import { AssertionError } from "node:assert";
import { join, sep } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { inspect } from "node:util";
import { ToolError } from "../errors.ts";
import { packageRoot } from "../package-root.ts";
import { SpecFailure } from "../spec/failure.ts";
import { takeHistories } from "../test-api/histories.ts";
import { NotApplicable } from "../test-api/not-applicable.ts";
import { currentRun } from "../test-api/test-run.ts";
import { loadedFrom } from "./load-failures.ts";
import { NO_FAILURE } from "./protocol.ts";
import type { Failure, Report, TestEnd, TestStatus } from "./protocol.ts";

type End = Extract<TestEvent, { type: "test:pass" | "test:fail" }>;

/** Called by Node with the events of the tests; prints nothing. */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const path: string[] = [];
  for await (const event of source) {
    if (event.type === "test:start") {
      path.length = event.data.nesting;
      path.push(event.data.name);
    } else if (event.type === "test:pass" || event.type === "test:fail") {
      path.length = event.data.nesting;
      const whole = [...path, event.data.name];
      const history = takeHistories(whole);
      const end = endOf(event, whole);
      if (end === null) continue;
      const wanted = end.status === "failed" || currentRun().trace;
      await send({ kind: "test", test: { ...end, history: wanted ? history : "" } });
    }
  }
  await send({ kind: "done" });
  yield "";
}

/** Resolves when it is on its way: the process may end right after. */
function send(what: Report): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else {
      process.send(what, () => {
        resolve();
      });
    }
  });
}

/** Null for what only holds other tests. */
function endOf(event: End, path: readonly string[]): Omit<TestEnd, "history"> | null {
  const { data } = event;
  const thrown = event.type === "test:fail" ? event.data.details.error : null;
  const kind = thrown === null ? null : failureType(thrown);
  if (kind === "subtestsFailed") return null;
  if (data.details.type === "suite" && thrown === null) return null;
  const error: unknown =
    thrown?.cause instanceof Error || kind === "testCodeFailure" ? thrown?.cause : thrown;
  const [status, reason] = statusOf(event, error);
  return {
    ...placeOf(data, error),
    path,
    status,
    milliseconds: data.details.duration_ms,
    reason,
    failure: status === "failed" ? failureOf(error) : null,
  };
}

function placeOf(data: End["data"], error: unknown): Pick<TestEnd, "file" | "line" | "column"> {
  const unloaded = loadedFrom(error);
  if (unloaded !== null) return { file: unloaded, line: null, column: null };
  return { file: data.file ?? null, line: data.line ?? null, column: data.column ?? null };
}

function failureType(error: Error): string | null {
  return "failureType" in error && typeof error.failureType === "string" ? error.failureType : null;
}

function statusOf({ type, data }: End, error: unknown): [TestStatus, string | null] {
  if (error instanceof NotApplicable) return ["not applicable", error.message];
  const given = (value: string | boolean | undefined): string | null =>
    typeof value === "string" && value !== "" ? value : null;
  if (data.todo !== undefined && data.todo !== false) return ["todo", given(data.todo)];
  if (type === "test:fail") return ["failed", null];
  if (data.skip !== undefined && data.skip !== false) return ["skipped", given(data.skip)];
  return ["passed", null];
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) {
    const message = `thrown: ${inspect(error)}`;
    return { ...NO_FAILURE, name: "Error", message };
  }
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  const { name, message } = error;
  const common = { ...NO_FAILURE, name, message, code, stack: framesOf(error) };
  if (error instanceof ToolError) {
    const { hint = null, detail = null, place = null } = error;
    return { ...common, hint, detail, place };
  }
  if (error instanceof SpecFailure) return { ...common, place: error.place };
  if (!(error instanceof AssertionError)) return common;
  const [expected, actual] = [inspect(error.expected), inspect(error.actual)];
  // What Node has worded itself shows both already.
  const texts = [expected, actual].map((each, at) => {
    const value: unknown = at === 0 ? error.expected : error.actual;
    return typeof value === "string" ? value : each;
  });
  const shown = error.generatedMessage || texts.every((each) => message.includes(each));
  return shown ? common : { ...common, expected, actual };
}

/** This package's own code, where it lies and where its source maps say it was made from. */
const OWN = ["dist", "sdk", "harness"].map((folder) => join(packageRoot(), folder, sep));

/** The frames of the stack, without Node's own and ours. */
function framesOf(error: Error): string {
  const lines = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return lines
    .filter((line) => !line.includes("(node:") && !line.includes("at node:"))
    .filter((line) => !OWN.some((folder) => line.includes(folder)))
    .map((line) => line.trim())
    .join("\n");
}

// The process in which tests run: reads its plan, loads the test files one after the other, and lets
// node:test do the rest. Its reporter is child-reporter.ts.
import { AsyncLocalStorage } from "node:async_hooks";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { setFlagsFromString } from "node:v8";
import { startRun } from "../test-api/test-run.ts";
import { loadFailure } from "./load-failures.ts";
import type { Plan, Report } from "./protocol.ts";

// The compiler builds a filter or two here and is a large module itself: for V8 to optimise it, which it
// begins with at once by default, takes a second more of CPU time than it saves.
setFlagsFromString("--wasm-tiering-budget=300000000");

const plan = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Plan;
const report = (what: Report): void => {
  process.send?.(what);
};
/** The test file that what runs now belongs to. */
const current = new AsyncLocalStorage<string>();

startRun({
  on: plan.on,
  stress: plan.stress,
  envoy: plan.envoy ?? undefined,
  debugging: plan.debugging,
  trace: plan.trace,
  loads: (files) => {
    report({ kind: "loads", source: current.getStore() ?? null, files });
  },
});

for (const { source, bundle } of plan.files) {
  try {
    await current.run(source, () => import(pathToFileURL(bundle).href));
  } catch (error) {
    // A file that cannot be loaded is a failure of its own; the others go on.
    const failure = loadFailure(source, error);
    void test("loading the file", () => {
      throw failure;
    });
  }
}

// Tests that are written with `as-proxy-wasm/testing`, run by the command `test`.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../sdk/package-root.ts";
import type { TestJson } from "../../sdk/test-runner/reporters/json.ts";

/** What `test` with these words says of each test. */
export function runTests(...words: readonly string[]): TestJson {
  const program = join(packageRoot(), "bin", "as-proxy-wasm.mjs");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, "test", ...words, "--reporter", "json"],
    { cwd: packageRoot(), encoding: "utf8", maxBuffer: 1 << 28 },
  );
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout) as TestJson;
}

/** Fails for a test that has failed or was skipped, and for a file none of whose tests has run. */
export function checkOnBoth({ counts, on, tests }: TestJson, files: number): void {
  const failed = tests.filter(({ status }) => status === "failed");
  assert.deepEqual(failed, []);
  assert.equal(counts.skipped + counts.todo, 0);
  assert.deepEqual(on, ["host", "envoy"]);
  for (const where of on) {
    const passed = tests.filter((each) => each.on === where && each.status === "passed");
    assert.equal(new Set(passed.map(({ source }) => source)).size, files, where);
  }
}

/** How many files with tests the examples have: each has one. */
export const EXAMPLES = readdirSync(join(packageRoot(), "examples")).length;
/** The same of conformance/both. */
export const OF_THE_ABI = readdirSync(join(packageRoot(), "conformance", "both")).length;

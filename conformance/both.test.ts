// What the test API is there for: the same tests on the in-process host and in a real Envoy. The examples'
// own, as they ship and where a fault of memory handling would show at once, and those in conformance/both.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../sdk/package-root.ts";
import type { TestJson } from "../sdk/test-runner/reporters/json.ts";

/** What \`test\` with these words says of each test. */
function run(...words: readonly string[]): TestJson {
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
function check({ counts, on, tests }: TestJson, files: number): void {
  const failed = tests.filter(({ status }) => status === "failed");
  assert.deepEqual(failed, []);
  assert.equal(counts.skipped + counts.todo, 0);
  assert.deepEqual(on, ["host", "envoy"]);
  for (const where of on) {
    const passed = tests.filter((each) => each.on === where && each.status === "passed");
    assert.equal(new Set(passed.map(({ source }) => source)).size, files, where);
  }
}

const examples = readdirSync(join(packageRoot(), "examples")).length;
const both = readdirSync(join(packageRoot(), "conformance", "both")).length;

test("the examples' tests, and those of the ABI, pass on both hosts", () => {
  check(run("examples", "conformance/both", "--on", "both"), examples + both);
});

for (const kind of ["collect", "poison"]) {
  test(`the examples' tests pass on both hosts with --stress ${kind}`, () => {
    check(run("examples", "--on", "both", "--stress", kind), examples);
  });
}

// The examples' own tests pass on the in-process host and in a real Envoy, as they ship and where a fault
// of memory handling would show at once.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../sdk/package-root.ts";
import type { TestJson } from "../sdk/test-runner/reporters/json.ts";

/** What `test examples` with these flags says of each test. */
function run(...flags: readonly string[]): TestJson {
  const program = join(packageRoot(), "bin", "as-proxy-wasm.mjs");
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [program, "test", "examples", "--reporter", "json", ...flags],
    { cwd: packageRoot(), encoding: "utf8", maxBuffer: 1 << 28 },
  );
  assert.notEqual(stdout, "", stderr);
  return JSON.parse(stdout) as TestJson;
}

function check({ counts, on, tests }: TestJson, ...wanted: readonly string[]): void {
  const failed = tests.filter(({ status }) => status === "failed");
  assert.deepEqual(failed, []);
  assert.deepEqual(on, wanted);
  assert.equal(counts.skipped + counts.todo, 0);
  // Each has tests that ran, wherever they were to run.
  for (const example of readdirSync(join(packageRoot(), "examples"))) {
    for (const where of wanted) {
      const own = tests.filter((each) => each.on === where && each.source.includes(`/${example}/`));
      assert.ok(
        own.some(({ status }) => status === "passed"),
        `${example} in ${where}`,
      );
    }
  }
}

test("the examples' tests pass on both hosts", () => {
  check(run("--on", "both"), "host", "envoy");
});

for (const kind of ["collect", "poison"]) {
  test(`the examples' tests pass on both hosts with --stress ${kind}`, () => {
    check(run("--on", "both", "--stress", kind), "host", "envoy");
  });
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ToolError } from "../errors.ts";
import { packageRoot } from "../package-root.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { loadSpec } from "./index.ts";

const FOLDER = "sdk/spec/fixtures";

/** What a test of a spec says when it fails; null when it passes. */
function failureOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.stack ?? "";
  }
}

test("tests have the names of their groups, and pass each in an instance of its own, in any order", async () => {
  const tests = await loadSpec(`${FOLDER}/passing.spec.ts`, { cwd: packageRoot() });
  assert.deepEqual(
    tests.map(({ name }) => name),
    [
      "before any group",
      "a group > runs what comes before each, in an instance of its own",
      "a group > sees nothing of the test before it",
      "a group > in a group > knows its path",
      "values are compared as a reader would",
      "what must trap, traps",
      "the SDK's helpers work without a host",
    ],
  );
  for (const { name, run } of [...tests, ...tests.toReversed()]) {
    assert.equal(failureOf(run), null, name);
  }
});

/** By the test's name: what its failure says before the place. */
const FAILURES: ReadonlyMap<string, string> = new Map([
  ["a value", 'AssertionError: expect(...).toBe(...)\n  actual:   "a-b"\n  expected: "a\\"b\\n"\n'],
  [
    "a list",
    'AssertionError: expect(...).toEqual(...)\n  actual:   ["a", "b"]\n  expected: ["a"]\n',
  ],
  ["a negation", "AssertionError: expect(...).not.toBe(...)\n  actual:   7\n  expected: 7\n"],
  ["no trap", "AssertionError: expectTrap(...)\n  actual:   no trap\n  expected: a trap\n"],
  [
    "another trap",
    'AssertionError: expectTrap(...)\n  actual:   "unreachable"\n  expected: "out of range"\n',
  ],
  ["a trap", "Error: the test trapped: Index out of range\n"],
  ["a throw", "Error: the test trapped: thrown: ünïcödé\n"],
  ["a host call", "Error: the test trapped: proxy_log is a host call, and a spec has no host: "],
]);

test("a failure says what was expected, and shows the line of the spec", async () => {
  const file = `${FOLDER}/failing.spec.ts`;
  const source = readFileSync(join(packageRoot(), file), "utf8").split("\n");
  const tests = await loadSpec(file, { cwd: packageRoot() });
  assert.equal(tests.length, FAILURES.size);
  for (const [kind, message] of FAILURES) {
    const found = tests.find(({ name }) => name.endsWith(kind));
    assert.ok(found !== undefined, kind);
    const failure = failureOf(found.run) ?? "";
    assert.ok(failure.startsWith(message), failure);
    const line = source.findIndex((text) => text.endsWith(`// ${kind}`)) + 1;
    assert.match(failure, new RegExp(`^  at ${file.replaceAll(".", "\\.")}:${line}:\\d+`, "m"));
    assert.match(failure, new RegExp(`^ *${line} \\|.*// ${kind}$`, "m"));
  }
});

// asc gives top-level code no places.
test("top-level code that traps is told with its file", async () => {
  const error = await loadSpec(`${FOLDER}/broken-start.spec.ts`, { cwd: packageRoot() }).catch(
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Error);
  assert.match(error.message, /^the start of the spec trapped: Index out of range\n/);
  assert.match(error.message, /^ {2}broken-start\.spec +\?$/m);
});

test("what does not compile is told with its place", async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(
    join(folder, "typo.spec.ts"),
    'import { expect, test } from "as-proxy-wasm/spec";\ntest("x", () => { expect(1).toBee(1); });\n',
  );
  const error = await loadSpec("typo.spec.ts", { cwd: folder }).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof ToolError);
  assert.equal(error.code, "ERR_COMPILE");
  assert.equal(error.place?.line, 2);
});

test("a spec without tests has none, and one that is not there is an error", async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, "empty.spec.ts"), "export const nothing = 0;\n");
  assert.deepEqual(await loadSpec("empty.spec.ts", { cwd: folder }), []);
  await assert.rejects(loadSpec("absent.spec.ts", { cwd: folder }), { code: "ERR_FILE_NOT_FOUND" });
});

test("a test that does not end is stopped, and the others run", async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(
    join(folder, "endless.spec.ts"),
    `import { test } from "as-proxy-wasm/spec";
test("endless", () => { while (true) {} });
test("short", () => {});
`,
  );
  const [endless, short] = await loadSpec("endless.spec.ts", { cwd: folder, timeLimit: 1000 });
  assert.ok(endless !== undefined && short !== undefined);
  assert.throws(endless.run, {
    code: "ERR_TEST_TIMEOUT",
    message: "the test did not end: no return within 1000 ms",
  });
  assert.equal(failureOf(short.run), null);
});

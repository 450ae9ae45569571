// The command `test` as people start it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Guest } from "../sdk/host/testing.ts";
import { packageRoot } from "../sdk/package-root.ts";
import type { TestJson } from "../sdk/test-runner/reporters/json.ts";
import { temporaryFolder } from "../sdk/testing/temporary-folder.ts";

/** A filter that needs no compiler: it answers 403 to all. */
const GUEST = new Guest();
GUEST.on(
  "proxy_on_request_headers",
  `(drop (call $proxy_send_local_response (i32.const 403) ${GUEST.text("")} ${GUEST.text("no")} (i32.const 0) (i32.const 0) (i32.const -1)))`,
  1,
);

const IMPORTS = `import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadFilter } from "as-proxy-wasm/testing";
`;
const PASSING = `${IMPORTS}
const wanted: number = 403;
test("the filter refuses", async (t) => {
  const filter = await loadFilter(t, "./filter.wasm");
  assert.equal((await filter.request()).status, wanted);
});
`;
const MIXED = `${IMPORTS}
describe("mixed", () => {
  test("fails", async (t) => {
    const filter = await loadFilter(t, "./filter.wasm");
    assert.equal((await filter.request({ path: "/orders" })).status, 200);
  });
  test("is skipped", { skip: "for a reason" }, () => {});
  test("needs Envoy", async (t) => {
    const filter = await loadFilter(t, "./filter.wasm");
    filter.needs("a real Envoy");
  });
});
`;

interface Project {
  readonly folder: string;
  /** Where its caches are. */
  readonly caches: string;
  readonly start: (...words: readonly string[]) => ChildProcess;
  readonly run: (...words: readonly string[]) => Promise<Outcome>;
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function project(t: TestContext, files: Readonly<Record<string, string>>): Promise<Project> {
  const folder = await temporaryFolder(t);
  const caches = join(folder, "caches");
  const tests = join(folder, "project");
  await mkdir(tests);
  await writeFile(join(tests, "filter.wasm"), GUEST.wasm());
  for (const [name, text] of Object.entries(files)) await writeFile(join(tests, name), text);
  const start = (...words: readonly string[]): ChildProcess => {
    const program = join(packageRoot(), "bin", "as-proxy-wasm.mjs");
    const child = spawn(process.execPath, [program, "test", ...words], {
      cwd: tests,
      env: { ...process.env, XDG_CACHE_HOME: caches },
    });
    t.after(() => child.kill("SIGKILL"));
    return child;
  };
  return {
    folder: tests,
    caches,
    start,
    run: (...words) => outcomeOf(start(...words)),
  };
}

async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}

/** Resolves with what a process has printed once it fits, and forgets it. */
function printed(child: ChildProcess): (pattern: RegExp) => Promise<string> {
  let text = "";
  let look = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      look();
    });
  }
  return (pattern) =>
    new Promise((resolve, reject) => {
      child.once("close", () => {
        reject(new Error(`it ended, with no ${String(pattern)} in:\n${text}`));
      });
      look = () => {
        if (!pattern.test(text)) return;
        const found = text;
        text = "";
        look = () => undefined;
        resolve(found);
      };
      look();
    });
}

test("tests that pass end with 0, and leave nothing but the cache", async (t) => {
  const { run, caches } = await project(t, { "one.test.ts": PASSING, "two.test.mts": PASSING });
  const { code, stdout, stderr } = await run();
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /^one\.test\.ts \(host\)\n {2}✔ the filter refuses/m);
  assert.match(stdout, /^2 passed in 2 files, \d/m);
  const left = await readdir(join(caches, "as-proxy-wasm"));
  assert.deepEqual(
    left.filter((name) => name.startsWith("tests-")),
    [],
  );
});

test("a failure is shown in each form, with its line and what the filter did", async (t) => {
  const { run } = await project(t, { "mixed.test.ts": MIXED });
  for (const [form, ...patterns] of [
    [
      "spec",
      /✖ mixed > fails/,
      /○ mixed > is skipped: for a reason/,
      /○ mixed > needs Envoy: not applicable on the host: needs a real Envoy/,
      /403 !== 200/,
      /^ {2}mixed\.test\.ts:8:12$/m,
      /8 \| {5}assert\.equal\(/,
      /stream 1, GET \/orders: 403\n {4}proxy_on_request_headers: StopIteration\n {6}proxy_send_local_response: Ok/,
      /0 passed, 1 failed, 1 skipped, 1 not applicable in 1 file/,
    ],
    [
      "tap",
      /^ {4}not ok 1 - mixed > fails$/m,
      /^ {4}ok 3 - mixed > needs Envoy # SKIP not applicable/m,
      /^not ok 1 - mixed\.test\.ts \(host\)$/m,
      /^# not applicable 1$/m,
    ],
    ["junit", /<testsuite name="mixed\.test\.ts \(host\)"/, /<failure type="testCodeFailure"/],
    ["github", /^::error file=mixed\.test\.ts,line=8,col=12,title=mixed > fails \(host\)::/m],
    ["json", /"status": "not applicable"/],
  ] as const) {
    const { code, stdout, stderr } = await run("--reporter", form);
    assert.equal(code, 1, stderr);
    for (const pattern of patterns) assert.match(stdout, pattern);
    if (form !== "json") continue;
    const { counts, tests } = JSON.parse(stdout) as TestJson;
    assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 1, todo: 0, "not applicable": 1 });
    assert.match(tests[0]?.failure?.stack ?? "", /mixed\.test\.ts:8:12/);
  }
});

test("each way to go wrong has its exit code, and says what to do", async (t) => {
  const { run, folder } = await project(t, {
    "exits.test.ts": `${IMPORTS}test("ends all", () => { process.exit(0); });`,
    "throws.test.ts": `${IMPORTS}throw new Error("at the top");`,
  });
  await mkdir(join(folder, "none"));
  await writeFile(join(folder, "broken.test.ts"), "const = import.meta.url;\n");
  for (const [words, code, pattern] of [
    [["none"], 2, /there are no test files/],
    [["nowhere"], 2, /there is no file or folder nowhere/],
    [["filter.wasm"], 2, /filter\.wasm is no test file/],
    [["--on", "moon"], 2, /--on wants one of host, envoy, both, not moon/],
    [["--reporter", "xml"], 2, /--reporter wants one of spec, tap/],
    [["exits.test.ts"], 1, /the process that ran the tests ended before they did \(exit code 0\)/],
    [["throws.test.ts"], 1, /Error: at the top/],
    [["broken.test.ts"], 1, /ERR_COMPILE.*\n {4}at broken\.test\.ts:1:7/],
    [["--on", "envoy", "--envoy", "nothing", "throws.test.ts"], 3, /ERR_NO_ENVOY/],
  ] as const) {
    const outcome = await run(...words);
    assert.match(outcome.stdout + outcome.stderr, pattern);
    assert.equal(outcome.code, code, words.join(" "));
  }
});

test("watching runs what a change concerns, what failed by f, and ends by q", async (t) => {
  const { start, folder } = await project(t, { "one.test.ts": PASSING, "mixed.test.ts": MIXED });
  const child = start("--watch");
  const until = printed(child);
  assert.match(await until(/watching:/), /1 passed, 1 failed.* in 2 files/);

  await writeFile(join(folder, "one.test.ts"), PASSING.replace("403", "404"));
  assert.match(await until(/watching:/), /403 !== 404[^]*0 passed, 1 failed in 1 file,/);
  await writeFile(join(folder, "one.test.ts"), PASSING);
  assert.match(await until(/watching:/), /1 passed in 1 file,/);
  child.stdin?.write("f\n");
  assert.match(await until(/watching:/), /0 passed, 1 failed.* in 1 file,/);
  // The filter of both.
  await writeFile(join(folder, "filter.wasm"), GUEST.wasm());
  assert.match(await until(/watching:/), /1 passed, 1 failed.* in 2 files,/);
  await writeFile(join(folder, "new.test.ts"), PASSING);
  assert.match(await until(/watching:/), /1 passed in 1 file,/);
  await writeFile(join(folder, "new.test.ts"), "const = 1;");
  assert.match(await until(/watching:/), /ERR_COMPILE/);
  await writeFile(join(folder, "new.test.ts"), PASSING);
  assert.match(await until(/watching:/), /1 passed in 1 file,/);
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stdin?.write("q\n");
  assert.equal(await ended, 0);
});

test("a spec runs again when what it imports changes, and when that mends what did not compile", async (t) => {
  const { start, folder } = await project(t, {
    "one.test.ts": PASSING,
    "shared.spec.ts": `import { expect, test } from "as-proxy-wasm/spec";
import { five } from "./lib/five";
test("five", () => { expect(five()).toBe(5); });
`,
  });
  const five = join(folder, "lib", "five.ts");
  await mkdir(join(folder, "lib"));
  await writeFile(five, "export function five(): i32 { return 5; }\n");
  const child = start("--watch");
  const until = printed(child);
  assert.match(await until(/watching:/), /2 passed in 2 files,/);
  await writeFile(five, "export function five(): i32 { return 6; }\n");
  assert.match(await until(/watching:/), /actual: +6\n[^]*0 passed, 1 failed in 1 file,/);
  await writeFile(five, "export function five(): i32 { return x; }\n");
  assert.match(
    await until(/watching:/),
    /shared\.spec\.ts \(host\): loading the file\n {2}error ERR_COMPILE: .*\n {4}at lib\/five\.ts:1:38\n/,
  );
  await writeFile(five, "export function five(): i32 { return 5; }\n");
  assert.match(await until(/watching:/), /1 passed in 1 file,/);
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stdin?.write("q\n");
  assert.equal(await ended, 0);
});

test("what does not compile is told with its place, to CI systems too, and the others run", async (t) => {
  const { run, folder } = await project(t, {
    "a.test.ts": PASSING,
    "b.test.ts": "const = 1;\n",
    "c.test.ts": `${IMPORTS}test("builds", async (t) => { await loadFilter(t, "./broken.ts"); });\n`,
    "d.spec.ts": `import { expect, test } from "as-proxy-wasm/spec";
test("two", () => { expect(1).toBe(2); });
`,
    "e.spec.ts": 'import { test } from "as-proxy-wasm/spec";\ntest("x", () => { y(); });\n',
  });
  await writeFile(join(folder, "broken.ts"), "export const x: i32 = y;\n");
  for (const [form, ...patterns] of [
    // Each compiles what is broken anew: the one for GitHub has the lines for people too.
    [
      "github",
      /^✖ b\.test\.ts \(host\): loading the file\n {2}error ERR_COMPILE: .*\n {4}at b\.test\.ts:1:7$/m,
      /^✖ c\.test\.ts \(host\): builds\n {2}error ERR_COMPILE: .*\n {4}at broken\.ts:1:23$/m,
      /^✖ d\.spec\.ts \(host\): two\n {2}AssertionError: expect\(\.\.\.\)\.toBe\(\.\.\.\)$/m,
      /^✖ e\.spec\.ts \(host\): loading the file\n {2}error ERR_COMPILE: .*\n {4}at e\.spec\.ts:2:19$/m,
      /^1 passed, 4 failed in 5 files/m,
      /^::error file=b\.test\.ts,line=1,col=7,title=loading the file \(host\)::/m,
      /^::error file=broken\.ts,line=1,col=23,title=builds \(host\)::/m,
      /^::error file=d\.spec\.ts,line=2,col=21,title=two \(host\)::/m,
      /^::error file=e\.spec\.ts,line=2,col=19,title=loading the file \(host\)::/m,
    ],
    [
      "junit",
      /message="expect\(\.\.\.\)\.toBe\(\.\.\.\) actual: +1 expected: 2">\nAssertionError: expect/,
      /^error ERR_COMPILE: [^\n]*\n {2}at e\.spec\.ts:2:19$/m,
    ],
  ] as const) {
    const { code, stdout, stderr } = await run("--reporter", form);
    assert.equal(code, 1, stderr);
    for (const pattern of patterns) assert.match(stdout, pattern);
    assert.doesNotMatch(stdout, /null:null|toCompileError|node:internal/, form);
  }
});

test("a file that cannot be loaded is told by its own name, behind one that passes", async (t) => {
  const { run } = await project(t, {
    "a.test.ts": PASSING,
    "b.test.ts": `${IMPORTS}throw new Error("at the top");`,
    "c.test.ts": PASSING,
    "d.test.ts": `${IMPORTS}throw "no error";`,
  });
  const { tests } = JSON.parse((await run("--reporter", "json")).stdout) as TestJson;
  const failed = tests.filter(({ status }) => status === "failed");
  assert.deepEqual(failed.map(({ source }) => source).sort(), ["b.test.ts", "d.test.ts"]);
  assert.equal(tests.length, 4);
});

test("Ctrl-C ends a run at once, and what it started", async (t) => {
  const { start, caches } = await project(t, {
    "hangs.test.ts": `${IMPORTS}
test("hangs", async () => {
  console.log("pid " + process.pid);
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});`,
  });
  const child = start();
  const pid = Number(/pid (\d+)/.exec(await printed(child)(/pid \d+\n/))?.[1]);
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGINT");
  assert.equal(await ended, 130);
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  assert.deepEqual(await readdir(join(caches, "as-proxy-wasm")), []);
});

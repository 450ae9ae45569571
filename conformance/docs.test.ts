// What README and the examples' READMEs tell a reader to do is done here, in order.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { cachedBuild } from "../sdk/compiler/cached-build.ts";
import { packageRoot } from "../sdk/package-root.ts";
import { temporaryFolder } from "../sdk/testing/temporary-folder.ts";
import { blocksOf, follow, freePort } from "./support/markdown.ts";
import { runTests } from "./support/own-tests.ts";

const root = packageRoot();
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const examples = readdirSync(join(root, "examples"));

test("the two commands on top of README are what CI runs", () => {
  const [first] = blocksOf(read("README.md"));
  const commands = first?.text
    .trim()
    .split("\n")
    .flatMap((line) => line.replace(/\s*#.*/, "").split(" && "));
  const ci = read(".ci/run").split("\n");
  for (const command of commands ?? []) assert.ok(ci.includes(command), command);
  assert.equal(commands?.length, 4);
});

test("a reader of README gets from an empty folder to a measured filter", async (t) => {
  const folder = await temporaryFolder(t);
  const packed = execFileSync(
    "npm",
    ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder],
    { cwd: root },
  ).toString();
  const tarball = join(folder, packed.trim());
  const project = join(folder, "my-filter");
  await mkdir(project);
  const [, ...blocks] = blocksOf(read("README.md"));
  const [filter, itsTest] = blocks.filter(({ language }) => language === "ts");
  assert.ok(filter !== undefined && itsTest !== undefined);
  await writeFile(join(project, "filter.ts"), filter.text);
  await writeFile(join(project, "filter.test.ts"), itsTest.text);
  const editor = blocks.find(({ language }) => language === "json");
  assert.ok(editor);
  await writeFile(join(project, "tsconfig.json"), editor.text);
  const port = await freePort();
  await follow(blocks, project, (line) =>
    line
      .replace("npm install as-proxy-wasm", `npm install --no-audit --no-fund ${tarball}`)
      .replaceAll("10000", String(port)),
  );
  assert.deepEqual(editorProblems(project), []);
});

/** What an editor would mark in the author's own file. */
function editorProblems(project: string): string[] {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const { stdout } = spawnSync(process.execPath, [tsc, "--noEmit", "-p", project], {
    cwd: project,
    encoding: "utf8",
  });
  return stdout.split("\n").filter((line) => line.startsWith("filter.ts"));
}

test("the TCP filter of docs/testing.md passes its tests on both hosts", async (t) => {
  const folder = await temporaryFolder(t);
  const [filter, itsTest] = blocksOf(read("docs/testing.md")).filter(
    ({ language }) => language === "ts",
  );
  assert.ok(filter !== undefined && itsTest !== undefined);
  await writeFile(join(folder, "filter.ts"), filter.text);
  await writeFile(join(folder, "filter.test.ts"), itsTest.text);
  const { counts, tests } = runTests(folder, "--on", "both");
  assert.deepEqual(
    tests.filter(({ status }) => status === "failed"),
    [],
  );
  assert.deepEqual([counts.passed, counts["not applicable"]], [5, 1]);
});

for (const example of examples) {
  test(`a reader of the README of ${example} sees what it says`, async () => {
    const blocks = blocksOf(read(`examples/${example}/README.md`));
    assert.ok(blocks.some(({ language }) => language === "text"));
    const port = await freePort();
    await follow(blocks, root, (line) => line.replaceAll("10000", String(port)));
  });

  test(`the configuration that ${example} has for an Envoy of one's own is valid`, async (t) => {
    const folder = await temporaryFolder(t);
    const { wasm } = await cachedBuild({ entry: `examples/${example}`, cwd: root, debug: true });
    await mkdir(join(folder, "build"));
    await writeFile(join(folder, "build", `${example}.wasm`), wasm);
    await copyFile(join(root, "examples", example, "envoy.yaml"), join(folder, "envoy.yaml"));
    const { path } = await locateEnvoy();
    const output = execFileSync(path, ["--mode", "validate", "-c", "envoy.yaml"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    assert.match(output.toString(), /configuration 'envoy.yaml' OK/);
  });
}

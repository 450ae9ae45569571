// The program as people start it: bundled, in a process of its own.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { ExitCode } from "../sdk/errors.ts";
import { inspectModule } from "../sdk/inspect/inspect.ts";
import { packageRoot } from "../sdk/package-root.ts";
import { bundleProgram } from "./testing.ts";
import type { Program } from "./testing.ts";

let program: Program;

before(async () => {
  program = await bundleProgram();
});

after(() => program.remove());

function run(...words: string[]): { exit: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program.path, ...words], {
    encoding: "utf8",
    cwd: program.folder,
  });
  return { exit: status, stdout, stderr };
}

test("the help lists the commands", () => {
  const { exit, stdout, stderr } = run("--help");
  assert.deepEqual([exit, stderr], [ExitCode.Ok, ""]);
  const commands = Array.from(stdout.matchAll(/^ {2}(\w+) {2,}\w/gm), ([, name]) => name);
  assert.deepEqual(commands, ["build", "inspect", "test", "run", "dev", "bench"]);
});

test("every command has help with examples of itself", () => {
  for (const command of ["build", "inspect", "test", "run", "dev", "bench"]) {
    const { exit, stdout } = run(command, "--help");
    assert.equal(exit, ExitCode.Ok);
    assert.match(stdout, new RegExp(`^usage: as-proxy-wasm ${command} `, "m"));
    assert.match(stdout, new RegExp(`^ {2}as-proxy-wasm ${command} `, "m"));
  }
});

test("no command loads the compiler before it builds", async () => {
  const loaded = await staticallyImported(program.path);
  assert.ok(loaded.size > 10);
  for (const name of ["assemblyscript", "assemblyscript/asc", "binaryen", "esbuild"]) {
    assert.ok(!loaded.has(name), name);
  }
});

/** All that a module imports when it is loaded, by path or by the name of a package. */
async function staticallyImported(file: string, found = new Set<string>()): Promise<Set<string>> {
  const text = await readFile(file, "utf8");
  for (const [, name = ""] of text.matchAll(/^(?:import|\} from|export)\b[^;"]*"([^"]+)";$/gm)) {
    const path = name.startsWith(".") ? join(dirname(file), name) : name;
    if (found.has(path)) continue;
    found.add(path);
    if (path !== name) await staticallyImported(path, found);
  }
  return found;
}

test("wrong usage ends with exit code 2", () => {
  const { exit, stdout, stderr } = run("bild");
  assert.deepEqual([exit, stdout], [ExitCode.Usage, ""]);
  assert.match(stderr, /^error ERR_USAGE: there is no command bild: did you mean build\?\n/);
});

test("an example is built and inspected", async () => {
  const source = join(packageRoot(), "examples/noop/filter.ts");
  const built = run("build", source, "-o", "noop.wasm");
  assert.deepEqual([built.exit, built.stdout], [ExitCode.Ok, ""]);
  assert.match(built.stderr, /^noop\.wasm {2}\d/);
  const bytes = await readFile(join(program.folder, "noop.wasm"));
  assert.equal(inspectModule(bytes).abiVersion, "0.2.1");
  const inspected = run("inspect", "noop.wasm");
  assert.deepEqual([inspected.exit, inspected.stderr], [ExitCode.Ok, ""]);
  assert.match(inspected.stdout, /^noop\.wasm {2}[\d,]+ bytes/);
});

test("a file that is no module ends with exit code 1, and with --json as an object", async () => {
  await writeFile(join(program.folder, "text.wasm"), "hello");
  const { exit, stdout, stderr } = run("inspect", "text.wasm", "--json");
  assert.equal(exit, ExitCode.UserCode);
  assert.match(stderr, /^error ERR_NOT_WASM: text\.wasm is no valid WebAssembly module/);
  assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, "ERR_NOT_WASM");
});

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { ExitCode } from "../errors.ts";
import { assemble } from "../inspect/testing.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { inspectCommand } from "./inspect.ts";
import type { InspectJson } from "./inspect.ts";
import { main } from "./main.ts";
import { recordIo } from "./testing.ts";
import type { RecordedIo } from "./testing.ts";

const FILTER = `(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (memory (export "memory") 1 16)
  (table 2 funcref)
  (data (i32.const 16) "hello")
  (func $malloc (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func $marker (export "proxy_abi_version_0_2_1"))
  (func $headers (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (call $log (i32.const 2) (i32.const 16) (i32.const 5)))
    (i32.const 0))
)`;

const REPORT = `FILE  219 bytes, 179 bytes without names

  Proxy-Wasm ABI  0.2.1
  memory          1 page (64 KB), at most 16 pages (1 MB)
  table           2 elements of funcref, no maximum
  globals         0
  functions       3, and 1 imported
  code            26 bytes
  data            13 bytes

imports (1)
  env.proxy_log  (i32, i32, i32) -> i32

exports (4)
  memory                    memory 1 to 16 pages
  malloc                    (i32) -> i32
  proxy_abi_version_0_2_1   () -> ()
  proxy_on_request_headers  (i32, i32, i32) -> i32

sections
          18    8.2 %  type
          19    8.7 %  import
           6    2.7 %  function
           6    2.7 %  table
           6    2.7 %  memory
          74   33.8 %  export
           3    1.4 %  data count
          26   11.9 %  code
          13    5.9 %  data
          40   18.3 %  custom "name"

largest functions
          13  headers
           5  malloc
           2  marker
`;

async function inspect(...words: string[]): Promise<RecordedIo & { readonly exit: ExitCode }> {
  const io = recordIo();
  const exit = await main(["inspect", ...words], [inspectCommand], io);
  return { ...io, stdout: io.stdout, stderr: io.stderr, exit };
}

async function fileOf(t: TestContext, bytes: Uint8Array | string): Promise<string> {
  const file = join(await temporaryFolder(t), "filter.wasm");
  await writeFile(file, bytes);
  return file;
}

test("a module is shown as a table", async (t) => {
  const file = await fileOf(t, assemble(FILTER, true));
  const { exit, stdout, stderr } = await inspect(file);
  assert.equal(stdout, REPORT.replace("FILE", file));
  assert.deepEqual([exit, stderr], [ExitCode.Ok, ""]);
});

test("with --json a module is shown as an object with a version", async (t) => {
  const file = await fileOf(t, assemble(FILTER, true));
  const { exit, stdout, stderr } = await inspect("--json", file);
  assert.deepEqual([exit, stderr], [ExitCode.Ok, ""]);
  const json = JSON.parse(stdout) as InspectJson;
  assert.equal(json.schema, 1);
  assert.equal(json.file, file);
  assert.equal(json.abiVersion, "0.2.1");
  assert.deepEqual(json.problems, []);
  assert.deepEqual(json.imports, [
    { module: "env", name: "proxy_log", kind: "function", type: "(i32, i32, i32) -> i32" },
  ]);
  assert.equal(json.sections.at(-1)?.name, "name");
});

test("what Envoy would refuse is noted, and is no failure of inspect", async (t) => {
  const source = `(module
    (import "env" "console.log" (func (param i32)))
    (import "env" "trace" (func (param i32)))
    (memory (export "memory") 1))`;
  const file = await fileOf(t, assemble(source));
  const { exit, stdout, stderr } = await inspect(file);
  assert.equal(exit, ExitCode.Ok);
  assert.match(stdout, /\n {2}Proxy-Wasm ABI {2}none that Envoy knows\n/);
  assert.equal(
    stderr,
    `Envoy would refuse this module, or crash on it:
  ERR_NO_ABI_MARKER: the module does not tell which version of the Proxy-Wasm ABI it speaks
    hint: Export an empty function proxy_abi_version_0_2_1: Envoy knows 0.1.0, 0.2.0, 0.2.1. Filters that import as-proxy-wasm have it.
  ERR_UNKNOWN_IMPORT: the module imports env.console.log, which Envoy does not have
  ERR_UNKNOWN_IMPORT: the module imports env.trace, which Envoy does not have
    hint: Write to Envoy's log with log.info() of as-proxy-wasm.
  ERR_NO_ALLOCATOR: the module exports neither malloc nor proxy_on_memory_allocate
    hint: Envoy takes memory from there for the results of host calls: export one of them, as (i32) -> i32.
`,
  );
  const { stdout: text } = await inspect(file, "--json");
  const { problems } = JSON.parse(text) as InspectJson;
  assert.deepEqual(
    problems.map(({ code }) => code),
    ["ERR_NO_ABI_MARKER", "ERR_UNKNOWN_IMPORT", "ERR_UNKNOWN_IMPORT", "ERR_NO_ALLOCATOR"],
  );
});

test("names in a module cannot steer the terminal", async (t) => {
  const source = String.raw`(module (memory (export "\1b[2J\0a") 1))`;
  const { stdout } = await inspect(await fileOf(t, assemble(source)));
  assert.match(stdout, /\n {2}\\u\{1b\}\[2J\\u\{a\} {2}memory 1 page\n/);
});

test("a file that is missing or no module has its own message", async (t) => {
  const missing = join(await temporaryFolder(t), "missing.wasm");
  const none = await inspect(missing);
  assert.deepEqual(
    [none.exit, none.stdout, none.stderr],
    [
      ExitCode.Usage,
      "",
      `error ERR_FILE_NOT_FOUND: there is no file ${missing}\nhint: Check the path; \`as-proxy-wasm build\` writes to build/.\n`,
    ],
  );
  const source = await fileOf(t, "export function f(): void {}");
  const text = await inspect(source);
  assert.deepEqual(
    [text.exit, text.stderr],
    [
      ExitCode.UserCode,
      `error ERR_NOT_WASM: ${source} is no valid WebAssembly module: it does not begin with \\0asm (byte 0)\nhint: Name the .wasm file that the compiler wrote.\n`,
    ],
  );
  const folder = await temporaryFolder(t);
  const inFolder = await inspect(folder);
  assert.deepEqual(
    [inFolder.exit, inFolder.stderr],
    [
      ExitCode.UserCode,
      `error ERR_NOT_WASM: ${folder} is a folder\nhint: Name the .wasm file itself.\n`,
    ],
  );
});

test("inspect takes one module", async () => {
  const none = await inspect();
  assert.equal(none.exit, ExitCode.Usage);
  assert.match(none.stderr, /^error ERR_USAGE: inspect needs a \.wasm file\nusage: .+<wasm>/);
  const two = await inspect("a.wasm", "b.wasm");
  assert.equal(two.exit, ExitCode.Usage);
  assert.match(two.stderr, /^error ERR_USAGE: inspect takes one module, and b\.wasm is a second\n/);
});

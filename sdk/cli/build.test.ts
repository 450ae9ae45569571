import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ExitCode } from "../errors.ts";
import { inspectModule } from "../inspect/inspect.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { buildCommand } from "./build.ts";
import type { BuildJson } from "./build.ts";
import { main } from "./main.ts";
import { recordIo } from "./testing.ts";
import type { RecordedIo } from "./testing.ts";

const HELLO = `import { HttpFilter, RequestHeaders, Action, registerHttpFilter } from "as-proxy-wasm";

class Hello extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    headers.set("x-hello", "world");
    return Action.Continue;
  }
}
registerHttpFilter<Hello>("hello");
`;

async function build(...words: string[]): Promise<RecordedIo & { readonly exit: ExitCode }> {
  const io = recordIo();
  const exit = await main(["build", ...words], [buildCommand], io);
  return { ...io, stdout: io.stdout, stderr: io.stderr, exit };
}

test("a build tells in one line where the module is, its size and the time", async (t) => {
  const folder = await temporaryFolder(t);
  const [source, out] = [join(folder, "hello.ts"), join(folder, "out.wasm")];
  await writeFile(source, HELLO);
  const { exit, stdout, stderr } = await build(source, "-o", out);
  assert.deepEqual([exit, stdout], [ExitCode.Ok, ""]);
  const [path, size, callbacks, time, ...more] = stderr.trimEnd().split("  ");
  assert.equal(path, out);
  assert.match(size ?? "", /^\d\.\d KB \(\d\.\d KB without names\)$/);
  assert.equal(callbacks, "1 callback");
  assert.match(time ?? "", /^\d+\.\d s$/);
  assert.deepEqual(more, []);
});

test("with --json a build is told as an object with a version, with --debug there is a source map", async (t) => {
  const folder = await temporaryFolder(t);
  const [source, out] = [join(folder, "hello.ts"), join(folder, "out.wasm")];
  await writeFile(source, HELLO);
  const { exit, stdout } = await build(source, `--out=${out}`, "--json", "--debug");
  assert.equal(exit, ExitCode.Ok);
  const { milliseconds, ...json } = JSON.parse(stdout) as BuildJson;
  const { bytes, bytesWithoutNames } = inspectModule(await readFile(out));
  assert.deepEqual(json, {
    schema: 1,
    out,
    bytes,
    bytesWithoutNames,
    callbacks: ["proxy_on_request_headers"],
    registrations: ["hello"],
  });
  assert.ok(milliseconds > 0);
  assert.ok(existsSync(`${out}.map`));
});

test("a source that does not compile is told with its place, and nothing is written", async (t) => {
  const folder = await temporaryFolder(t);
  const [source, out] = [join(folder, "hello.ts"), join(folder, "out.wasm")];
  await writeFile(source, HELLO.replace("Action.Continue", "Action.Contine"));
  const { exit, stdout, stderr } = await build(source, "-o", out, "--json");
  assert.equal(exit, ExitCode.UserCode);
  assert.match(stderr, /^error ERR_COMPILE: /);
  assert.match(stderr, /hello\.ts:6:/);
  const { error } = JSON.parse(stdout) as { error: { code: string } };
  assert.equal(error.code, "ERR_COMPILE");
  assert.equal(existsSync(out), false);
});

test("build takes one filter, and one that is there", async (t) => {
  const none = await build();
  assert.equal(none.exit, ExitCode.Usage);
  assert.match(none.stderr, /^error ERR_USAGE: build needs a file or a folder\nusage: /);
  const two = await build("a.ts", "b.ts");
  assert.equal(two.exit, ExitCode.Usage);
  assert.match(two.stderr, /^error ERR_USAGE: build takes one filter, and b\.ts is a second\n/);
  const missing = await build(join(await temporaryFolder(t), "missing.ts"));
  assert.equal(missing.exit, ExitCode.Usage);
  assert.match(missing.stderr, /^error ERR_FILE_NOT_FOUND: /);
});

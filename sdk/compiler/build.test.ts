import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { ToolError } from "../errors.ts";
import { inspectModule } from "../inspect/inspect.ts";
import { packageRoot } from "../package-root.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { build } from "./build.ts";

const HELLO = `import { HttpFilter, RequestHeaders, Action, registerHttpFilter } from "as-proxy-wasm";

class Hello extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action {
    headers.set("x-hello", "world");
    return Action.Continue;
  }
}
registerHttpFilter<Hello>("hello");
`;

/** A project folder with the given files. */
async function project(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder(t);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

/** Builds `filter.ts` in a project of its own and returns the error that must come of it. */
async function refusal(
  t: TestContext,
  filter: string,
  more: Record<string, string> = {},
): Promise<ToolError> {
  const cwd = await project(t, { "filter.ts": filter, ...more });
  let error: unknown;
  await build({ entry: "filter.ts", cwd, out: "out.wasm" }).catch(
    (thrown: unknown) => (error = thrown),
  );
  assert.ok(error instanceof ToolError, `expected a ToolError, got ${String(error)}`);
  assert.deepEqual(
    (await readdir(cwd)).sort(),
    ["filter.ts", ...Object.keys(more)].sort(),
    "nothing is left behind",
  );
  return error;
}

const exportsOf = (wasm: Uint8Array): string[] =>
  inspectModule(wasm)
    .exports.map((each) => each.name)
    .sort();

test("the ten-line filter becomes a module with just the callback that it overrides", async (t) => {
  const cwd = await project(t, { "hello/filter.ts": HELLO });
  const result = await build({ entry: "hello", cwd });
  assert.equal(result.name, "hello");
  assert.equal(result.out, join(cwd, "build", "hello.wasm"));
  assert.deepEqual(result.callbacks, ["proxy_on_request_headers"]);
  assert.deepEqual(result.registrations, ["hello"]);
  assert.deepEqual(exportsOf(result.wasm), [
    "_initialize",
    "malloc",
    "memory",
    "proxy_abi_version_0_2_1",
    "proxy_on_request_headers",
  ]);
  assert.deepEqual(Buffer.from(result.wasm), await readFile(result.out));
});

/** What a filter does not use is not in its module: this grows only for a reason, with its commit. */
const HELLO_BYTES = 5232;

test(`hello.wasm is ${HELLO_BYTES} bytes at most and exports only what it needs`, async (t) => {
  const cwd = await temporaryFolder(t);
  const result = await build({ entry: join(packageRoot(), "examples/hello"), cwd });
  const info = inspectModule(result.wasm);
  assert.ok(info.bytesWithoutNames <= HELLO_BYTES, `${info.bytesWithoutNames} bytes`);
  assert.deepEqual(result.callbacks, ["proxy_on_request_headers", "proxy_on_response_headers"]);
  assert.deepEqual(info.imports.map((each) => each.name).sort(), [
    "proxy_define_metric",
    "proxy_increment_metric",
    "proxy_log",
    "proxy_replace_header_map_value",
  ]);
});

test("a filter with fields gets a context for each stream", async (t) => {
  const source = HELLO.replace("extends HttpFilter {", "extends HttpFilter {\n  seen: i32 = 0;");
  const cwd = await project(t, { "filter.ts": source });
  const { callbacks } = await build({ entry: "filter.ts", cwd });
  assert.deepEqual([...callbacks].sort(), [
    "proxy_on_context_create",
    "proxy_on_delete",
    "proxy_on_request_headers",
  ]);
});

test("a plugin's own callbacks are kept", async (t) => {
  const cwd = await project(t, {
    "filter.ts": `import { Configuration, HttpFilter, Plugin, ResponseHeaders, Action, registerPlugin } from "as-proxy-wasm";
class F extends HttpFilter {
  constructor(private plugin: P) { super(); }
  override onResponseHeaders(headers: ResponseHeaders): Action { headers.set("x", this.plugin.text); return Action.Continue; }
  override onLog(): void {}
}
class P extends Plugin {
  text: string = "";
  override onConfigure(configuration: Configuration): bool { this.text = configuration.text(); return true; }
  override createHttpFilter(): HttpFilter { return new F(this); }
}
registerPlugin<P>("p");
`,
  });
  const { callbacks } = await build({ entry: "filter.ts", cwd });
  assert.deepEqual([...callbacks].sort(), [
    "proxy_on_configure",
    "proxy_on_context_create",
    "proxy_on_delete",
    "proxy_on_log",
    "proxy_on_response_headers",
  ]);
});

test("overriding through an alias, a generic base and a subclass of one's own is seen", async (t) => {
  const cwd = await project(t, {
    "filter.ts": `import { HttpFilter as Base, ResponseHeaders, Action, registerHttpFilter } from "as-proxy-wasm";
class Generic<T> extends Base {
  value: T = instantiate<T>();
  override onResponseHeaders(headers: ResponseHeaders): Action { return Action.Continue; }
}
class Middle extends Generic<Array<i32>> {}
class Leaf extends Middle {}
registerHttpFilter<Leaf>("leaf");
`,
  });
  const { callbacks } = await build({ entry: "filter.ts", cwd });
  assert.ok(callbacks.includes("proxy_on_response_headers"));
  assert.ok(!callbacks.includes("proxy_on_request_headers"));
});

test("two registrations keep the check of the root_id, each with streams of its own", async (t) => {
  const cwd = await project(t, { "filter.ts": `${HELLO}registerHttpFilter<Hello>("second");\n` });
  const { callbacks, registrations } = await build({ entry: "filter.ts", cwd });
  assert.deepEqual(registrations, ["hello", "second"]);
  assert.deepEqual([...callbacks].sort(), [
    "proxy_on_configure",
    "proxy_on_context_create",
    "proxy_on_delete",
    "proxy_on_request_headers",
  ]);
});

test("--debug writes a source map that names the author's file", async (t) => {
  const cwd = await project(t, { "filter.ts": HELLO });
  const { sourceMap, out } = await build({ entry: "filter.ts", cwd, debug: true, out: "out.wasm" });
  assert.ok(sourceMap !== null);
  const map = JSON.parse(sourceMap) as { sources: string[] };
  assert.ok(map.sources.includes("filter.ts"), map.sources.join(" "));
  assert.equal(await readFile(`${out}.map`, "utf8"), sourceMap);
});

test("the same source gives the same bytes", async (t) => {
  const cwd = await project(t, { "filter.ts": HELLO });
  const [first, second] = await Promise.all([
    build({ entry: "filter.ts", cwd, out: "1.wasm" }),
    build({ entry: "filter.ts", cwd, out: "2.wasm" }),
  ]);
  assert.deepEqual(first.wasm, second.wasm);
});

test("a type error has a place and a code frame", async (t) => {
  const error = await refusal(t, HELLO.replace('"world"', "42"));
  assert.equal(error.code, "ERR_COMPILE");
  assert.match(error.message, /^AS\d+: Type 'i32' is not assignable to type 'String'/);
  assert.deepEqual(error.place, { file: "filter.ts", line: 5, column: 28 });
  assert.equal(
    error.detail,
    [
      "4 |   override onRequestHeaders(headers: RequestHeaders): Action {",
      '5 |     headers.set("x-hello", 42);',
      "  |                            ~~",
      "6 |     return Action.Continue;",
    ].join("\n"),
  );
});

test("an override that leaves its parameter out gets a hint", async (t) => {
  const source = HELLO.replace("(headers: RequestHeaders)", "()").replace(/headers\.set.*;/, "");
  const error = await refusal(t, source);
  assert.equal(error.code, "ERR_COMPILE");
  assert.match(error.hint ?? "", /all the parameters/);
  assert.deepEqual(error.place, { file: "filter.ts", line: 4, column: 12 });
});

test("a syntax error has a place", async (t) => {
  const error = await refusal(
    t,
    HELLO.replace("return Action.Continue;", "return Action.Continue").replace(
      "class Hello",
      "clas Hello",
    ),
  );
  assert.equal(error.code, "ERR_COMPILE");
  assert.equal(error.place?.file, "filter.ts");
  assert.equal(error.place.line, 3);
});

test("a crash of the compiler is an error like any other", async (t) => {
  // asc 0.28.20 asserts on a type alias as a base class.
  const error = await refusal(
    t,
    HELLO.replace(
      "class Hello extends HttpFilter",
      "type Base = HttpFilter;\nclass Hello extends Base",
    ),
  );
  assert.equal(error.code, "ERR_COMPILE");
  assert.equal(
    error.message,
    "the AssemblyScript compiler crashed during initialize: AssertionError: assertion failed",
  );
});

test("an import that cannot be found is named with a way out", async (t) => {
  const error = await refusal(t, `import { x } from "no-such-package";\n${HELLO}`);
  assert.equal(error.code, "ERR_COMPILE");
  assert.match(error.message, /no-such-package/);
  assert.match(error.hint ?? "", /AssemblyScript sources/);
});

test("a misspelt callback is an error with a guess", async (t) => {
  const error = await refusal(t, HELLO.replace("override onRequestHeaders", "onRequestHeader"));
  assert.equal(error.code, "ERR_UNKNOWN_CALLBACK");
  assert.equal(
    error.message,
    "Hello.onRequestHeader overrides nothing, so nothing would ever call it",
  );
  assert.equal(error.hint, "Did you mean onRequestHeaders?");
  assert.deepEqual(error.place, { file: "filter.ts", line: 4, column: 3 });
});

test("a misspelt callback of a plugin is an error too, with `override` as without", async (t) => {
  const error = await refusal(
    t,
    `import { Configuration, Plugin, registerPlugin } from "as-proxy-wasm";
class P extends Plugin {
  override onConfigured(configuration: Configuration): bool { return true; }
}
registerPlugin<P>("p");
`,
  );
  assert.equal(error.code, "ERR_UNKNOWN_CALLBACK");
  assert.equal(error.hint, "Did you mean onConfigure?");
});

test("a filter that overrides nothing is an error", async (t) => {
  const error = await refusal(
    t,
    `import { HttpFilter, registerHttpFilter } from "as-proxy-wasm";
class Idle extends HttpFilter {}
registerHttpFilter<Idle>("idle");
`,
  );
  assert.equal(error.code, "ERR_NOTHING_OVERRIDDEN");
  assert.equal(error.message, "Idle overrides no callback, so it would do nothing");
  assert.deepEqual(error.place, { file: "filter.ts", line: 2, column: 7 });
});

test("an onTick without a period anywhere is an error; where anything sets one, it is none", async (t) => {
  const ticking = (
    period: string,
  ): string => `import { Configuration, Plugin, registerPlugin } from "as-proxy-wasm";
class Never extends Plugin {
  override onTick(): void {}
}
class Ticking extends Plugin {
  override onTick(): void {}
  override onConfigure(configuration: Configuration): bool {
    ${period}
    return true;
  }
}
registerPlugin<Ticking>("ticking");
`;
  const error = await refusal(t, ticking(""));
  assert.equal(error.code, "ERR_NO_TICK_PERIOD");
  assert.equal(error.message, "Ticking.onTick is never called, for nothing sets a period");
  assert.match(error.hint ?? "", /^Call setTickPeriod\(milliseconds\)/);
  assert.deepEqual(error.place, { file: "filter.ts", line: 6, column: 12 });

  const cwd = await project(t, { "filter.ts": ticking("this.setTickPeriod(1000);") });
  const { callbacks } = await build({ entry: "filter.ts", cwd, out: "out.wasm" });
  assert.ok(callbacks.includes("proxy_on_tick"));
});

test("a file that registers nothing is an error", async (t) => {
  const error = await refusal(t, HELLO.replace(/registerHttpFilter<.*\n$/, ""));
  assert.equal(error.code, "ERR_NO_FILTER");
});

test("two registrations of one name are an error", async (t) => {
  const error = await refusal(t, `${HELLO}registerHttpFilter<Hello>("hello");\n`);
  assert.equal(error.code, "ERR_DUPLICATE_NAME");
  assert.match(error.message, /'hello'/);
});

test("a second copy of the SDK is named", async (t) => {
  const root = packageRoot();
  const copy: Record<string, string> = {};
  for (const name of [
    "index.ts",
    ...(await readdir(join(root, "assembly"), { recursive: true })).map(
      (each) => `assembly/${each}`,
    ),
  ]) {
    if (name.endsWith(".ts") && !name.endsWith(".test.ts"))
      copy[`copy/${name}`] = await readFile(join(root, name), "utf8");
  }
  const cwd = await project(t, {
    "filter.ts": HELLO.replace('"as-proxy-wasm"', '"./copy/index"'),
    ...copy,
  });
  await assert.rejects(build({ entry: "filter.ts", cwd, out: "out.wasm" }), (error: unknown) => {
    assert.ok(error instanceof ToolError);
    assert.equal(error.code, "ERR_TWO_SDKS");
    assert.match(error.message, /'copy\/index'/);
    return true;
  });
  assert.equal(existsSync(join(cwd, "out.wasm")), false);
});

test("an import that Envoy does not have is named", async (t) => {
  const error = await refusal(
    t,
    HELLO.replace('headers.set("x-hello", "world")', "hostMagic()").concat(
      '\n// @ts-ignore: decorator\n@external("env", "proxy_magic")\ndeclare function hostMagic(): void;\n',
    ),
  );
  assert.equal(error.code, "ERR_UNKNOWN_IMPORT");
  assert.match(error.message, /env\.proxy_magic/);
});

test("top-level code that calls the host is an error that names the call", async (t) => {
  const error = await refusal(
    t,
    `${HELLO}import { Counter } from "as-proxy-wasm";\nnew Counter("early").increment();\n`,
  );
  assert.equal(error.code, "ERR_START_TRAP");
  assert.match(error.message, /top-level code calls the host: proxy_define_metric/);
});

test("top-level code that traps is an error with the message and its place", async (t) => {
  const error = await refusal(
    t,
    `${HELLO}const list: i32[] = [];\nif (list[0] == 1) throw new Error("never");\n`,
  );
  assert.equal(error.code, "ERR_START_TRAP");
  assert.match(error.detail ?? "", /Index out of range at ~lib\/array\.ts:\d+:\d+/);
});

test("top-level code may log", async (t) => {
  const cwd = await project(t, {
    "filter.ts": `${HELLO}import { log } from "as-proxy-wasm";\nif (log.enabled(0)) log.info("loaded");\n`,
  });
  const { registrations } = await build({ entry: "filter.ts", cwd });
  assert.deepEqual(registrations, ["hello"]);
});

test("a file or folder that does not exist, or holds no filter, is named", async (t) => {
  const cwd = await project(t, { "empty/readme.txt": "", "notes.txt": "" });
  await assert.rejects(build({ entry: "nowhere", cwd }), {
    code: "ERR_FILE_NOT_FOUND",
    message: "there is no file or folder nowhere",
  });
  await assert.rejects(build({ entry: "empty", cwd }), { code: "ERR_FILE_NOT_FOUND" });
  await assert.rejects(build({ entry: "notes.txt", cwd }), { code: "ERR_USAGE" });
});

test("an output that cannot be written is named", async (t) => {
  const cwd = await project(t, {
    "filter.ts": HELLO,
    taken: "a file where a folder would have to be",
  });
  await assert.rejects(build({ entry: "filter.ts", cwd, out: "taken/out.wasm" }), {
    code: "ERR_FILE_WRITE",
  });
});

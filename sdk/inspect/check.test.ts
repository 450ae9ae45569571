// Each refusal here is one of Envoy 1.40's own, as are the modules that pass. The start section and
// the missing memory are ours: Envoy loads such modules and crashes later.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ToolError } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";
import { checkModule, moduleProblems } from "./check.ts";
import { ABI_VERSIONS, CALLBACKS, HOST_FUNCTIONS, LIFECYCLE, abiMarker } from "./envoy-abi.ts";
import type { AbiVersion } from "./envoy-abi.ts";
import { inspectModule } from "./inspect.ts";
import { assemble, customSection } from "./testing.ts";

const MEMORY = `(memory (export "memory") 1)`;
const ALLOCATOR = `(func (export "malloc") (param i32) (result i32) (i32.const 1024))`;

function marker(version: AbiVersion): string {
  return `(func (export "${abiMarker(version)}"))`;
}

/** A module that Envoy takes, with these parts put into it. */
function filter(parts: string, version: AbiVersion = "0.2.1"): string {
  return `(module ${parts} ${MEMORY} ${marker(version)} ${ALLOCATOR})`;
}

function problems(source: string): readonly ToolError[] {
  return moduleProblems(inspectModule(assemble(source)));
}

/** That the module has one problem: its code, its message, and what its hint has in it. */
function refuses(source: string, code: ErrorCode, message: RegExp, hint: RegExp): void {
  const found = problems(source);
  assert.deepEqual(
    found.map((problem) => problem.code),
    [code],
  );
  assert.match(found[0]?.message ?? "", message);
  assert.match(found[0]?.hint ?? "", hint);
}

function accepts(source: string): void {
  assert.deepEqual(problems(source), []);
  checkModule(inspectModule(assemble(source)));
}

/** A function type in WebAssembly text, from `(i32, i64) -> i32`. */
function declared(signature: string): string {
  const [parameters = "", result = ""] = signature.slice(1).split(") -> ");
  const list = parameters.replaceAll(",", "");
  return `${list === "" ? "" : `(param ${list})`} ${result === "()" ? "" : `(result ${result})`}`;
}

test("a module that imports all that Envoy has, and exports all that Envoy calls, is taken", () => {
  for (const version of ABI_VERSIONS) {
    const imports = HOST_FUNCTIONS.filter((each) => each.versions.includes(version)).map(
      ({ module, name, signature }) =>
        `(import "${module ?? ""}" "${name}" (func ${declared(signature)}))`,
    );
    const exports = [...LIFECYCLE, ...CALLBACKS]
      .filter((each) => each.versions.includes(version))
      .map(({ name, signature }) => {
        const body = signature.endsWith("i32") ? "(i32.const 1024)" : "";
        return `(func (export "${name}") ${declared(signature)} ${body})`;
      });
    accepts(`(module ${imports.join("")} ${MEMORY} ${marker(version)} ${exports.join("")})`);
  }
});

test("an import that Envoy does not have is named, with the one that was meant", () => {
  refuses(
    filter(`(import "env" "proxy_get_header_map_valu" (func (param i32)))`),
    "ERR_UNKNOWN_IMPORT",
    /imports env\.proxy_get_header_map_valu, which Envoy does not have$/,
    /^Did you mean proxy_get_header_map_value\?$/,
  );
  refuses(
    filter(`(import "filter" "proxy_log" (func (param i32 i32 i32) (result i32)))`),
    "ERR_UNKNOWN_IMPORT",
    /imports filter\.proxy_log/,
    /put @external\("env", "proxy_log"\) above its declaration/,
  );
  refuses(
    filter(`(import "filter" "frobnicate" (func))`),
    "ERR_UNKNOWN_IMPORT",
    /imports filter\.frobnicate/,
    /AssemblyScript takes the file for the module/,
  );
});

test("imports that toolchains are known for come with the way out", () => {
  const ways: readonly (readonly [module: string, name: string, hint: RegExp])[] = [
    ["env", "abort", /--use abort=~lib\/as-proxy-wasm\/assembly\/runtime\/abort\/abort/],
    ["env", "seed", /Math\.random\(\) .+ wasi_snapshot_preview1\.random_get/],
    ["env", "trace", /log\.info\(\)/],
    ["env", "console.log", /log\.info\(\)/],
    ["env", "Date.now", /proxy_get_current_time_nanoseconds/],
    ["env", "performance.now", /proxy_get_current_time_nanoseconds/],
    ["env", "Math.sin", /no JavaScript in Envoy/],
    ["wbg", "__wbindgen_throw", /wasm-bindgen/],
    ["gojs", "runtime.wasmExit", /GOOS=wasip1/],
    ["wasi:cli/stdout@0.2.0", "get-stdout", /WASI preview 1/],
  ];
  for (const [module, name, hint] of ways) {
    const source = filter(`(import "${module}" "${name}" (func))`);
    refuses(source, "ERR_UNKNOWN_IMPORT", /which Envoy does not have$/, hint);
  }
});

test("an import of another version of the ABI is refused, with what took its place", () => {
  const imports = (name: string, parameters = ""): string =>
    `(import "env" "${name}" (func ${parameters} (result i32)))`;
  accepts(filter(imports("proxy_continue_request"), "0.1.0"));
  refuses(
    filter(imports("proxy_continue_request")),
    "ERR_UNKNOWN_IMPORT",
    /which Envoy has only for ABI 0\.1\.0, and marks itself as ABI 0\.2\.1$/,
    /^Call proxy_continue_stream with stream type 0 instead\.$/,
  );
  refuses(
    filter(imports("proxy_get_log_level", "(param i32)"), "0.2.0"),
    "ERR_UNKNOWN_IMPORT",
    /only for ABI 0\.2\.1/,
    /^Export proxy_abi_version_0_2_1 in place of/,
  );
  refuses(
    filter(imports("proxy_continue_stream", "(param i32)"), "0.1.0"),
    "ERR_UNKNOWN_IMPORT",
    /only for ABI 0\.2\.0 and 0\.2\.1/,
    /^Export proxy_abi_version_0_2_1 in place of/,
  );
});

test("an import or a callback of another type than Envoy's is refused with both types", () => {
  refuses(
    filter(`(import "env" "proxy_log" (func (param i32 i32)))`),
    "ERR_WRONG_SIGNATURE",
    /imports env\.proxy_log as \(i32, i32\) -> \(\), and Envoy has \(i32, i32, i32\) -> i32$/,
    /Declare the import/,
  );
  const headers = `(func (export "proxy_on_request_headers") (param i32 i32) (result i32) (i32.const 0))`;
  accepts(filter(headers, "0.1.0"));
  refuses(
    filter(headers),
    "ERR_WRONG_SIGNATURE",
    /exports proxy_on_request_headers as \(i32, i32\) -> i32, and Envoy calls it as \(i32, i32, i32\) -> i32$/,
    /ABI 0\.2\.1/,
  );
});

test("every callback is looked at in the versions of the ABI that have it", () => {
  for (const version of ABI_VERSIONS) {
    for (const { name, versions } of CALLBACKS) {
      const found = problems(filter(`(func (export "${name}") (param f32))`, version));
      const others = CALLBACKS.some(
        (each) => each.name === name && each.versions.includes(version),
      );
      const looked = versions.includes(version) || others;
      assert.equal(found.length, looked ? 1 : 0, `${name} in ${version}`);
    }
  }
});

test("of the exports that start a module and allocate in it, only those are looked at that Envoy takes", () => {
  const wrong = (name: string): string => `(func (export "${name}") (param i64))`;
  const initialize = `(func (export "_initialize"))`;
  refuses(filter(wrong("_initialize")), "ERR_WRONG_SIGNATURE", /_initialize/, /type/);
  refuses(filter(wrong("_start")), "ERR_WRONG_SIGNATURE", /_start/, /type/);
  refuses(filter(initialize + wrong("main")), "ERR_WRONG_SIGNATURE", /main/, /type/);
  accepts(filter(initialize + wrong("_start")));
  accepts(filter(wrong("main")));
  accepts(filter(wrong("proxy_on_memory_allocate")));
  accepts(filter(`(global (export "_start") i32 (i32.const 0))`));
});

test("a start section is refused, with the flag that avoids it", () => {
  refuses(
    filter("(func $boot) (start $boot)"),
    "ERR_START_SECTION",
    /has a start section, which runs function \d+ before Envoy is ready/,
    /--exportStart _initialize/,
  );
});

test("a module without a version of the ABI that Envoy knows is refused", () => {
  const unmarked = (exported: string): string => `(module ${MEMORY} ${ALLOCATOR} ${exported})`;
  const hint = /Export an empty function proxy_abi_version_0_2_1/;
  refuses(unmarked(""), "ERR_NO_ABI_MARKER", /does not tell which version/, hint);
  refuses(
    unmarked(`(func (export "proxy_abi_version_0_3_0"))`),
    "ERR_NO_ABI_MARKER",
    /that Envoy does not know: proxy_abi_version_0_3_0$/,
    hint,
  );
  refuses(
    unmarked(`(global (export "proxy_abi_version_0_2_1") i32 (i32.const 0))`),
    "ERR_NO_ABI_MARKER",
    /is a global and no function$/,
    hint,
  );
});

test("a module that Envoy cannot allocate in is refused, and one with the other name is not", () => {
  const withAllocator = (exported: string): string =>
    `(module ${MEMORY} ${marker("0.2.1")} ${exported})`;
  const other = `(func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 1))`;
  accepts(withAllocator(other));
  refuses(withAllocator(""), "ERR_NO_ALLOCATOR", /neither malloc nor/, /\(i32\) -> i32/);
  refuses(
    withAllocator(`(global (export "malloc") i32 (i32.const 0))`),
    "ERR_NO_ALLOCATOR",
    /neither malloc nor/,
    /\(i32\) -> i32/,
  );
});

test("a memory that Envoy cannot reach or make is refused", () => {
  const withMemory = (memory: string): string =>
    `(module ${memory} ${marker("0.2.1")} ${ALLOCATOR})`;
  accepts(withMemory(`(import "env" "memory" (memory 1))`));
  accepts(withMemory(`(memory (export "memory") 16384)`));
  accepts(withMemory(`(memory (export "memory") 1 65536)`));
  refuses(withMemory(""), "ERR_MEMORY", /exports no memory/, /Export the memory/);
  refuses(withMemory("(memory 1)"), "ERR_MEMORY", /exports no memory/, /Export the memory/);
  refuses(
    withMemory(`(memory (export "memory") 16385)`),
    "ERR_MEMORY",
    /begins with 1025 MiB of memory, and Envoy's limit is 1024 MiB$/,
    /smaller/,
  );
  refuses(
    withMemory(`(import "env" "memory" (memory 1 2 shared))`),
    "ERR_MEMORY",
    /shared or of 64 bits/,
    /unshared/,
  );
});

test("imports that are no functions are refused where Envoy has none to give", () => {
  accepts(filter(`(import "env" "table" (table 1 funcref))`));
  refuses(
    filter(`(import "env" "base" (global i32))`),
    "ERR_UNKNOWN_IMPORT",
    /imports the global env\.base/,
    /Link the module/,
  );
  refuses(
    filter(`(import "env" "one" (table 1 funcref)) (import "env" "two" (table 1 funcref))`),
    "ERR_UNKNOWN_IMPORT",
    /imports a second table, env\.two/,
    /Define it/,
  );
});

test("exports and imports of types that crash Envoy are refused, the same types inside are not", () => {
  accepts(filter(`(func (export "f") (param externref f64) (result funcref) (ref.null func))`));
  accepts(
    filter(`(func (param v128 anyref)) (tag $t (param i32)) (global v128 (v128.const i64x2 0 0))`),
  );
  const crashes = (part: string, type: RegExp): void => {
    refuses(filter(part), "ERR_UNSUPPORTED_TYPE", type, /externref/);
  };
  crashes(`(func (export "f") (param v128))`, /export f has the type v128, which crashes Envoy/);
  crashes(`(func (export "f") (param anyref))`, /the type anyref/);
  crashes(`(type $t (func)) (func (export "f") (param (ref null $t)))`, /the type \(ref null \d\)/);
  crashes(`(global (export "g") (mut anyref) (ref.null any))`, /export g has the type anyref/);
  crashes(`(table (export "t") 1 anyref)`, /export t has the type anyref/);
  crashes(`(tag (export "e") (param i32))`, /export e is a tag/);
  crashes(`(import "env" "e" (tag (param i32)))`, /import env\.e is a tag/);
});

test("a damaged name section is refused, as Envoy does and engines do not", () => {
  const damaged = Buffer.concat([
    assemble(filter("")),
    Buffer.from(customSection("name", [1, 40, 1])),
  ]);
  assert.ok(WebAssembly.validate(damaged));
  const [problem] = moduleProblems(inspectModule(damaged));
  assert.equal(problem?.code, "ERR_NOT_WASM");
  assert.match(problem.message, /^the module's name section is damaged: .+ \(byte \d+\)$/);
});

test("of several problems the first is thrown, and the others are in its detail", () => {
  const source = `(module (import "env" "abort" (func)) (func $boot) (start $boot) ${MEMORY} ${marker("0.2.1")})`;
  assert.throws(
    () => {
      checkModule(inspectModule(assemble(source)));
    },
    (error) => {
      assert.ok(error instanceof ToolError);
      assert.equal(error.code, "ERR_UNKNOWN_IMPORT");
      assert.match(error.hint ?? "", /abort/);
      assert.deepEqual(
        error.detail?.split("\n").map((line) => line.replace(/:.*/, "")),
        ["also ERR_START_SECTION", "also ERR_NO_ALLOCATOR"],
      );
      return true;
    },
  );
});

test("a module with very many problems has a hundred of them told", () => {
  const imports = Array.from({ length: 5000 }, (_, index) => `(import "a" "b${index}" (func))`);
  assert.equal(problems(`(module ${imports.join("")})`).length, 100);
});

test("names that would steer a terminal are told with their characters escaped", () => {
  const [problem] = problems(filter(String.raw`(import "env" "\1b[2Jabort\e2\80\ae" (func))`));
  assert.match(problem?.message ?? "", /^the module imports env\.\\u\{1b\}\[2Jabort\\u\{202e\},/);
});

// Modules for abi.test.ts, by what a real Envoy does with them and what they are.
import { abiMarker } from "../../sdk/inspect/envoy-abi.ts";
import { assemble, customSection } from "../../sdk/inspect/testing.ts";
import { INITIALIZE, exported, filter, imported, marker } from "./abi-modules.ts";
import type { Modules } from "./abi-modules.ts";

const LOG = imported("proxy_log", "$log (param i32 i32 i32) (result i32)");
const CALL_LOG = `(drop (call $log (i32.const 2) (i32.const 0) (i32.const 4)))`;
const TIME = imported("proxy_get_current_time_nanoseconds", "$time (param i32) (result i32)");
const CALL_TIME = "(drop (call $time (i32.const 8)))";
const HEADERS_0_1_0 = exported(
  "proxy_on_request_headers",
  "(param i32 i32) (result i32)",
  "(i32.const 0)",
);
const HEADERS = exported(
  "proxy_on_request_headers",
  "(param i32 i32 i32) (result i32)",
  "(i32.const 0)",
);

/** Assembles those that are text. */
function modules(cases: Readonly<Record<string, string | Uint8Array>>): Modules {
  return new Map(
    Object.entries(cases).map(([name, source]) => {
      return [name, typeof source === "string" ? assemble(source) : source];
    }),
  );
}

/** A module with name sections of these contents. */
function named(...contents: readonly (readonly number[])[]): Uint8Array {
  return withSections(...contents.map((each) => customSection("name", each)));
}

function withSections(...sections: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([...assemble(filter("")), ...sections.flat()]);
}

/** What passes the check, and Envoy takes. */
export const TAKEN = modules({
  "the least": filter(""),
  "the least of ABI 0.1.0": filter("", { marker: marker("0.1.0") }),
  "a second marker": filter(HEADERS, { marker: marker("0.2.1") + marker("0.1.0") }),
  "a marker behind one of an unknown version": filter("", {
    marker: exported("proxy_abi_version_0_3_0", "") + marker("0.2.1"),
  }),
  "a marker with a parameter": filter("", {
    marker: exported(abiMarker("0.2.1"), "(param i32) (result i32)", "(i32.const 0)"),
  }),
  "the other allocator": filter("", {
    allocator: exported("proxy_on_memory_allocate", "(param i32) (result i32)", "(i32.const 1024)"),
  }),
  "the other allocator of a wrong type beside malloc": filter(
    exported("proxy_on_memory_allocate", "(param i64) (result i32)", "(i32.const 1024)"),
  ),
  "a callback": filter(HEADERS),
  "a callback in its form of ABI 0.1.0": filter(HEADERS_0_1_0, { marker: marker("0.1.0") }),
  "a callback that Envoy does not know": filter(exported("proxy_on_frob", "(param i32 i32)")),
  "a callback of a later ABI with a wrong type": filter(
    exported("proxy_on_foreign_function", "(param i32)"),
    { marker: marker("0.1.0") },
  ),
  "a callback that is an import": filter(`${LOG} (export "proxy_on_downstream_data" (func $log))`),
  "a global by the name of a callback": filter(
    `(global (export "proxy_on_tick") i32 (i32.const 0))`,
  ),
  "main beside _initialize": filter(
    INITIALIZE + exported("main", "(param i32 i32) (result i32)", "(i32.const 0)"),
  ),
  "main of a wrong type without _initialize": filter(exported("main", "(param i32)")),
  "_start of a wrong type beside _initialize": filter(
    INITIALIZE + exported("_start", "(param i32)"),
  ),
  "a global by the name of main": filter(`(global (export "main") i32 (i32.const 0))`),
  "an import of ABI 0.1.0": filter(imported("proxy_continue_request", "(result i32)"), {
    marker: marker("0.1.0"),
  }),
  "an imported memory": filter("", { memory: `(import "env" "memory" (memory 1))` }),
  "an imported memory that is exported": filter("", {
    memory: `(import "env" "memory" (memory $m 1)) (export "memory" (memory $m))`,
  }),
  "an imported memory by another name": filter("", {
    memory: `(import "host" "ram" (memory 1))`,
  }),
  "an imported memory beside one that is exported": filter("", {
    memory: `(import "env" "memory" (memory 1)) (memory (export "memory") 1)`,
  }),
  "a memory exported by another name": filter("", { memory: `(memory (export "ram") 1)` }),
  "a memory exported twice": filter("", { memory: `(memory (export "memory") (export "m") 1)` }),
  "two exported memories": filter("", {
    memory: `(memory (export "memory") 1) (memory (export "second") 1)`,
  }),
  "a memory of 64 bits": filter("", { memory: `(memory (export "memory") i64 1)` }),
  "a memory of 64 bits, and a host call": filter(LOG + exported("_initialize", "", CALL_LOG), {
    memory: `(memory (export "memory") i64 1)`,
  }),
  "a shared memory": filter("", { memory: `(memory (export "memory") 1 2 shared)` }),
  "a memory of 1 GiB": filter("", { memory: `(memory (export "memory") 16384)` }),
  "a memory that may grow to 4 GiB": filter("", { memory: `(memory (export "memory") 1 65536)` }),
  "a memory that grows at the start": filter(
    exported("_initialize", "", "(drop (memory.grow (i32.const 1)))"),
  ),
  "an imported table": filter(`(import "env" "table" (table 1 funcref))`),
  "an imported table of externref": filter(`(import "env" "table" (table 1 externref))`),
  "an exported table of externref": filter(`(table (export "t") 1 externref)`),
  "an exported table of 64 bits": filter(`(table (export "t") i64 1 funcref)`),
  "a table of ten million": filter("(table 10000000 funcref)"),
  "an exported function of externref and funcref": filter(
    exported("f", "(param externref f64) (result funcref)", "(ref.null func)"),
  ),
  "an exported function of (ref func)": filter(exported("f", "(param (ref func))")),
  "an exported function of (ref extern)": filter(exported("f", "(param (ref extern))")),
  "an exported global that changes": filter(`(global (export "g") (mut f64) (f64.const 1))`),
  "a vector inside": filter(`(func (param v128)) (global v128 (v128.const i64x2 0 0))`),
  "garbage-collected objects inside": filter(
    `(type $s (struct (field i32))) (func (result (ref $s)) (struct.new_default $s))`,
  ),
  "exceptions inside": filter(`(tag $t (param i32)) (func (throw $t (i32.const 1)))`),
  "a tail call": filter(`(func $f (return_call $f))`),
  "an empty name section": named([]),
  "a name": named([1, 4, 1, 0, 1, 97]),
  "a name that is no UTF-8": named([1, 4, 1, 0, 1, 0xff]),
  "a name for a function that there is not": named([1, 8, 1, 0xff, 0xff, 0xff, 0xff, 0x03, 1, 97]),
  "two name sections, the second damaged": named([1, 4, 1, 0, 1, 97], [1, 40]),
  "a custom section": withSections(customSection("x", [])),
});

/** What the check refuses, as Envoy does. */
export const REFUSED = modules({
  "no marker": filter("", { marker: "" }),
  "a marker of an unknown version": filter("", {
    marker: exported("proxy_abi_version_0_3_0", ""),
  }),
  "a callback in its form of the second marker": filter(HEADERS, {
    marker: marker("0.1.0") + marker("0.2.1"),
  }),
  "a marker that is a global": filter("", {
    marker: `(global (export "proxy_abi_version_0_2_1") i32 (i32.const 0))`,
  }),
  "no allocator": filter("", { allocator: "" }),
  "an allocator that is a global": filter("", {
    allocator: `(global (export "malloc") i32 (i32.const 0))`,
  }),
  "an allocator of 64 bits": filter("", {
    allocator: exported("malloc", "(param i64) (result i64)", "(i64.const 0)"),
  }),
  "an unknown import": filter(imported("abort", "(param i32 i32 i32 i32)")),
  "an import from an unknown module": filter(
    `(import "filter" "proxy_log" (func (param i32 i32 i32) (result i32)))`,
  ),
  "an import that WASI has, and Envoy not": filter(
    `(import "wasi_snapshot_preview1" "proc_raise" (func (param i32) (result i32)))`,
  ),
  "an import of a wrong type": filter(imported("proxy_log", "(param i32 i32)")),
  "an imported global": filter(`(import "env" "g" (global i32))`),
  "an import of ABI 0.1.0 in 0.2.1": filter(imported("proxy_continue_request", "(result i32)")),
  "an import of ABI 0.2.1 in 0.2.0": filter(
    imported("proxy_get_log_level", "(param i32) (result i32)"),
    { marker: marker("0.2.0") },
  ),
  "an import of ABI 0.2.0 in 0.1.0": filter(
    imported("proxy_continue_stream", "(param i32) (result i32)"),
    { marker: marker("0.1.0") },
  ),
  "a callback in its form of ABI 0.1.0": filter(HEADERS_0_1_0),
  "a callback of 64 bits": filter(exported("proxy_on_tick", "(param i64)")),
  "Envoy's own callback with a wrong type": filter(exported("envoy_on_resolve_dns", "(param i32)")),
  "_initialize with a parameter": filter(exported("_initialize", "(param i32)")),
  "_start with a parameter": filter(exported("_start", "(param i32)")),
  "main of a wrong type beside _initialize": filter(INITIALIZE + exported("main", "(param i32)")),
  "a memory of more than 1 GiB": filter("", { memory: `(memory (export "memory") 16385)` }),
  "an imported memory of more than 1 GiB": filter("", {
    memory: `(import "env" "memory" (memory 16385))`,
  }),
  "a hidden memory of more than 1 GiB": filter("", { memory: "(memory 16385)" }),
  "an imported memory of 64 bits": filter("", { memory: `(import "env" "memory" (memory i64 1))` }),
  "an imported memory that is shared": filter("", {
    memory: `(import "env" "memory" (memory 1 2 shared))`,
  }),
  "a name section that ends too soon": named([1, 40, 1, 0, 1, 97]),
  "a name section with bytes to spare": named([1, 5, 1, 0, 1, 97, 0]),
  "a name beyond its section": named([1, 4, 1, 0, 9, 97]),
  "more names counted than there are": named([1, 4, 9, 0, 1, 97]),
  "fewer names counted than there are": named([1, 4, 0, 0, 1, 97]),
  "a damaged part of the name section that is not about functions": named([2, 40, 1]),
  "half a name section": named([1]),
  "two name sections, the first damaged": named([1, 40], [1, 4, 1, 0, 1, 97]),
});

/** What the check refuses because Envoy crashes on it. */
export const CRASHING = modules({
  "no memory, and a host call": filter(LOG + exported("_initialize", "", CALL_LOG), { memory: "" }),
  "a start section that calls the host": filter(`${LOG} (func $boot ${CALL_LOG}) (start $boot)`),
  "a start section that asks for the time": filter(
    `${TIME} (func $boot ${CALL_TIME}) (start $boot)`,
  ),
  "an imported tag": filter(`(import "env" "t" (tag (param i32)))`),
  "an exported tag": filter(`(tag (export "t") (param i32))`),
  "an imported table of anyref": filter(`(import "env" "t" (table 1 anyref))`),
  "an imported function of v128": filter(imported("proxy_log", "(param v128)")),
  "an imported function of anyref": filter(imported("proxy_log", "(param anyref)")),
  "an exported global of v128": filter(`(global (export "g") v128 (v128.const i32x4 1 2 3 4))`),
  "an exported global of anyref": filter(`(global (export "g") anyref (ref.null any))`),
  "an exported table of anyref": filter(`(table (export "t") 1 anyref)`),
  "an exported table of a type of its own": filter(
    `(type $t (func)) (table (export "t") 1 (ref null $t))`,
  ),
  "an exported function of garbage-collected objects": filter(
    `(type $s (struct (field i32))) (func (export "f") (result (ref $s)) (struct.new_default $s))`,
  ),
  ...Object.fromEntries(
    [
      "v128",
      "anyref",
      "eqref",
      "i31ref",
      "exnref",
      "nullref",
      "nullfuncref",
      "nullexternref",
      "structref",
      "arrayref",
      "(ref $t)",
      "(ref null $t)",
      "(ref any)",
    ].map((type) => [
      `an exported function of ${type}`,
      filter(`(type $t (func)) ${exported("f", `(param ${type})`)}`),
    ]),
  ),
});

/**
 * What the check refuses because Envoy makes the second in the place of the first, and then uses both:
 * it refuses that or crashes, as it happens.
 */
export const UNDEFINED = modules({
  "two imported memories": filter("", {
    memory: `(import "env" "memory" (memory 1)) (import "env" "memory2" (memory 1))`,
  }),
  "two imported tables": filter(
    `(import "env" "t1" (table 1 funcref)) (import "env" "t2" (table 1 funcref))`,
  ),
});

/** What the check refuses although Envoy takes it: at its first host call it will crash. */
export const CRASHING_LATER = modules({
  // The two of these that call the host are above.
  "no memory": filter("", { memory: "" }),
  "a memory that is not exported": filter("", { memory: "(memory 1)" }),
  "a start section": filter("(func $boot) (start $boot)"),
});

/** What passes the check although Envoy refuses it. */
export const UNSEEN = modules({
  // What a module does when it runs cannot be seen in it. `build` runs what it has built.
  "a trap at the start": filter(exported("_initialize", "", "unreachable")),
  "a host call at the start that is not legal there": filter(
    TIME + exported("_initialize", "", CALL_TIME),
  ),
  "a refusal in proxy_on_vm_start": filter(
    exported("proxy_on_vm_start", "(param i32 i32) (result i32)", "(i32.const 0)"),
  ),
  "a refusal in proxy_on_configure": filter(
    exported("proxy_on_configure", "(param i32 i32) (result i32)", "(i32.const 0)"),
  ),
  // Envoy reads indices of 30 bits there. No engine takes a module of so many functions.
  "a name for function 2^30": named([1, 8, 1, 0x80, 0x80, 0x80, 0x80, 0x04, 1, 97]),
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectModule } from "./inspect.ts";
import type { ModuleInfo } from "./module-info.ts";
import { assemble, customSection, leb, moduleOf, section, text, vector } from "./testing.ts";

const FILTER = `(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_increment_metric" (func $increment (param i32 i64) (result i32)))
  (import "env" "heap" (global $heap (mut i32)))
  (memory (export "memory") 2 16)
  (table 3 funcref)
  (global (export "base") i32 (i32.const 1024))
  (data (i32.const 16) "hello")
  (func $malloc (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func $marker (export "proxy_abi_version_0_2_1"))
  (func $headers (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (call $log (i32.const 2) (i32.const 16) (i32.const 5)))
    (drop (call $increment (i32.const 1) (i64.const 1)))
    (i32.const 0))
)`;

test("a filter's imports and exports are told with their types", () => {
  const info = inspectModule(assemble(FILTER));
  assert.equal(info.abiVersion, "0.2.1");
  assert.deepEqual(info.imports, [
    { module: "env", name: "proxy_log", kind: "function", type: "(i32, i32, i32) -> i32" },
    { module: "env", name: "proxy_increment_metric", kind: "function", type: "(i32, i64) -> i32" },
    { module: "env", name: "heap", kind: "global", type: "mut i32" },
  ]);
  assert.deepEqual(
    info.exports.map(({ name, kind, type }) => `${name}: ${kind} ${type}`),
    [
      "memory: memory 2 to 16 pages",
      "base: global i32",
      "malloc: function (i32) -> i32",
      "proxy_abi_version_0_2_1: function () -> ()",
      "proxy_on_request_headers: function (i32, i32, i32) -> i32",
    ],
  );
});

test("memory and tables are told with what they begin with and may grow to", () => {
  const { memories, tables, globals } = inspectModule(assemble(FILTER));
  assert.deepEqual(memories, [
    {
      initialPages: 2,
      maximumPages: 16,
      initialBytes: 131_072,
      maximumBytes: 1_048_576,
      pageBytes: 65_536,
      memory64: false,
      shared: false,
      imported: false,
    },
  ]);
  assert.deepEqual(tables, [{ type: "funcref", initial: 3, maximum: null, imported: false }]);
  assert.equal(globals, 2);
});

test("the sizes of the sections and the header make up the file", () => {
  for (const names of [false, true]) {
    const bytes = assemble(FILTER, names);
    const { sections } = inspectModule(bytes);
    const total = sections.reduce((sum, each) => sum + each.bytes, 0);
    assert.equal(8 + total, bytes.length);
    for (const [index, each] of sections.entries()) {
      const before = sections[index - 1];
      assert.equal(each.offset, before === undefined ? 8 : before.offset + before.bytes);
    }
  }
});

test("the size without names is that of the module built without them", () => {
  const info = inspectModule(assemble(FILTER, true));
  const bare = assemble(FILTER, false);
  assert.equal(info.bytesWithoutNames, bare.length);
  assert.equal(info.nameSection?.bytes, info.bytes - bare.length);
  assert.equal(info.nameSection.problem, null);
  assert.equal(inspectModule(bare).nameSection, null);
});

test("the largest functions come first, named by the name section or by their export", () => {
  const named = inspectModule(assemble(FILTER, true)).largestFunctions;
  assert.deepEqual(
    named.map(({ index, name }) => [index, name]),
    [
      [4, "headers"],
      [2, "malloc"],
      [3, "marker"],
    ],
  );
  const sizes = named.map(({ bytes }) => bytes);
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => b - a),
  );
  const [exported] = inspectModule(assemble(FILTER)).largestFunctions;
  assert.equal(exported?.name, "proxy_on_request_headers");
});

test("a start section is told with the function that it runs", () => {
  const source = "(module (func $boot (nop)) (start $boot))";
  assert.deepEqual(inspectModule(assemble(source, true)).start, { index: 0, name: "boot" });
  assert.deepEqual(inspectModule(assemble(source)).start, { index: 0, name: null });
  assert.equal(inspectModule(assemble("(module)")).start, null);
});

test("the ABI version is that of the first marker that Envoy knows", () => {
  const version = (exports: string): ModuleInfo["abiVersion"] =>
    inspectModule(assemble(`(module ${exports})`)).abiVersion;
  const marker = (name: string): string => `(func (export "proxy_abi_version_${name}"))`;
  assert.equal(version(marker("0_1_0")), "0.1.0");
  assert.equal(version(marker("0_2_0")), "0.2.0");
  assert.equal(version(marker("0_3_0")), null);
  assert.equal(version(marker("0_3_0") + marker("0_2_0") + marker("0_1_0")), "0.2.0");
  assert.equal(version(`(global (export "proxy_abi_version_0_2_1") i32 (i32.const 0))`), null);
});

test("modules of other languages are read: several memories, 64 bits, vectors, garbage collection, exceptions", () => {
  const info = inspectModule(
    assemble(`(module
      (rec (type $node (sub (struct (field i8) (field (mut (ref null $node))))))
           (type $nodes (array (mut i16))))
      (import "host" "caught" (tag $caught (param i32)))
      (import "host" "objects" (table 1 4 externref))
      (memory (export "small") 1)
      (memory (export "large") i64 1 100)
      (memory (export "threads") 1 2 shared)
      (table (export "nodes") 2 (ref null $node))
      (global (export "vector") v128 (v128.const i32x4 1 2 3 4))
      (global (export "half") (mut f64) (f64.const 0.5))
      (global (export "one") i64 (i64.add (i64.const 1) (i64.const 0)))
      (global (export "made") (ref $node) (struct.new_default $node))
      (global (export "odd") i31ref (ref.i31 (i32.const 7)))
      (export "caught" (tag $caught))
      (func $first (export "first") (param (ref $node)) (result anyref) (local.get 0))
      (func (export "both") (result i32 f32) (i32.const 1) (f32.const 2))
      (func (export "throws") (throw $caught (i32.const 1)))
      (elem declare func $first)
    )`),
  );
  assert.deepEqual(
    info.imports.map(({ name, kind, type }) => `${name}: ${kind} ${type}`),
    ["caught: tag (i32) -> ()", "objects: table externref"],
  );
  assert.deepEqual(Object.fromEntries(info.exports.map(({ name, type }) => [name, type])), {
    small: "1 page",
    large: "1 to 100 pages, memory64",
    threads: "1 to 2 pages, shared",
    nodes: "(ref null 0)",
    vector: "v128",
    half: "mut f64",
    one: "i64",
    made: "(ref 0)",
    odd: "i31ref",
    caught: "(i32) -> ()",
    first: "((ref 0)) -> anyref",
    both: "() -> (i32, f32)",
    throws: "() -> ()",
  });
});

test("a type in a form of tomorrow is shown as ?, and what is before it is not lost", () => {
  const emptyFunction = [0x60, 0x00, 0x00];
  const ofTomorrow = [0x60, 0x01, 0x41, 0x00];
  const bytes = moduleOf(
    section(1, vector(emptyFunction, ofTomorrow, emptyFunction)),
    section(3, vector([0], [1], [2])),
    section(4, vector([0x41, 0x00, 0x01])),
    section(6, vector([0x7f, 0x00, 0x41, 0x00, 0x0b], [0x7f, 0x00, 0xee, 0x0b])),
    section(
      7,
      vector(
        [...text("first"), 0, 0],
        [...text("second"), 0, 1],
        [...text("third"), 0, 2],
        [...text("table"), 1, 0],
        [...text("known"), 3, 0],
        [...text("unknown"), 3, 1],
      ),
    ),
    section(10, vector([2, 0, 0x0b], [2, 0, 0x0b], [2, 0, 0x0b])),
  );
  assert.deepEqual(
    inspectModule(bytes).exports.map(({ name, type }) => `${name} ${type}`),
    ["first () -> ()", "second ?", "third ?", "table ?", "known i32", "unknown ?"],
  );
});

test("a damaged name section is told, and hides nothing else", () => {
  const cutShort = customSection("name", [1, 40, 1]);
  const info = inspectModule(moduleOf(cutShort));
  assert.equal(info.nameSection?.bytes, cutShort.length);
  assert.match(info.nameSection.problem ?? "", /^the name section ends too early \(byte \d+\)$/);
  const overfull = customSection("name", [1, 5, ...vector([0, ...text("f")]), 0]);
  assert.match(
    inspectModule(moduleOf(overfull)).nameSection?.problem ?? "",
    /longer than what it holds/,
  );
});

test("custom sections are listed by their names, as often as they come", () => {
  const bytes = moduleOf(
    customSection("producers", [1, 2, 3]),
    section(1, [0]),
    customSection("producers", []),
  );
  assert.deepEqual(
    inspectModule(bytes).sections.map(({ id, name, bytes: size }) => [id, name, size]),
    [
      [0, "producers", 15],
      [1, "type", 3],
      [0, "producers", 12],
    ],
  );
});

test("pages of a size of their own are counted in bytes", () => {
  const [memory] = inspectModule(moduleOf(section(5, vector([0x09, 10, 20, 0])))).memories;
  assert.deepEqual([memory?.pageBytes, memory?.initialBytes, memory?.maximumBytes], [1, 10, 20]);
});

test("numbers may be written longer than they need to be", () => {
  const padded = [0x81, 0x80, 0x80, 0x80, 0x00];
  const bytes = moduleOf(section(5, [...padded, 0x00, ...padded]));
  assert.equal(inspectModule(bytes).memories[0]?.initialPages, 1);
  assert.deepEqual(leb(300), [0xac, 0x02]);
});

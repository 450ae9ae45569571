// Bytes that are no module, or not quite one. V8 is the judge: what it takes must be read, and read
// the same; whatever else comes, the answer is a module or a ToolError, never anything else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ToolError } from "../errors.ts";
import { inspectModule } from "./inspect.ts";
import type { ModuleInfo } from "./module-info.ts";
import {
  HEADER,
  assemble,
  customSection,
  leb,
  moduleOf,
  section,
  seededRandom,
  text,
  vector,
} from "./testing.ts";

const MODULE = assemble(
  `(module
    (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
    (import "env" "limit" (global $limit i64))
    (import "env" "spare" (table 1 4 externref))
    (memory (export "memory") 1 16)
    (table $table 2 funcref)
    (global $count (mut i32) (i32.const 7))
    (global (export "vector") v128 (v128.const i32x4 1 2 3 4))
    (elem (table $table) (i32.const 0) func $marker)
    (data (i32.const 16) "hello")
    (data $passive "passive")
    (func $boot (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 1)))
    (func $marker (export "proxy_abi_version_0_2_1"))
    (func $both (export "both") (param f32 f64) (result i64 funcref)
      (drop (call $log (i32.const 2) (i32.const 16) (i32.const 5)))
      (global.get $limit) (ref.func $marker))
    (start $boot)
  )`,
  true,
);

/** What reading gave, or null when it was refused as it should be. */
function inspected(bytes: Uint8Array): ModuleInfo | null {
  try {
    return inspectModule(bytes);
  } catch (error) {
    assert.ok(error instanceof ToolError, `threw ${String(error)}`);
    assert.equal(error.code, "ERR_NOT_WASM");
    assert.match(error.message, /^the file is no valid WebAssembly module: .+ \(byte \d+\)$/);
    assert.ok(error.hint);
    return null;
  }
}

/** Checks an answer against V8's; tells whether V8 took the bytes. */
function agreesWithV8(bytes: Uint8Array): boolean {
  const info = inspected(bytes);
  if (!WebAssembly.validate(bytes)) return false;
  assert.ok(info, "V8 takes it, so it has to be read");
  const module = new WebAssembly.Module(bytes);
  assert.deepEqual(
    info.imports.map(({ module: from, name, kind }) => ({ module: from, name, kind })),
    WebAssembly.Module.imports(module).map(({ module: from, name, kind }) => ({
      module: from,
      name,
      kind,
    })),
  );
  assert.deepEqual(
    info.exports.map(({ name, kind }) => ({ name, kind })),
    WebAssembly.Module.exports(module).map(({ name, kind }) => ({ name, kind })),
  );
  return true;
}

/** That reading is refused with a message that says this. */
function refused(bytes: Uint8Array, message: RegExp): void {
  assert.throws(
    () => inspectModule(bytes),
    (error) => {
      assert.ok(error instanceof ToolError);
      assert.equal(error.code, "ERR_NOT_WASM");
      assert.match(error.message, message);
      return true;
    },
  );
}

test("the module that is damaged below is a good one", () => {
  assert.ok(agreesWithV8(MODULE));
});

test("a module that is cut short anywhere is refused, save where what is left is a module", () => {
  for (let length = 0; length < MODULE.length; length++) {
    const cut = MODULE.slice(0, length);
    if (!agreesWithV8(cut)) assert.equal(inspected(cut), null, `cut to ${length} bytes`);
  }
});

test("a module with any one byte changed is read as V8 reads it, or refused", () => {
  for (let offset = 0; offset < MODULE.length; offset++) {
    for (const value of [0x00, 0x01, 0x40, 0x7f, 0x80, 0xff, (MODULE[offset] ?? 0) ^ 1]) {
      const changed = MODULE.slice();
      changed[offset] = value;
      agreesWithV8(changed);
    }
  }
});

test("a module with several bytes changed, cut out or put in is read as V8 reads it, or refused", () => {
  const random = seededRandom(1);
  const below = (limit: number): number => Math.floor(random() * limit);
  let taken = 0;
  for (let round = 0; round < 20_000; round++) {
    const bytes = Array.from(MODULE);
    for (let changes = 1 + below(3); changes > 0; changes--) {
      const offset = 8 + below(bytes.length - 8);
      if (below(2) === 0) bytes[offset] = below(256);
      else bytes.splice(offset, below(3), ...Array.from({ length: below(3) }, () => below(256)));
    }
    if (agreesWithV8(Uint8Array.from(bytes))) taken++;
  }
  assert.ok(taken > 500, `V8 took ${taken}, too few to compare with`);
});

test("random bytes behind a header are refused or read, and nothing else", () => {
  const random = seededRandom(2);
  for (let round = 0; round < 20_000; round++) {
    const length = Math.floor(random() * 64);
    const bytes = Array.from({ length }, () => Math.floor(random() * 256));
    agreesWithV8(Uint8Array.from([...HEADER, ...bytes]));
  }
});

test("what is no WebAssembly is told apart by what it looks like", () => {
  const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
  refused(new Uint8Array(0), /it is empty \(byte 0\)$/);
  refused(bytes("\0as"), /does not begin with \\0asm \(byte 0\)$/);
  refused(bytes("hello, world"), /does not begin with \\0asm \(byte 0\)$/);
  refused(bytes("  (module (memory 1))"), /it is WebAssembly text/);
  refused(bytes("<!doctype html><title>404</title>"), /it is a page of HTML or XML/);
  refused(bytes("version https://git-lfs.github.com/spec/v1\n"), /a pointer to a Git LFS file/);
  refused(Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), /it is compressed with gzip/);
  refused(bytes("PK\u0003\u0004..........."), /it is a zip archive/);
});

test("components and modules of another version are told apart from damage", () => {
  refused(
    Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]),
    /it is a component, and Envoy loads core modules only/,
  );
  refused(
    Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x02, 0x00, 0x00, 0x00]),
    /its version is 2 where 1 is known/,
  );
});

test("numbers that do not fit are refused where they begin", () => {
  const tooLong = [0x80, 0x80, 0x80, 0x80, 0x80, 0x00];
  const tooLarge = [0xff, 0xff, 0xff, 0xff, 0x1f];
  for (const number of [tooLong, tooLarge]) {
    refused(moduleOf([1, ...number]), /a number in the file does not fit 32 bits \(byte 9\)$/);
    refused(
      moduleOf(section(1, number)),
      /a number in the type section does not fit 32 bits \(byte 10\)$/,
    );
  }
  const large64 = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02];
  refused(moduleOf(section(5, vector([0x04, ...large64]))), /does not fit 64 bits/);
});

test("a count that what follows cannot hold is refused before anything is allocated for it", () => {
  const most = leb(0xffff_ffff);
  for (const id of [1, 2, 3, 4, 5, 6, 7, 10, 13]) {
    refused(moduleOf(section(id, most)), /are more than WebAssembly engines take/);
    refused(moduleOf(section(id, leb(90))), /90 .+ do not fit the .+ section/);
  }
  refused(moduleOf(section(1, vector([0x60, ...leb(2000)]))), /2000 parameters are more than/);
  refused(moduleOf(section(1, vector([0x4e, ...most]))), /types are more than/);
  refused(moduleOf(section(2, vector([...leb(50)]))), /a name runs past the end/);
  const overlong = Array.from({ length: 100_001 }, () => 0x61);
  refused(
    moduleOf(section(2, vector([...leb(overlong.length), ...overlong]))),
    /a name of 100001 bytes is too long/,
  );
});

test("sections that lie about their length, or come twice or out of order, are refused", () => {
  refused(moduleOf([1, 100, 0]), /the type section runs past the end of the file \(byte 8\)$/);
  refused(moduleOf([0, 100, 0]), /the custom section runs past the end of the file/);
  refused(moduleOf(section(1, [0, 0])), /the type section is longer than what it holds/);
  refused(moduleOf(section(1, [])), /the type section ends too early/);
  refused(moduleOf(section(3, [0]), section(1, [0])), /the type section is out of order/);
  refused(moduleOf(section(1, [0]), section(1, [0])), /the type section is out of order/);
  refused(moduleOf(section(77, [])), /77 is the number of no section/);
  const many = Array.from({ length: 100_001 }, () => customSection("", [])).flat();
  refused(Uint8Array.from([...HEADER].concat(many)), /it has more than 100000 sections/);
  refused(moduleOf(customSection("", [])).slice(0, -1), /custom section/);
  refused(moduleOf(section(0, [3, 0x61])), /a name runs past the end of the custom section/);
});

test("indices of nothing are refused", () => {
  const oneType = section(1, vector([0x60, 0, 0]));
  refused(moduleOf(section(2, vector([...text("a"), ...text("b"), 0, 5]))), /there is no type 5/);
  refused(
    moduleOf(section(1, vector([0x5f, 0])), section(2, vector([...text("a"), ...text("b"), 0, 0]))),
    /type 0 is no function type/,
  );
  for (const kind of [0, 1, 2, 3, 4, 9]) {
    refused(
      moduleOf(oneType, section(7, vector([...text("x"), kind, 3]))),
      new RegExp(`there is no 3 of kind ${kind} to export`),
    );
  }
  refused(moduleOf(section(8, [2])), /there is no function 2 to start/);
  refused(moduleOf(oneType, section(3, vector([0]))), /it declares 1 functions and holds 0/);
  refused(moduleOf(section(10, vector([2, 0, 0x0b]))), /it declares 0 functions and holds 1/);
});

test("names that are no UTF-8 or stand twice are refused", () => {
  const memory = section(5, vector([0, 1]));
  refused(
    moduleOf(memory, section(7, vector([2, 0xc0, 0xaf, 2, 0]))),
    /a name in the export section is not UTF-8/,
  );
  refused(
    moduleOf(memory, section(7, vector([...text("m"), 2, 0], [...text("m"), 2, 0]))),
    /two exports have the same name/,
  );
});

test("memories and tables of impossible sizes are refused", () => {
  refused(moduleOf(section(5, vector([0, ...leb(65_537)]))), /65537 pages is too large/);
  refused(moduleOf(section(5, vector([1, 2, 1]))), /a maximum of 1 is below the initial 2/);
  refused(moduleOf(section(5, vector([0x10, 1]))), /the form 0x10 of a size is not known/);
  refused(moduleOf(section(5, vector([0x08, 1, 17]))), /a page of 2\^17 bytes is too large/);
  refused(
    moduleOf(section(4, vector([0x70, 0, ...leb(10_000_001)]))),
    /a table of 10000001 elements is too large/,
  );
});

test("an import in a form of tomorrow is refused, because what follows cannot be told", () => {
  const of = (...type: number[]): Uint8Array =>
    moduleOf(section(2, vector([...text("a"), ...text("b"), ...type])));
  refused(of(0x05, 0), /the kind 5 of an import is not known/);
  refused(of(0x03, 0x41, 0), /the type of an import is written in a form that is not known/);
  refused(of(0x01, 0x41, 0, 0), /the type of an import is written in a form that is not known/);
});

test("a module at the limits of the format is read whole", () => {
  const many = 200_000;
  const types = Array.from({ length: many }, () => [0x60, 1, 0x7f, 1, 0x7e]).flat();
  const indices = Array.from({ length: many }, (_, index) => leb(index)).flat();
  const exports = Array.from({ length: many }, (_, index) => [
    ...text(index.toString(36)),
    0,
    ...leb(index),
  ]).flat();
  const bodies = Array.from({ length: many }, () => [2, 0, 0x0b]).flat();
  const size = leb(many);
  const part = (id: number, contents: number[]): Buffer => {
    const length = leb(size.length + contents.length);
    return Buffer.concat([Buffer.from([id, ...length, ...size]), Buffer.from(contents)]);
  };
  const info = inspectModule(
    Buffer.concat([
      Buffer.from(HEADER),
      part(1, types),
      part(3, indices),
      part(7, exports),
      part(10, bodies),
    ]),
  );
  assert.equal(info.functions, many);
  assert.equal(info.exports.length, many);
  assert.equal(info.exports.at(-1)?.type, "(i32) -> i64");
  assert.equal(info.largestFunctions.length, 10);
});

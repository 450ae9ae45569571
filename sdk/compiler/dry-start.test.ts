import assert from "node:assert/strict";
import { test } from "node:test";
import { assemble } from "../inspect/testing.ts";
import { dryStart } from "./dry-start.ts";

const start = (body: string): Uint8Array =>
  assemble(`(module
    (memory (export "memory") 1)
    (func (export "_initialize") ${body})
    (func (export "__as_proxy_wasm_registrations") (result i32) (i32.const 8)))`);

test("top-level code that never ends is stopped and named", () => {
  assert.throws(() => dryStart(start("(loop $again (br $again))"), 100), {
    code: "ERR_START_TRAP",
    message: "top-level code does not end",
  });
});

test("top-level code that ends tells what it registered", () => {
  assert.deepEqual(dryStart(start("")), []);
});

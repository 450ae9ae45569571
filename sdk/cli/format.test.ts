import assert from "node:assert/strict";
import { test } from "node:test";
import { count, formatBytes } from "./format.ts";

test("sizes are told in the unit that people would use", () => {
  const sizes = [0, 1, 1023, 1024, 5325, 65_536, 1024 ** 2, 1.25 * 1024 ** 2].map(formatBytes);
  const told = ["0 bytes", "1 byte", "1023 bytes", "1 KB", "5.2 KB", "64 KB", "1 MB", "1.3 MB"];
  assert.deepEqual(sizes, told);
});

test("what is counted is one or many", () => {
  assert.equal(count(0, "callback"), "0 callbacks");
  assert.equal(count(1, "callback"), "1 callback");
  assert.equal(count(12_345, "byte"), "12,345 bytes");
  assert.equal(count(2, "copy", "copies"), "2 copies");
});

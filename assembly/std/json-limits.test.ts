// Inputs made to hurt: none may trap, none may take more than time and memory in proportion.
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { JsonClient } from "../testing/json-client.ts";

const LARGE = 16 * 1024 * 1024;

let json: JsonClient;
before(async () => {
  json = await JsonClient.load();
});
beforeEach(() => {
  json.reset();
});

describe("limits", () => {
  test("nesting is refused beyond 64, or beyond what the caller says", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    assert.equal(json.parse(nested(64)).error, null);
    const error = json.parse(nested(65)).error;
    assert.equal(error, `$${"[0]".repeat(63)}: line 1, column 65: nested deeper than 64`);
    assert.equal(
      json.parse("[[]]", { maxDepth: 1 }).error,
      "$: line 1, column 2: nested deeper than 1",
    );
    assert.equal(json.parse("[[],[]]", { maxDepth: 2 }).error, null);
    assert.equal(
      json.parse("{}", { maxDepth: 0 }).error,
      "$: line 1, column 1: nested deeper than 0",
    );
    assert.equal(json.parse("1", { maxDepth: 0 }).error, null);
    assert.notEqual(json.parse("[]", { maxDepth: -1 }).error, null);
    assert.notEqual(json.parse("[]", { maxValues: -1 }).error, null);
  });

  test("nesting of any depth can be allowed", () => {
    const depth = 1_000_000;
    const root = json.parse('{"a":['.repeat(depth) + "]}".repeat(depth), {
      maxDepth: 2 * depth,
      maxValues: 2 * depth,
    });
    assert.equal(root.error, null);
    let node = root;
    for (let i = 0; i < 10; i++) node = node.array("a").at(0);
    assert.equal(node.path, "$" + ".a[0]".repeat(10));
    const open = json.parse('{"a":['.repeat(depth), {
      maxDepth: 2 * depth,
      maxValues: 2 * depth + 1,
    });
    assert.equal(open.errorOffset, 6 * depth);
  });

  test("100,000 brackets that never close are an error", () => {
    for (const text of ["[", '{"a":', '[{"":']) {
      const root = json.parse(text.repeat(100_000));
      assert.match(root.error ?? "", /: nested deeper than 64$/);
      const deep = json.parse(text.repeat(100_000), { maxDepth: 1_000_000 });
      assert.match(deep.error ?? "", /^\$\.\.\..*: expected a value, found the end of the text$/);
    }
  });

  test("values are refused beyond a million, or beyond what the caller says", () => {
    assert.equal(json.parse("[1,{}]", { maxValues: 3 }).error, null);
    assert.equal(
      json.parse("[1,{}]", { maxValues: 2 }).error,
      "$: line 1, column 4: more values than 2",
    );
    assert.equal(
      json.parse("1", { maxValues: 0 }).error,
      "$: line 1, column 1: more values than 0",
    );
    const text = "[" + "0,".repeat(1_000_000) + "0]";
    assert.equal(json.parse(text).error, "$: line 1, column 2000000: more values than 1000000");
    assert.equal(json.parse(text, { maxValues: 2 ** 31 - 1 }).length, 1_000_001);
  });
});

test("numbers of 10,000 digits are the doubles and the whole numbers that they are", () => {
  const nines = "9".repeat(10_000);
  for (const text of [
    `0.${nines}`,
    `${nines}e-9999`,
    `1.${"0".repeat(9_999)}1`,
    `-${nines}E-10300`,
  ])
    assert.equal(json.parse(text).asNumber(), Number(text), text.slice(-12));
  assert.equal(json.parse(`12${"0".repeat(9_998)}e-9998`).asInteger(), 12n);
  for (const text of [nines, `-${nines}`]) {
    const number = json.parse(text);
    assert.equal(number.asNumber(), 0);
    assert.match(
      number.error ?? "",
      /^\$: expected a number that fits in 64 bits, found -?9{63,64}/,
    );
    const integer = json.parse(text);
    assert.equal(integer.asInteger(), 0n);
    assert.match(integer.error ?? "", /^\$: expected an integer from .*, found -?9{63,64}/);
  }
});

describe("16 MB of", () => {
  const cases: readonly [string, string, RegExp | null][] = [
    ["spaces", " ".repeat(LARGE), /expected a value, found the end of the text$/],
    ["line breaks", "\n".repeat(LARGE), /^\$: line 16777217, column 1: expected a value/],
    ["opening brackets", "[".repeat(LARGE), /: nested deeper than 64$/],
    ["one string", `"${"x".repeat(LARGE)}"`, null],
    [
      "one string that does not end",
      `"${"x".repeat(LARGE)}`,
      /: expected '"', found the end of the text$/,
    ],
    ["escapes", `"${"\\u0041".repeat(LARGE / 6)}"`, null],
    ["backslashes", `"${"\\".repeat(LARGE)}"`, null],
    ["digits", "7".repeat(LARGE), null],
    ["digits behind a point", `0.${"0".repeat(LARGE)}1e${LARGE}`, null],
    ["an exponent", `1e-${"9".repeat(LARGE)}`, null],
    ["one key", `{"${"k".repeat(LARGE)}":1}`, null],
    ["array items", `[${"0,".repeat(LARGE / 2)}0]`, /: more values than 1000000$/],
    [
      "nothing that is JSON",
      "\u{1f600}".repeat(LARGE / 2),
      /^\$: line 1, column 1: expected a value$/,
    ],
  ];
  for (const [name, text, error] of cases) {
    test(name, () => {
      const root = json.parse(text);
      if (error) assert.match(root.error ?? "", error);
      else assert.equal(root.error, null);
      // Each accessor, whatever the value is.
      root.asString();
      root.asInteger();
      root.asNumber();
      root.onlyKeys(["k"]);
      assert.ok((root.error ?? "").length < 400);
    });
  }

  test("array items, when they are allowed", () => {
    const root = json.parse(`[${"0,".repeat(LARGE / 2 - 1)}0]`, { maxValues: LARGE });
    assert.equal(root.error, null);
    assert.equal(root.length, LARGE / 2);
    assert.equal(root.at(LARGE / 2 - 1).asInteger(), 0n);
  });

  test("which all together take 40 bytes of memory for each character at most", () => {
    // The text, and 8 bytes for each value on the stack and as many on the tape; lists are up to
    // twice as large as needed and copied when they grow; the allocator doubles the memory.
    assert.ok(json.driver.memorySize <= 40 * LARGE, `${json.driver.memorySize} bytes`);
  });
});

describe("many keys", () => {
  const count = 100_000;

  test("an object with 100,000 of them parses, and one that repeats is found", () => {
    const keys = Array.from({ length: count }, (_, i) => `"key${(i * 7919) % count}":0`);
    assert.equal(json.parse(`{${keys.join(",")}}`).error, null);
    for (const [first, second] of [
      [0, count - 1],
      [count - 2, count - 1],
      [500, 501],
    ] as const) {
      const twice = keys.with(second, keys[first] ?? "");
      const text = `{${twice.join(",")}}`;
      const root = json.parse(text);
      assert.match(root.error ?? "", /^\$\.key\d+: line 1, column \d+: duplicate key$/);
      assert.equal(root.errorOffset, 1 + twice.slice(0, second).join(",").length + 1);
    }
  });

  test("the first of several that repeat is named, wherever it is sorted to", () => {
    const keys = Array.from({ length: 50 }, (_, i) => `"k${i % 40}":0`);
    assert.match(json.parse(`{${keys.join(",")}}`).error ?? "", /^\$\.k0: /);
    const few = ["a", "b", "c", "b", "a", "a"].map((key) => `"${key}":0`);
    assert.match(json.parse(`{${few.join(",")}}`).error ?? "", /^\$\.b: /);
  });

  test("escapes hide no repetition, among few or many", () => {
    for (const others of [0, 3, 31, 32, 100]) {
      const keys = Array.from({ length: others }, (_, i) => `"k${i}":0,`).join("");
      assert.match(
        json.parse(`{"\\u006Bey":0,${keys}"key":0}`).error ?? "",
        /^\$\.key: /,
        `${others} others`,
      );
      assert.equal(json.parse(`{"\\\\u006bey":0,${keys}"key":0}`).error, null, `${others} others`);
    }
  });

  test("keys that are long and alike are no way to stall it, in whatever order", () => {
    const alike = "k".repeat(1000);
    const list = Array.from({ length: 2000 }, (_, i) => `${alike}${String(i).padStart(4, "0")}`);
    const shuffled = list.map((_, i) => list[(i * 1237) % list.length] ?? "");
    for (const keys of [list, list.toReversed(), shuffled]) {
      const text = (all: readonly string[]): string =>
        `{${all.map((key) => `"${key}":0`).join(",")}}`;
      assert.equal(json.parse(text(keys)).error, null);
      assert.match(json.parse(text([...keys, keys[77] ?? ""])).error ?? "", /: duplicate key$/);
    }
  });
});

describe("memory", () => {
  test("stays the same over many documents, good and bad, when it is collected between them", () => {
    const list = Array.from({ length: 2000 }, (_, i) => ({ [`key${i}`]: [i, `value ${i}`, null] }));
    const good = JSON.stringify(list);
    const round = (): void => {
      json.reset();
      assert.equal(json.parse(good).at(-1).array("key1999").at(1).asString(), "value 1999");
      assert.notEqual(json.parse(good.slice(0, -1)).error, null);
      assert.notEqual(json.parse(good.replace("null", "nul")).error, null);
    };
    for (let i = 0; i < 10; i++) round();
    const before = json.driver.memorySize;
    for (let i = 0; i < 300; i++) round();
    assert.equal(json.driver.memorySize, before);
  });
});

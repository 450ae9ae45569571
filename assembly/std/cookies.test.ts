import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { fuzzes } from "./cookies.fuzz.ts";

interface CookieExports {
  load(header: number): void;
  text(): number;
  get(name: number): number;
  getAll(name: number): number;
  has(name: number): number;
  all(): number;
  count(): number;
  remove(name: number): number;
}

let driver: Driver<CookieExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/cookies.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

const write = (text: string): number => driver.writeText(text);
const list = (pointer: number): string[] =>
  (driver.readText(pointer) ?? "").split("\0").slice(0, -1);

/** `Cookies` with its methods, as Node sees it. */
class CookiesClient {
  load(header: string): this {
    driver.exports.load(write(header));
    return this;
  }
  text(): string {
    return driver.readText(driver.exports.text()) ?? "";
  }
  get(name: string): string | null {
    return driver.readText(driver.exports.get(write(name)));
  }
  getAll(name: string): string[] {
    return list(driver.exports.getAll(write(name)));
  }
  has(name: string): boolean {
    return driver.exports.has(write(name)) !== 0;
  }
  all(): string[][] {
    const texts = list(driver.exports.all());
    return texts.flatMap((name, i) => (i % 2 ? [] : [[name, texts[i + 1] ?? ""]]));
  }
  remove(name: string): boolean {
    return driver.exports.remove(write(name)) !== 0;
  }
}

const cookies = new CookiesClient();

test("the examples of RFC 6265, section 3.1", () => {
  assert.equal(cookies.load("SID=31d4d96e407aad42").get("SID"), "31d4d96e407aad42");
  cookies.load("SID=31d4d96e407aad42; lang=en-US");
  assert.deepEqual(cookies.all(), [
    ["SID", "31d4d96e407aad42"],
    ["lang", "en-US"],
  ]);
});

describe("odd headers are read as servers do", () => {
  const cases: readonly [string, readonly (readonly [string, string])[]][] = [
    ["", []],
    [";", []],
    [" ; \t;", []],
    [
      "a=1;b=2",
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ],
    [
      "a=1;  b=2 ;\tc\t=\t3\t",
      [
        ["a", "1"],
        ["b", "2"],
        ["c", "3"],
      ],
    ],
    ["a=", [["a", ""]]],
    ["a= ", [["a", ""]]],
    ["a=b=c==", [["a", "b=c=="]]],
    ["a", []],
    ["a; b=1", [["b", "1"]]],
    ["=a; b=1", [["b", "1"]]],
    [" =a", []],
    [
      'a="1 2"; b="; c="x',
      [
        ["a", "1 2"],
        ["b", '"'],
        ["c", '"x'],
      ],
    ],
    ['a=""', [["a", ""]]],
    ['a="1;2"', [["a", '"1']]],
    [
      "a=1; a=2; A=3",
      [
        ["a", "1"],
        ["a", "2"],
        ["A", "3"],
      ],
    ],
    ["a=1, b=2", [["a", "1, b=2"]]],
    ["a=%41+", [["a", "%41+"]]],
    [
      "__proto__=1; é=\ud800",
      [
        ["__proto__", "1"],
        ["é", "\ud800"],
      ],
    ],
    ["a=\u00a0b\u00a0", [["a", "\u00a0b\u00a0"]]],
  ];
  for (const [header, expected] of cases) {
    test(JSON.stringify(header), () => {
      assert.deepEqual(cookies.load(header).all(), expected);
      assert.equal(cookies.text(), header);
    });
  }
});

test("of a name that occurs several times, the first counts and all are listed", () => {
  cookies.load("a=1; b=2; a=3");
  assert.equal(cookies.get("a"), "1");
  assert.deepEqual(cookies.getAll("a"), ["1", "3"]);
  assert.deepEqual([cookies.get("A"), cookies.get(""), cookies.getAll("c")], [null, null, []]);
  assert.deepEqual([cookies.has("b"), cookies.has("c")], [true, false]);
});

test("removing takes all of a name, and leaves the rest as it is", () => {
  cookies.load(' x ;a=1; b = "2" ;;a=3;c');
  assert.equal(cookies.remove("d"), false);
  assert.equal(cookies.text(), ' x ;a=1; b = "2" ;;a=3;c');
  assert.equal(cookies.remove("a"), true);
  assert.equal(cookies.text(), 'x; b = "2"; c');
  assert.equal(cookies.remove("b"), true);
  assert.equal(cookies.text(), "x; c");
  cookies.load("a=1");
  assert.equal(cookies.remove("a"), true);
  assert.equal(cookies.text(), "");
});

testFuzzes(fuzzes, 3000, 6265);

test("16 MB of separators, of one cookie, of spaces, and many cookies", () => {
  const size = 16 * 1024 * 1024;
  assert.equal(cookies.load(";".repeat(size)).has("a"), false);
  assert.equal(cookies.load(`a=${"x".repeat(size)}; b=1`).get("b"), "1");
  assert.equal(cookies.load(`${" ".repeat(size)}=1`).get(""), null);
  driver.collect();
  cookies.load("a=1;".repeat(size / 32));
  assert.equal(driver.exports.count(), size / 32);
  assert.equal(cookies.remove("a"), true);
  assert.equal(cookies.text(), "");
});

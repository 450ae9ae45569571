import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { textResult, type Fault, type ResultExports } from "../testing/results.ts";
import { fuzzes } from "./url.fuzz.ts";

interface UrlExports extends ResultExports {
  parse(text: number): number;
  edit(text: number, path: number, name: number): number;
  segments(path: number): number;
  countSegments(path: number): number;
  withoutDots(path: number): number;
  normalize(path: number, slashes: number): number;
  normalizeDefault(path: number): number;
}

const SLASHES = { reject: 0, keep: 1, decode: 2 } as const;
const MALFORMED = "path: two hexadecimal digits must follow %";
const SLASH = "path: escaped slash or backslash";

let driver: Driver<UrlExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/url.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

const write = (text: string): number => driver.writeText(text);

function parse(text: string): string[] {
  return (driver.readText(driver.exports.parse(write(text))) ?? "").split("\n");
}

function edit(text: string, path: string, name: string): string {
  return driver.readText(driver.exports.edit(write(text), write(path), write(name))) ?? "";
}

function segments(path: string): string[] {
  const all = driver.readText(driver.exports.segments(write(path))) ?? "";
  return all.split("\n").slice(0, -1);
}

function withoutDots(path: string): string {
  return driver.readText(driver.exports.withoutDots(write(path))) ?? "";
}

function normalize(path: string, slashes: keyof typeof SLASHES): string | Fault {
  return textResult(driver, driver.exports.normalize(write(path), SLASHES[slashes]));
}

test("a target is parted at its first ?, and is the same again", () => {
  const cases = [
    ["/", "/", ""],
    ["/a/b?c=d", "/a/b", "c=d"],
    ["/a?b?c", "/a", "b?c"],
    ["/a?", "/a", ""],
    ["/a??", "/a", "?"],
    ["?", "", ""],
    ["", "", ""],
    ["*", "*", ""],
    ["/a#b?c#d", "/a#b", "c#d"],
    ["/a%3Fb?c", "/a%3Fb", "c"],
    ["http://host/a?b", "http://host/a", "b"],
    ["/\ud800?\udc00", "/\ud800", "\udc00"],
  ] as const;
  for (const [text, path, query] of cases) assert.deepEqual(parse(text), [path, query, text]);
});

test("an edited target has a ? only before a query", () => {
  assert.equal(edit("/a?x=1", "", "x"), "/a");
  assert.equal(edit("/a?x=1&y=%20", "/b", "x"), "/b?y=%20");
  assert.equal(edit("/a?", "", "x"), "/a?");
  assert.equal(edit("/a?", "/b", "x"), "/b?");
  assert.equal(edit("/a?y", "", "x"), "/a?y");
});

test("segments are what stands between slashes, as it is written", () => {
  const cases: readonly [string, readonly string[]][] = [
    ["", []],
    ["/", [""]],
    ["//", ["", ""]],
    ["/a", ["a"]],
    ["/a/", ["a", ""]],
    ["/a//b%2Fc/..", ["a", "", "b%2Fc", ".."]],
    ["a/b", ["a", "b"]],
    ["*", ["*"]],
  ];
  for (const [path, expected] of cases) assert.deepEqual(segments(path), expected, path);
});

describe("dot segments", () => {
  test("the examples of RFC 3986, section 5.2.4", () => {
    assert.equal(withoutDots("/a/b/c/./../../g"), "/a/g");
    assert.equal(withoutDots("mid/content=5/../6"), "mid/6");
  });

  test("the examples of RFC 3986, sections 5.4.1 and 5.4.2, merged with the base /b/c/d;p", () => {
    const cases = [
      ["g", "/b/c/g"],
      ["./g", "/b/c/g"],
      ["g/", "/b/c/g/"],
      [";x", "/b/c/;x"],
      ["g;x", "/b/c/g;x"],
      ["", "/b/c/"],
      [".", "/b/c/"],
      ["./", "/b/c/"],
      ["..", "/b/"],
      ["../", "/b/"],
      ["../g", "/b/g"],
      ["../..", "/"],
      ["../../", "/"],
      ["../../g", "/g"],
      ["../../../g", "/g"],
      ["../../../../g", "/g"],
      ["g.", "/b/c/g."],
      [".g", "/b/c/.g"],
      ["g..", "/b/c/g.."],
      ["..g", "/b/c/..g"],
      ["./../g", "/b/g"],
      ["./g/.", "/b/c/g/"],
      ["g/./h", "/b/c/g/h"],
      ["g/../h", "/b/c/h"],
      ["g;x=1/./y", "/b/c/g;x=1/y"],
      ["g;x=1/../y", "/b/c/y"],
    ] as const;
    for (const [reference, expected] of cases) {
      assert.equal(withoutDots(`/b/c/${reference}`), expected, reference);
      assert.equal(withoutDots(expected), expected);
    }
    assert.equal(withoutDots("/./g"), "/g");
    assert.equal(withoutDots("/../g"), "/g");
  });

  test("without a / at the beginning", () => {
    const cases = [
      ["", ""],
      [".", ""],
      ["..", ""],
      ["./", ""],
      ["../a", "a"],
      ["./../%2e%2E/a/../b", "/b"],
      ["a/..", "/"],
      ["..//a", "/a"],
      ["*", "*"],
    ] as const;
    for (const [path, expected] of cases) assert.equal(withoutDots(path), expected, path);
  });

  test("however a dot is written; a slash is what it is", () => {
    assert.equal(withoutDots("/a/%2e%2E/b"), "/b");
    assert.equal(withoutDots("/a/.%2e"), "/");
    assert.equal(withoutDots("/a/%2E/b"), "/a/b");
    assert.equal(withoutDots("/a/%252e%252e/b"), "/a/%252e%252e/b");
    assert.equal(withoutDots("/a%2f..%2fb"), "/a%2f..%2fb");
    assert.equal(withoutDots("/a/%2e%2e%2e/%2"), "/a/%2e%2e%2e/%2");
    assert.equal(withoutDots("/%2e%2"), "/%2e%2");
    assert.equal(withoutDots("/a//../b"), "/a/b");
  });
});

describe("normal form", () => {
  test("RFC 3986, section 6.2.2: upper case, unreserved characters decoded, no dot segments", () => {
    assert.equal(normalize("/%7Efoo/../%7efoo/%c3%a9", "reject"), "/~foo/%C3%A9");
    assert.equal(normalize("/./b/../b/%63/%7bfoo%7d", "reject"), "/b/c/%7Bfoo%7D");
    assert.equal(normalize("/%2e%2E/%61dmin/%2e", "reject"), "/admin/");
    assert.equal(normalize("/a//b/", "reject"), "/a//b/");
    assert.equal(normalize("/a%20b%00+é", "reject"), "/a%20b%00+é");
    assert.equal(normalize("/%252e%252e", "reject"), "/%252e%252e", "decoded once only");
  });

  test("escaped slashes and backslashes are refused, kept or decoded", () => {
    for (const [path, offset] of [
      ["/a/%2f", 3],
      ["/%2F", 1],
      ["/aé/%5C", 4],
      ["/%5c", 1],
      ["\\", 0],
    ] as const)
      assert.deepEqual(normalize(path, "reject"), { error: SLASH, offset });
    assert.equal(normalize("/a%2f..%5c%2E\\b", "keep"), "/a%2F..%5C.\\b");
    assert.equal(normalize("/a%2f..%5c%2E\\b", "decode"), "/b");
    assert.deepEqual(
      textResult(driver, driver.exports.normalizeDefault(write("/%2f"))),
      { error: SLASH, offset: 1 },
      "refused by default",
    );
  });

  test("a malformed escape is refused", () => {
    for (const [path, offset] of [
      ["%", 0],
      ["/%", 1],
      ["/a%4", 2],
      ["/%zz", 1],
      ["/%41%4g", 4],
      ["/%\u0134\u0131", 1],
    ] as const)
      assert.deepEqual(normalize(path, "keep"), { error: MALFORMED, offset });
  });
});

testFuzzes(fuzzes, 3000, 3986);

describe("16 MB", () => {
  const size = 16 * 1024 * 1024;

  test("of dot segments and of climbing back", () => {
    assert.equal(withoutDots("/.".repeat(size / 2)), "/");
    assert.equal(withoutDots("/a".repeat(size / 5) + "/..".repeat(size / 5)), "/");
    assert.equal(normalize("/%2e%2E".repeat(size / 7), "reject"), "/");
  });

  test("of slashes are as many segments", () => {
    assert.equal(driver.exports.countSegments(write("/".repeat(size / 4))), size / 4);
  });
});

import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { faultOf, type Fault, type ResultExports } from "../testing/results.ts";
import { fuzzes } from "./glob.fuzz.ts";

interface GlobExports extends ResultExports {
  path(pattern: number): void;
  pathWithin(pattern: number, maxLength: number): void;
  host(pattern: number): void;
  matches(text: number): number;
}

let driver: Driver<GlobExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/glob.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

type Kind = "path" | "host";

/** Makes a pattern the one that is matched; its error when it has one. */
function compile(kind: Kind, pattern: string): Fault | undefined {
  driver.exports[kind](driver.writeText(pattern));
  return faultOf(driver, true);
}

const matches = (text: string): boolean => driver.exports.matches(driver.writeText(text)) !== 0;

describe("a path", () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    ["", [""], ["/", "a"]],
    ["/a", ["/a"], ["/A", "/a/", "/ab", "a", "/"]],
    ["/*", ["/", "/a", "/a.b"], ["/a/", "/a/b", ""]],
    ["/*.js", ["/a.js", "/.js", "/a.b.js", "/.js.js"], ["/a/b.js", "/a.jsx", "/a.j"]],
    ["/a*b*c", ["/abc", "/aXbYc", "/abbcc"], ["/ab", "/a/bc", "/abcd"]],
    ["/v?/x", ["/v1/x", "/vé/x", "/v\u{1f600}/x", "/v\ud800/x"], ["/v/x", "/v12/x", "/v//x"]],
    ["/a/**", ["/a/", "/a/b", "/a/b/c/"], ["/a", "/ab", "/b/a/"]],
    ["/**/b", ["/b", "/a/b", "/a/c/b", "//b"], ["/ab", "b", "/b/"]],
    ["/a/**/b", ["/a/b", "/a/x/b", "/a/x/y/b"], ["/ab", "/a/xb", "/a/x/b/"]],
    ["**/a", ["a", "/a", "x/a", "x/y/a"], ["xa", "a/"]],
    ["/a/**/**/b", ["/a/b", "/a/x/b"], ["/ab"]],
    ["/a**b", ["/ab", "/aXb", "/a/x/b"], ["/a/x/bc"]],
    ["/a**/b", ["/a/b", "/ax/y/b"], ["/ab"]],
    ["**", ["", "/", "a/b"], []],
    ["***", ["", "/", "a/b"], []],
    ["/[a-c]x", ["/ax", "/cx"], ["/dx", "/x", "/aax", "/-x"]],
    ["/[!a-c]x", ["/dx", "/\u{1f600}x"], ["/ax", "//x", "/x"]],
    ["/[^a-c]", ["/d", "/^"], ["/a", "//"]],
    ["/[]a]", ["/]", "/a"], ["/[", "/[]a]"]],
    ["/[!]a]", ["/b", "/!"], ["/]", "/a"]],
    ["/[a-]", ["/a", "/-"], ["/b"]],
    ["/[-a]", ["/a", "/-"], ["/b"]],
    ["/[\\]-a]", ["/]", "/^", "/a"], ["/-", "/b", "/\\"]],
    ["/[+--]", ["/+", "/,", "/-"], ["/."]],
    ["/[*?]", ["/*", "/?"], ["/a"]],
    ["/[/]", [], ["/", "//"]],
    ["/[α-ω\u{1f600}-\u{1f64f}]", ["/β", "/\u{1f610}"], ["/b", "/\u{1f700}"]],
    ["/\\*\\?\\[\\\\", ["/*?[\\"], ["/aa[\\"]],
    ["/a]{b,c}", ["/a]{b,c}"], ["/ab"]],
    ["/é\u{1f600}*", ["/é\u{1f600}", "/é\u{1f600}x"], ["/é\ud83d"]],
  ];
  for (const [pattern, good, bad] of cases) {
    test(JSON.stringify(pattern), () => {
      assert.equal(compile("path", pattern), undefined);
      for (const text of good) assert.equal(matches(text), true, text);
      for (const text of bad) assert.equal(matches(text), false, text);
    });
  }
});

describe("a host name", () => {
  const cases: readonly [string, readonly string[], readonly string[]][] = [
    [
      "example.com",
      ["example.com", "EXAMPLE.com"],
      ["example.com.", "a.example.com", "exampleXcom"],
    ],
    ["*.Example.com", ["a.example.com", "A.EXAMPLE.COM"], ["example.com", "a.b.example.com"]],
    ["**.example.com", ["example.com", "a.example.com", "a.b.example.com"], ["badexample.com"]],
    ["api-?.*", ["api-1.com", "API-X.net"], ["api-.com", "api-1.co.uk"]],
    ["[a-c]1.x", ["a1.x", "B1.x"], ["d1.x"]],
    ["[A-C]1.x", ["a1.x", "B1.x"], ["d1.x"]],
    ["[!a]1.x", ["b1.x"], ["a1.x", "A1.x", ".1.x"]],
    ["a/*", ["a/b/c"], ["a/b.c"]],
    ["\u212a", ["\u212a"], ["k", "K"]],
  ];
  for (const [pattern, good, bad] of cases) {
    test(JSON.stringify(pattern), () => {
      assert.equal(compile("host", pattern), undefined);
      for (const text of good) assert.equal(matches(text), true, text);
      for (const text of bad) assert.equal(matches(text), false, text);
    });
  }
});

describe("a pattern that is none is an error with its place, and matches nothing", () => {
  const cases: readonly [string, string, number][] = [
    ["/[", "glob: set without ]", 1],
    ["/[]", "glob: set without ]", 1],
    ["/a[!]", "glob: set without ]", 2],
    ["[a\\]", "glob: set without ]", 0],
    ["[a-", "glob: set without ]", 0],
    ["[a]x[b\\", "glob: set without ]", 4],
    ["/[az-a]", "glob: range runs backwards", 3],
    ["/[b-\\a]", "glob: range runs backwards", 2],
    ["/a\\", "glob: nothing follows \\", 2],
    ["/".repeat(1025), "glob: pattern is too long", 1024],
  ];
  for (const [pattern, error, offset] of cases) {
    test(`${JSON.stringify(pattern.slice(0, 20))}: ${error}`, () => {
      assert.deepEqual(compile("path", pattern), { error, offset });
      for (const text of ["", "/", pattern]) assert.equal(matches(text), false);
    });
  }

  test("how long one may be is for the caller to say", () => {
    driver.exports.pathWithin(driver.writeText("/".repeat(2000)), 2000);
    assert.equal(faultOf(driver, true), undefined);
    assert.equal(matches("/".repeat(2000)), true);
    driver.exports.pathWithin(driver.writeText(""), -1);
    assert.equal(faultOf(driver, true)?.error, "glob: pattern is too long");
  });
});

testFuzzes(fuzzes, 3000, 7);

describe("hostile texts", () => {
  test("many stars over a long text that does not match take no exponential time", () => {
    compile("path", `/${"*a".repeat(30)}b`);
    assert.equal(matches(`/${"a".repeat(100_000)}`), false);
    compile("path", `${"**/a/".repeat(20)}b`);
    assert.equal(matches("a/".repeat(50_000)), false);
  });

  test("16 MB", () => {
    const size = 16 * 1024 * 1024;
    compile("path", "/a/**");
    assert.equal(matches(`/a/${"/".repeat(size)}`), true);
    compile("path", "/*/b");
    assert.equal(matches(`/${"x".repeat(size)}`), false);
    compile("path", "x".repeat(size));
    assert.equal(matches("x"), false);
  });
});

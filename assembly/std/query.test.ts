import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { fuzzes } from "./query.fuzz.ts";

interface QueryExports {
  load(text: number): void;
  text(): number;
  get(name: number): number;
  getAll(name: number): number;
  has(name: number): number;
  parameters(): number;
  countParameters(): number;
  setTo(name: number, value: number): void;
  add(name: number, value: number): void;
  remove(name: number): number;
}

let driver: Driver<QueryExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/query.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

const write = (text: string): number => driver.writeText(text);

/** `Query`, as Node sees it. */
class QueryClient {
  load(text: string): this {
    driver.exports.load(write(text));
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
  parameters(): string[][] {
    const texts = list(driver.exports.parameters());
    return texts.flatMap((name, i) => (i % 2 ? [] : [[name, texts[i + 1] ?? ""]]));
  }
  set(name: string, value: string): string {
    driver.exports.setTo(write(name), write(value));
    return this.text();
  }
  add(name: string, value: string): string {
    driver.exports.add(write(name), write(value));
    return this.text();
  }
  remove(name: string): boolean {
    return driver.exports.remove(write(name)) !== 0;
  }
}

const query = new QueryClient();

function list(pointer: number): string[] {
  return (driver.readText(pointer) ?? "").split("\0").slice(0, -1);
}

test("values are read by name, decoded", () => {
  query.load("a=1&b=x+y%2B&b=&c&=e&%61=2&caf%C3%A9=%E2%82%AC&f=g=h");
  assert.equal(query.get("a"), "1");
  assert.deepEqual(query.getAll("a"), ["1", "2"]);
  assert.deepEqual(query.getAll("b"), ["x y+", ""]);
  assert.equal(query.get("c"), "");
  assert.equal(query.has("c"), true);
  assert.equal(query.get(""), "e");
  assert.equal(query.get("café"), "€");
  assert.equal(query.get("f"), "g=h");
  for (const name of ["A", "aa", "1", "caf", "cafés", "f=g", "%61", "\u0000"]) {
    assert.equal(query.get(name), null);
    assert.equal(query.has(name), false);
    assert.deepEqual(query.getAll(name), []);
    assert.equal(query.remove(name), false);
  }
});

describe("editing touches nothing else", () => {
  const odd = "&&b=%zz&=&a=%7E+&c&%61=2&?&";

  test("set keeps the place and the spelling of the name, and leaves one", () => {
    assert.equal(query.load(odd).set("a", "1"), "&&b=%zz&=&a=1&c&?&");
    assert.equal(query.load("%61=1&b").set("a", "x y/é&="), "%61=x%20y%2F%C3%A9%26%3D&b");
    assert.equal(query.load("c&b").set("c", ""), "c=&b");
    assert.equal(query.load("=1").set("", "2"), "=2");
  });

  test("set adds what is not there", () => {
    assert.equal(query.load("b=%zz").set("a b", "1+1"), "b=%zz&a%20b=1%2B1");
    assert.equal(query.load("").set("a", "1"), "a=1");
  });

  test("add goes to the end, also of an empty query", () => {
    assert.equal(query.load("a=+").add("a", ""), "a=+&a=");
    assert.equal(query.load("").add("", "\ud800"), "=%EF%BF%BD");
  });

  test("remove takes all of a name, with a separator each", () => {
    query.load(odd);
    assert.equal(query.remove("a"), true);
    assert.equal(query.text(), "&&b=%zz&=&c&?&");
    assert.equal(query.remove(""), true);
    assert.equal(query.text(), "&&b=%zz&c&?&");
    query.load("a=1");
    assert.equal(query.remove("a"), true);
    assert.equal(query.text(), "");
    query.load("a&b&a");
    assert.equal(query.remove("a"), true);
    assert.equal(query.text(), "b");
  });

  test("a text that is not edited stays, whatever it is", () => {
    for (const text of ["", "&", "=", "%", "?", "a=b=c&&", "\ud800=\udc00", odd]) {
      query.load(text).get("a");
      assert.equal(query.remove("nothing"), false);
      assert.equal(query.text(), text);
    }
  });
});

testFuzzes(fuzzes, 3000, 2396);

describe("16 MB", () => {
  const size = 16 * 1024 * 1024;

  test("of one value, of separators, of parameters, of names with escapes", () => {
    query.load(`a=${"x".repeat(size)}&b=1`);
    assert.equal(query.get("b"), "1");
    assert.equal(query.remove("a"), true);
    assert.equal(query.text(), "b=1");
    query.load("&".repeat(size));
    assert.equal(query.get(""), null);
    assert.equal(driver.exports.countParameters(), 0);
    query.load("a&".repeat(size / 64));
    assert.equal(driver.exports.countParameters(), size / 64);
    driver.collect();
    assert.equal(query.set("a", "1").length, 4);
    query.load("%61=&".repeat(size / 40));
    assert.equal(query.has("b"), false);
    driver.collect();
    assert.equal(query.remove("a"), true);
    assert.equal(query.text(), "");
    assert.ok(driver.memorySize < 1024 ** 3, `${driver.memorySize}`);
  });
});

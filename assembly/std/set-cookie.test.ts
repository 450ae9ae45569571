import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { textResult, type Fault, type ResultExports } from "../testing/results.ts";
import { fuzzes } from "./set-cookie.fuzz.ts";

interface SetCookieExports extends ResultExports {
  create(name: number, value: number): void;
  setPath(path: number): void;
  setDomain(domain: number): void;
  setMaxAge(seconds: bigint): void;
  setExpires(seconds: bigint): void;
  setFlags(secure: number, httpOnly: number, partitioned: number): void;
  setSameSite(sameSite: number): void;
  build(): number;
  buildWithin(maxSize: number): number;
}

const SAME_SITE = ["", "Strict", "Lax", "None"] as const;

interface Options {
  readonly path?: string;
  readonly domain?: string;
  readonly maxAge?: bigint;
  readonly expires?: bigint;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  readonly partitioned?: boolean;
  readonly sameSite?: (typeof SAME_SITE)[number];
  readonly maxSize?: number;
}

let driver: Driver<SetCookieExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/set-cookie.driver.ts"));
});
beforeEach(() => {
  driver.collect();
});

function build(name: string, value: string, options: Options = {}): string | Fault {
  const { exports } = driver;
  const write = (text: string): number => driver.writeText(text);
  exports.create(write(name), write(value));
  if (options.path !== undefined) exports.setPath(write(options.path));
  if (options.domain !== undefined) exports.setDomain(write(options.domain));
  if (options.maxAge !== undefined) exports.setMaxAge(options.maxAge);
  if (options.expires !== undefined) exports.setExpires(options.expires);
  const { secure, httpOnly, partitioned, sameSite, maxSize } = options;
  exports.setFlags(
    Number(secure ?? false),
    Number(httpOnly ?? false),
    Number(partitioned ?? false),
  );
  if (sameSite !== undefined) exports.setSameSite(SAME_SITE.indexOf(sameSite));
  const pointer = maxSize === undefined ? exports.build() : exports.buildWithin(maxSize);
  return textResult(driver, pointer);
}

test("the examples of RFC 6265, section 3.1, with the attributes in our order", () => {
  const value = "31d4d96e407aad42";
  assert.equal(build("SID", value), "SID=31d4d96e407aad42");
  assert.equal(
    build("SID", value, { path: "/", domain: "example.com" }),
    "SID=31d4d96e407aad42; Domain=example.com; Path=/",
  );
  assert.equal(
    build("SID", value, { path: "/", secure: true, httpOnly: true }),
    "SID=31d4d96e407aad42; Path=/; Secure; HttpOnly",
  );
  assert.equal(
    build("lang", "en-US", { expires: 1623233894n }),
    "lang=en-US; Expires=Wed, 09 Jun 2021 10:18:14 GMT",
  );
  assert.equal(
    build("lang", "", { expires: 784111777n }),
    "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
  );
});

test("every attribute", () => {
  const all = {
    path: "/a b",
    domain: ".example.com",
    maxAge: -1n,
    expires: 0n,
    secure: true,
    httpOnly: true,
    partitioned: true,
    sameSite: "None",
  } as const;
  assert.equal(
    build("__Secure-a", '"b"', all),
    '__Secure-a="b"; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=-1; Domain=.example.com; Path=/a b; Secure; HttpOnly; SameSite=None; Partitioned',
  );
  assert.equal(build("a", "b", { sameSite: "Lax", maxAge: 0n }), "a=b; Max-Age=0; SameSite=Lax");
  assert.equal(build("a", "b", { sameSite: "Strict" }), "a=b; SameSite=Strict");
  const host = build("__Host-a", "b", { path: "/", secure: true });
  assert.equal(host, "__Host-a=b; Path=/; Secure");
});

describe("what is not allowed is refused", () => {
  const wrong = (field: string): string => `set-cookie: ${field}: character is not allowed`;
  const wantSecure = "set-cookie: __Host- and __Secure- want secure";
  const wantRoot = "set-cookie: __Host- wants path / and no domain";
  const cases: readonly [string, string, Options, string, number][] = [
    ["", "b", {}, "set-cookie: name is empty", 0],
    ["a=", "b", {}, wrong("name"), 1],
    ["a b", "b", {}, wrong("name"), 1],
    ["a\r\nx: y", "b", {}, wrong("name"), 1],
    ["é", "b", {}, wrong("name"), 0],
    ["a", "b; Secure", {}, wrong("value"), 1],
    ["a", "b\r\nSet-Cookie: c=d", {}, wrong("value"), 1],
    ["a", "b\n", {}, wrong("value"), 1],
    ["a", "\u0000", {}, wrong("value"), 0],
    ["a", "b c", {}, wrong("value"), 1],
    ["a", "b,c", {}, wrong("value"), 1],
    ["a", "b\\c", {}, wrong("value"), 1],
    ["a", 'b"c', {}, wrong("value"), 1],
    ["a", '"', {}, wrong("value"), 0],
    ["a", '"b;"', {}, wrong("value"), 2],
    ["a", "é", {}, wrong("value"), 0],
    ["a", "\u7f7f", {}, wrong("value"), 0],
    ["a", "\u007f", {}, wrong("value"), 0],
    ["a", "b", { path: "a" }, wrong("path"), 0],
    ["a", "b", { path: "/;x" }, wrong("path"), 1],
    ["a", "b", { path: "/\r\n" }, wrong("path"), 1],
    ["a", "b", { path: "/é" }, wrong("path"), 1],
    ["a", "b", { domain: "a b" }, wrong("domain"), 1],
    ["a", "b", { domain: "a;b" }, wrong("domain"), 1],
    ["a", "b", { domain: "a\n" }, wrong("domain"), 1],
    ["__Host-a", "b", { secure: true }, wantRoot, 0],
    ["__host-a", "b", { secure: true, path: "/", domain: "a" }, wantRoot, 0],
    ["__Host-a", "b", { path: "/" }, wantSecure, 0],
    ["__SECURE-a", "b", {}, wantSecure, 0],
    ["a", "b", { sameSite: "None" }, "set-cookie: SameSite=None and Partitioned want secure", 0],
    ["a", "b", { partitioned: true }, "set-cookie: SameSite=None and Partitioned want secure", 0],
    ["a", "b", { expires: 253402300800n }, "set-cookie: expires beyond the year 9999", 0],
    ["a", "b".repeat(4096), {}, "set-cookie: name and value are too long", 0],
    ["a", "bc", { maxSize: 2 }, "set-cookie: name and value are too long", 0],
    ["a", "b".repeat(16 * 1024 * 1024), {}, "set-cookie: name and value are too long", 0],
  ];
  for (const [name, value, options, error, offset] of cases) {
    const shown = JSON.stringify([name, value.slice(0, 30), Object.values(options).map(String)]);
    test(`${shown}: ${error}`, () => {
      assert.deepEqual(build(name, value, options), { error, offset });
    });
  }

  test("at a size below the limit, it is not", () => {
    assert.equal(build("a", "b".repeat(4095)), `a=${"b".repeat(4095)}`);
    const long = build("a", "b".repeat(5000), { maxSize: 5001 });
    assert.equal(typeof long, "string");
  });
});

testFuzzes(fuzzes, 3000, 4096);

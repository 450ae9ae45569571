import assert from "node:assert/strict";
import { before, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";

interface Exports {
  parse(uri: number): number;
}

let driver: Driver<Exports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/properties/spiffe-id.driver.ts"));
});

const parse = (uri: string): string | null =>
  driver.readText(driver.exports.parse(driver.writeText(uri)));

test("SPIFFE IDs are taken apart", () => {
  assert.equal(parse("spiffe://example.org"), "example.org ");
  assert.equal(
    parse("spiffe://example.org/ns/default/sa/web-1_A.b"),
    "example.org /ns/default/sa/web-1_A.b",
  );
  assert.equal(parse("spiffe://a_b-1.c/..."), "a_b-1.c /...");
  const domain = "d".repeat(255);
  assert.equal(parse(`spiffe://${domain}/x`), `${domain} /x`);
  const path = "/p".repeat((2048 - "spiffe://ex".length - 1) / 2);
  assert.equal(parse(`spiffe://exa${path}`), `exa ${path}`);
});

test("what is no SPIFFE ID by the letter of the standard is none", () => {
  for (const uri of [
    "",
    "spiffe",
    "spiffe://",
    "spiffe:///path",
    "SPIFFE://example.org/x",
    "https://example.org/x",
    "spiffe:/example.org/x",
    "spiffe://Example.org/x",
    "spiffe://example.org:80/x",
    "spiffe://user@example.org/x",
    "spiffe://example.org/",
    "spiffe://example.org/a/",
    "spiffe://example.org//a",
    "spiffe://example.org/a//b",
    "spiffe://example.org/.",
    "spiffe://example.org/a/../b",
    "spiffe://example.org/a/%41",
    "spiffe://example.org/a?b",
    "spiffe://example.org/a#b",
    "spiffe://example.org/ä",
    "spiffe://exämple.org/a",
    "spiffe://example.org/a b",
    " spiffe://example.org/a",
    `spiffe://${"d".repeat(256)}/x`,
    `spiffe://example.org/${"p".repeat(2048)}`,
  ]) {
    assert.equal(parse(uri), null, uri);
  }
});

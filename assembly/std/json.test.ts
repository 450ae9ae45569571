import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { JsonClient } from "../testing/json-client.ts";

let json: JsonClient;
before(async () => {
  json = await JsonClient.load();
});
beforeEach(() => {
  json.reset();
});

describe("reading a configuration", () => {
  const text =
    '{"header":"x-key","keys":["a","b"],"on":true,"rate":0.5,"port":8080,"tls":{"name":"n"},"none":null}';

  test("members are read by name and type", () => {
    const config = json.parse(text);
    assert.equal(config.string("header", "x"), "x-key");
    assert.equal(config.bool("on", false), true);
    assert.equal(config.number("rate", 1), 0.5);
    assert.equal(config.number("port", 1), 8080);
    assert.equal(config.integer("port", 1n), 8080n);
    assert.equal(config.integer("port", 1n, 1n, 65535n), 8080n);
    assert.equal(config.object("tls").required("name").asString(), "n");
    const keys = config.array("keys");
    assert.deepEqual([keys.length, keys.at(0).asString(), keys.at(1).asString()], [2, "a", "b"]);
    assert.equal(config.required("none").isNull, true);
    assert.equal(config.isNull, false);
    config.onlyKeys(["none", "header", "keys", "on", "rate", "port", "tls"]);
    assert.equal(config.error, null);
    assert.equal(config.errorOffset, -1);
  });

  test("an absent member has the fallback, or is null", () => {
    const config = json.parse("{}");
    assert.equal(config.string("a", "x"), "x");
    assert.equal(config.bool("a", true), true);
    assert.equal(config.integer("a", -7n), -7n);
    assert.equal(
      config.integer("a", 0n, 1n, 2n),
      0n,
      "the fallback is the author's and not checked",
    );
    assert.equal(config.number("a", 1.5), 1.5);
    assert.equal(config.get("a"), null);
    assert.equal(config.has("a"), false);
    assert.equal(config.length, 0);
    assert.equal(config.error, null);
  });

  test("members are listed in the order of the text, from either end", () => {
    const config = json.parse('{"b":1,"a":2,"10":3}');
    assert.deepEqual(
      [0, 1, 2].map((i) => config.keyAt(i)),
      ["b", "a", "10"],
    );
    assert.deepEqual(
      [0, 1, 2].map((i) => config.at(i).asInteger()),
      [1n, 2n, 3n],
    );
    assert.deepEqual([config.keyAt(-1), config.at(-3).asInteger()], ["10", 1n]);
    assert.equal(config.error, null);
  });

  test("kinds are told apart", () => {
    const values = json.parse('[null,true,false,0,"",[],{}]');
    const kinds = Array.from({ length: values.length }, (_, i) => values.at(i).kind);
    assert.deepEqual(kinds, ["Null", "Boolean", "Boolean", "Number", "String", "Array", "Object"]);
  });

  test("keys match as they read, not as they are written", () => {
    const config = json.parse(String.raw`{"\u0061\n":1,"\\n":2,"\ud83d\ude00":3,"":4}`);
    assert.equal(config.integer("a\n", 0n), 1n);
    assert.equal(config.integer("\\n", 0n), 2n);
    assert.equal(config.integer("\u{1f600}", 0n), 3n);
    assert.equal(config.integer("", 0n), 4n);
    assert.equal(config.has("a"), false);
    assert.equal(config.has("a\\n"), false);
    assert.equal(config.has("\\u0061\\n"), false);
  });

  test("strings may hold every code unit, lone surrogates as well", () => {
    const all = Array.from({ length: 0x1_0000 }, (_, unit) => String.fromCharCode(unit)).join("");
    assert.equal(json.parse(JSON.stringify(all)).asString(), all);
    const raw = all.slice(0x20).replace(/["\\]/g, "");
    assert.equal(json.parse(`"${raw}"`).asString(), raw);
    const escapes = Array.from(
      { length: 0x1_0000 },
      (_, unit) => `\\u${unit.toString(16).padStart(4, "0")}`,
    );
    assert.equal(json.parse(`"${escapes.join("")}"`).asString(), all);
  });

  test("whole numbers are exact to 64 bits, however they are written", () => {
    // prettier-ignore
    const cases: [string, bigint][] = [
      ["0", 0n], ["-0", 0n], ["9223372036854775807", 2n ** 63n - 1n], ["-9223372036854775808", -(2n ** 63n)],
      ["9007199254740993", 9007199254740993n], ["1e3", 1000n], ["1E+06", 1000000n], ["2.0", 2n], ["1.50e1", 15n],
      ["1200e-2", 12n], ["-0.0e99999999999999999999", 0n], ["0e-99999999999999999999", 0n],
      [`1${"0".repeat(10_000)}e-10000`, 1n], [`0.${"0".repeat(10_000)}7e10001`, 7n],
    ];
    for (const [text, value] of cases) {
      const node = json.parse(text);
      assert.equal(node.asInteger(), value, text);
      assert.equal(node.error, null);
    }
  });

  test("with duplicate keys allowed, the last one counts and all are listed", () => {
    const config = json.parse('{"a":1,"b":2,"a":3}', { allowDuplicateKeys: true });
    assert.equal(config.integer("a", 0n), 3n);
    assert.equal(config.length, 3);
    assert.deepEqual(
      [0, 1, 2].map((i) => config.keyAt(i)),
      ["a", "b", "a"],
    );
    assert.equal(config.error, null);
  });
});

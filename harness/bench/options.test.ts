import assert from "node:assert/strict";
import { test } from "node:test";
import { argumentsOf } from "../testing/command.ts";
import { benchCommand } from "./cli.ts";
import { benchOptions, type BenchOptions } from "./options.ts";

function optionsOf(...line: string[]): BenchOptions {
  return benchOptions(argumentsOf(benchCommand, line));
}

const usage = { name: "ToolError", code: "ERR_USAGE" };

test("filters are taken in order, each with its configuration and the name given to it", () => {
  const { filters } = optionsOf(
    "hello",
    "old=a/b.wasm",
    "--config",
    "{}",
    "--seed",
    "3",
    "new=./c=d",
  );
  assert.deepEqual(filters, [
    { filter: "hello", config: null, label: null },
    { filter: "a/b.wasm", config: "{}", label: "old" },
    { filter: "./c=d", config: null, label: "new" },
  ]);
});

test("no filter at all is an error", () => {
  assert.throws(() => optionsOf("--quick"), usage);
});

test("how long to measure is said in one way", () => {
  const lengths = (...argv: string[]): unknown => {
    const { bursts, client } = optionsOf("f", ...argv);
    return [bursts, client];
  };
  const seconds = (bursts: number, client: number): unknown => [
    { rounds: Infinity, seconds: bursts },
    { rounds: Infinity, seconds: client },
  ];
  assert.deepEqual(lengths(), seconds(21, 9));
  assert.deepEqual(lengths("--seconds", "10"), seconds(7, 3));
  assert.deepEqual(lengths("--rounds", "25"), [
    { rounds: 25, seconds: Infinity },
    { rounds: 3, seconds: Infinity },
  ]);
  for (const argv of [
    ["--quick", "--rounds", "3"],
    ["--seconds", "3", "--rounds", "3"],
    ["--seconds", "0"],
    ["--rounds", "many"],
    ["--rate", "0"],
    ["--seed=-1"],
  ]) {
    assert.throws(() => lengths(...argv), usage, argv.join(" "));
  }
});

test("headers are added to those that are sent anyway, or replace them", () => {
  const { headers } = optionsOf(
    "f",
    "--header",
    "X-Api-Key: s3cret ",
    "--header",
    "Accept:text/html",
  ).request;
  assert.ok(headers.some(([name]) => name === "user-agent"));
  assert.deepEqual(headers.slice(-2), [
    ["X-Api-Key", "s3cret"],
    ["Accept", "text/html"],
  ]);
  assert.equal(headers.filter(([name]) => name.toLowerCase() === "accept").length, 1);
});

test("a header or path that would break the request is refused", () => {
  for (const header of [
    "no-colon",
    ": x",
    "a b: c",
    "a: b\r\nc: d",
    "a: \0",
    "Content-Length: 3",
  ]) {
    assert.throws(() => optionsOf("f", "--header", header), usage, header);
  }
  for (const path of ["", "x", "/a b", "/\r\n", "/ü"]) {
    assert.throws(() => optionsOf("f", "--path", path), usage, path);
  }
  assert.equal(optionsOf("f", "--path", "/a?b=%20").request.path, "/a?b=%20");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { argumentsOf } from "../testing/command.ts";
import { benchCommand } from "./cli.ts";
import { benchOptions, type BenchOptions } from "./options.ts";

function optionsOf(...line: string[]): Promise<BenchOptions> {
  return benchOptions(argumentsOf(benchCommand, line));
}

const usage = { name: "ToolError", code: "ERR_USAGE" };

test("filters are taken in order, each with its configuration and the name given to it", async () => {
  const { filters } = await optionsOf(
    "hello",
    "old=a/b.wasm",
    "--config",
    "{}",
    "--seed",
    "3",
    "new=./c=d",
    "--compare",
    "base=git:main",
  );
  assert.deepEqual(filters, [
    { filter: "hello", config: null, label: null, compared: false },
    { filter: "a/b.wasm", config: "{}", label: "old", compared: false },
    { filter: "./c=d", config: null, label: "new", compared: false },
    { filter: "git:main", config: null, label: "base", compared: true },
  ]);
});

test("no filter at all is an error", async () => {
  await assert.rejects(optionsOf("--quick"), usage);
});

test("how long to measure is said in one way", async () => {
  const lengths = async (...argv: string[]): Promise<unknown> => {
    const { starts, lengths } = await optionsOf("f", ...argv);
    return [starts, lengths.bursts, lengths.sides];
  };
  const limit = (rounds: number, seconds: number): unknown => ({ rounds, seconds });
  assert.deepEqual(await lengths(), [14, limit(Infinity, 15), limit(Infinity, 2.5)]);
  assert.deepEqual(await lengths("--seconds", "10"), [14, limit(Infinity, 6), limit(Infinity, 1)]);
  assert.equal((await optionsOf("f", "--quick")).starts, 6);
  assert.deepEqual(await lengths("--rounds", "45"), [2, limit(45, Infinity), limit(5, Infinity)]);
  assert.deepEqual(await lengths("--rounds", "3", "--starts", "2"), [
    2,
    limit(3, Infinity),
    limit(1, Infinity),
  ]);
});

test("what is out of range is refused, with the flag and the range", async () => {
  const refused: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
    [["--quick", "--rounds", "3"], /^--rounds and --quick exclude/],
    [["--seconds", "3", "--rounds", "3"], /exclude each other/],
    [["--seconds", "0"], /^--seconds wants a number from 1 to 86400, not 0$/],
    [["--rounds", "many"], /^--rounds wants a number from 1 to 1000000/],
    [["--starts", "0"], /^--starts wants a number from 1 to 100/],
    [["--seed=-1"], /^--seed wants a number from 0 to 999999999/],
    [["--rate", "0"], /^--rate wants up to 8 numbers from 1 to 50000/],
    [["--rate", "5,"], /^--rate wants/],
    [["--body", "1048577"], /^--body wants a number from 0 to 1048576/],
    [["--response-body", "x"], /^--response-body wants/],
    [["--connections", "0"], /^--connections wants a number from 1 to 256/],
    [["--workers", "65"], /^--workers wants a number from 1 to 64/],
    [["--sample-headers", "91"], /^--sample-headers wants a number from 0 to 90/],
    [["--sweep", "headers"], /^--sweep wants DIMENSION=VALUE/],
    [["--sweep", "colour=1"], /^--sweep wants DIMENSION=VALUE/],
    [["--sweep", "toString=1"], /^--sweep wants DIMENSION=VALUE/],
    [["--sweep", "headers=1,91"], /^--sweep headers wants numbers from 0 to 90, not 91$/],
    [["--sweep", "tls=maybe"], /^--sweep tls wants off and on, not maybe$/],
    [["--sweep", "tls=on,on"], /^--sweep tls wants up to 12 different values/],
    [["--sweep", "tls=on", "--sweep", "tls=off"], /^--sweep tls was given twice/],
    [["--load", "ab"], /^--load wants one of wrk, h2load, fortio, k6, not ab$/],
    [["--markdown", "-"], /^--markdown wants the name of a file/],
    [["--json", "a", "--junit", "a"], /name the same file/],
  ];
  for (const [argv, message] of refused) {
    await assert.rejects(optionsOf("f", ...argv), { ...usage, message }, argv.join(" "));
  }
});

test("a sweep changes one thing of the traffic", async () => {
  const { traffic, sweeps } = await optionsOf(
    ...["f", "--header", "x-own: 1", "--sweep", "headers=0,2", "--sweep", "protocol=http2"],
  );
  const [headers, protocol] = sweeps;
  const names = headers?.points.map(({ of }) => of(traffic).request.headers.map(([name]) => name));
  assert.deepEqual(names, [
    ["user-agent", "accept", "x-own"],
    ["x-sample-0", "x-sample-1", "user-agent", "accept", "x-own"],
  ]);
  const http2 = protocol?.points[0]?.of(traffic);
  assert.deepEqual(http2, { ...traffic, wire: { protocol: "http2", tls: false } });
});

test("the flags of the report leave out what may be secret", async () => {
  const { flags } = await optionsOf(
    ...["f", "--config", '{"key":"s3cret"}', "--header", "x-key: s3cret", "--seed", "4", "--cold"],
  );
  assert.deepEqual(flags, ["f", "--config ...", "--header ...", "--seed 4", "--cold"]);
});

test("headers are added to those that are sent anyway, or replace them", async () => {
  const { traffic } = await optionsOf(
    "f",
    "--header",
    "X-Api-Key: s3cret ",
    "--header",
    "Accept:text/html",
  );
  const { headers } = traffic.request;
  assert.ok(headers.some(([name]) => name === "user-agent"));
  assert.deepEqual(headers.slice(-2), [
    ["X-Api-Key", "s3cret"],
    ["Accept", "text/html"],
  ]);
  assert.equal(headers.filter(([name]) => name.toLowerCase() === "accept").length, 1);
});

test("a header or path that would break the request is refused", async () => {
  for (const header of [
    "no-colon",
    ": x",
    "a b: c",
    "a: b\r\nc: d",
    "a: \0",
    "Content-Length: 3",
    "x-bench-upstream: 1",
  ]) {
    await assert.rejects(optionsOf("f", "--header", header), usage, header);
  }
  for (const path of ["", "x", "/a b", "/\r\n", "/ü"]) {
    await assert.rejects(optionsOf("f", "--path", path), usage, path);
  }
  const { traffic } = await optionsOf("f", "--path", "/a?b=%20");
  assert.equal(traffic.request.path, "/a?b=%20");
});

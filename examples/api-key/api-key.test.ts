import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadFilter } from "as-proxy-wasm/testing";
import type { Header } from "as-proxy-wasm/testing";

const configuration = readFileSync(new URL("config.json", import.meta.url), "utf8");

test("a request with a key reaches the upstream, without the key", async (t) => {
  const filter = await loadFilter(t, "api-key", { configuration });
  for (const key of ["example-key-1", "example-key-2"]) {
    const { status, upstream } = await filter.request({
      path: "/private",
      headers: [
        ["X-Api-Key", key],
        ["x-other", "kept"],
      ],
    });
    assert.equal(status, 200);
    assert.equal(upstream?.path, "/private");
    assert.equal(upstream.header("x-api-key"), null);
    assert.equal(upstream.header("x-other"), "kept");
  }
});

test("a request without a key, or with a wrong one, is answered 401", async (t) => {
  const filter = await loadFilter(t, "api-key", { configuration });
  const attempts: readonly Header[][] = [
    [],
    [["x-api-key", ""]],
    [["x-api-key", "example-key-3"]],
    [["x-api-key", "example-key-"]],
    [["x-api-key", "example-key-11"]],
    [["x-api-key", "EXAMPLE-KEY-1"]],
    [["x-api-key", "\xff\xfe"]],
    [
      ["x-api-key", "wrong"],
      ["x-api-key", "example-key-1"],
    ],
  ];
  for (const headers of attempts) {
    const reply = await filter.request({ headers });
    assert.equal(reply.status, 401, JSON.stringify(headers));
    assert.equal(reply.upstream, null);
    assert.equal(reply.body, "a valid API key is required\n");
    assert.deepEqual(reply.values("www-authenticate"), ["ApiKey"]);
  }
});

test("no second key slips through behind a valid one", async (t) => {
  const filter = await loadFilter(t, "api-key", { configuration });
  const { status, upstream } = await filter.request({
    headers: [
      ["x-api-key", "example-key-1"],
      ["x-api-key", "example-key-2"],
    ],
  });
  assert.equal(status, 200);
  assert.deepEqual(upstream?.values("x-api-key"), []);
});

test("the header and the keys come from the configuration, whatever their script", async (t) => {
  const filter = await loadFilter(t, "api-key", {
    configuration: { header: "x-pass", keys: ["schlüssel 🔑"] },
  });
  const key = Buffer.from("schlüssel 🔑");
  const reply = await filter.request({ headers: { "x-pass": key } });
  assert.equal(reply.status, 200);
  assert.equal(reply.upstream?.header("x-pass"), null);
  assert.equal((await filter.request({ headers: { "x-api-key": key } })).status, 401);
});

for (const [configuration, problem] of [
  ['{"keys": ["a", null]}', "$.keys[1]: expected a string, found null"],
  ['{"keys": []}', "$.keys: must hold at least one key"],
  ['{"keys": ["a", ""]}', "$.keys[1]: must not be empty"],
  ["{}", "$.keys: missing"],
  ['{"keys": "a"}', "$.keys: expected an array, found a string"],
  ['{"header": "", "keys": ["a"]}', "$.header: must not be empty"],
  ['{"header": 1, "keys": ["a"]}', "$.header: expected a string, found a number"],
  ['{"headr": "x", "keys": ["a"]}', "$.headr: unknown key"],
  ['{"keys": ["a"]', "$: line 1, column 15:"],
  ["", "$: line 1, column 1:"],
] as const) {
  test(`the configuration ${configuration || "''"} is refused: ${problem}`, async (t) => {
    await assert.rejects(
      loadFilter(t, "api-key", { configuration }),
      (error: Error & { code?: string; detail?: string }) => {
        assert.equal(error.code, "ERR_FILTER_REFUSED");
        assert.ok(error.detail?.includes(`api-key: configuration: ${problem}`), error.detail);
        return true;
      },
    );
  });
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startProxy, testTraffic, valuesOf } from "as-proxy-wasm/harness";
import { build } from "as-proxy-wasm/sdk";
import { traffic } from "./api-key.traffic.ts";

testTraffic({
  filter: "examples/api-key",
  configuration: readFileSync("examples/api-key/config.json", "utf8"),
  traffic,
});

let folder = "";
let module = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "api-key-"));
  module = (await build({ entry: "examples/api-key", out: join(folder, "api-key.wasm") })).out;
});
after(() => rm(folder, { recursive: true }));

test("the header and the keys come from the configuration, whatever their script", async (t) => {
  const configuration = JSON.stringify({ header: "x-pass", keys: ["schlüssel 🔑"] });
  const proxy = await startProxy({ filters: [{ name: "api-key", module, configuration }] });
  t.after(() => proxy.stop());
  const key = Buffer.from("schlüssel 🔑");
  const exchange = await proxy.send({ headers: [["x-pass", key]] });
  assert.equal(exchange.status, 200);
  assert.deepEqual(valuesOf({ headers: exchange.upstream?.headers ?? [] }, "x-pass"), []);
  assert.equal((await proxy.send({ headers: [["x-api-key", key]] })).status, 401);
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
  test(`the configuration ${configuration || "''"} is refused: ${problem}`, async () => {
    const filters = [{ name: "api-key", module, configuration }];
    await assert.rejects(
      startProxy({ filters }),
      (error: Error & { code?: string; detail?: string }) => {
        assert.equal(error.code, "ERR_FILTER_REFUSED");
        assert.ok(error.detail?.includes(`api-key: configuration: ${problem}`), error.detail);
        return true;
      },
    );
  });
}

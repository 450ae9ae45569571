import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startProxy } from "../harness/proxy.ts";
import { ToolError } from "../sdk/errors.ts";
import { packageRoot } from "../sdk/package-root.ts";
import { buildFilter, proxyFor } from "./support/filters.ts";

const FILTER = "conformance/filters/trap.ts";
const source = readFileSync(join(packageRoot(), FILTER), "utf8").split("\n");
const lineOf = (text: string): number => source.findIndex((line) => line.includes(text)) + 1;

for (const [path, message] of [
  // The bounds check itself stands in the library.
  ["/index", /^Index out of range at ~lib\/array\.ts:\d+:\d+$/],
  [
    "/throw",
    new RegExp(
      `^thrown: ünïcödé at conformance/filters/trap\\.ts:${lineOf("throw new Error")}:\\d+$`,
    ),
  ],
] as const) {
  test(`a trap at ${path} is logged with its message and its place`, async (t) => {
    const proxy = await proxyFor(t, { module: await buildFilter(t, FILTER) });
    assert.equal((await proxy.send({ path: "/fine" })).status, 200);
    assert.equal((await proxy.send({ path })).status, 503);
    await proxy.stop();
    const critical = proxy.envoy.wasmLogs
      .filter((line) => line.level === "critical")
      .map((line) => line.text);
    assert.equal(critical.length, 1);
    assert.match(critical[0] ?? "", message);
    assert.match(
      proxy.envoy.output(),
      /in-VM backtrace:\n.*abort\n.*proxy_on_request_headers/,
      "Envoy prints a backtrace with names",
    );
  });
}

test("a trap in onConfigure is told apart from a refusal", async (t) => {
  const module = await buildFilter(t, FILTER);
  const error = await startProxy({
    filters: [{ name: "trap", module, configuration: "trap" }],
  }).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof ToolError);
  assert.equal(error.code, "ERR_FILTER_TRAPPED");
  assert.match(
    error.detail ?? "",
    new RegExp(`asked to trap at conformance/filters/trap\\.ts:${lineOf("asked to trap")}:\\d+`),
  );
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { TrapWatcher } from "../harness/envoy/trap-watcher.ts";
import { startProxy } from "../harness/proxy.ts";
import { startEcho } from "../harness/traffic/echo.ts";
import { request } from "../harness/traffic/client.ts";
import { build } from "../sdk/compiler/build.ts";
import { ToolError } from "../sdk/errors.ts";
import { createHost } from "../sdk/host/host.ts";
import { packageRoot } from "../sdk/package-root.ts";
import { temporaryFolder } from "../sdk/testing/temporary-folder.ts";
import { explainHostTrap, sourcesOf } from "../sdk/trap/index.ts";
import type { TrapReport } from "../sdk/trap/index.ts";
import { buildFilter } from "./support/filters.ts";
import { envoyWith } from "./support/listeners.ts";

const FILTER = "conformance/filters/trap.ts";
const source = readFileSync(join(packageRoot(), FILTER), "utf8").split("\n");
const lineOf = (text: string): number => source.findIndex((line) => line.endsWith(text)) + 1;

/** By the path that traps: the message, and the functions on the way to the callback. */
const TRAPS: ReadonlyMap<string, { readonly message: RegExp; readonly own: readonly string[] }> =
  new Map([
    ["/index", { message: /^Index out of range$/, own: ["Trap#onRequestHeaders"] }],
    ["/throw", { message: /^thrown: ünïcödé$/, own: ["Trap#onRequestHeaders"] }],
    ["/absent", { message: /^Unexpected 'null'/, own: ["Trap#onRequestHeaders"] }],
    ["/cast", { message: /^invalid downcast$/, own: ["Trap#onRequestHeaders"] }],
    ["/divide", { message: /^divide by zero$/, own: ["Trap#onRequestHeaders"] }],
    ["/load", { message: /^memory access out of bounds$/, own: ["Trap#onRequestHeaders"] }],
    ["/unreachable", { message: /^unreachable$/, own: ["Trap#onRequestHeaders"] }],
    ["/inlined", { message: /^Index out of range$/, own: ["Trap#onRequestHeaders"] }],
    ["/deep", { message: /^Index out of range$/, own: ["deep", "Trap#onRequestHeaders"] }],
    ["/recursion", { message: /Maximum call stack size exceeded$/, own: ["endless"] }],
  ]);

/** Builds the filter with its source map. */
async function buildTraps(t: TestContext): Promise<string> {
  const out = join(await temporaryFolder(t), "trap.wasm");
  await build({ entry: FILTER, cwd: packageRoot(), out, debug: true });
  return out;
}

function assertExplained(path: string, report: TrapReport | undefined): void {
  const expected = TRAPS.get(path);
  assert.ok(report !== undefined && expected !== undefined, `${path}: no trap was seen`);
  assert.equal(report.callback, "proxy_on_request_headers");
  assert.match(report.message, expected.message);
  assert.equal(report.place?.file, FILTER, path);
  assert.equal(report.place.line, lineOf(`// ${path}`), path);
  assert.ok(report.codeFrame?.includes(`// ${path}`), path);
  const names = report.stack.map(({ name }) => name);
  for (const name of expected.own) assert.ok(names.includes(name), `${path}: ${names.join(", ")}`);
}

test("a trap is reported with its message, its line and its stack, on the host and in Envoy", async (t) => {
  const module = await buildTraps(t);
  const sources = await sourcesOf(module);
  assert.ok(sources !== null);

  const wasm = readFileSync(module);
  for (const path of TRAPS.keys()) {
    await using host = await createHost({ wasm });
    assert.equal((await host.request({ path })).status, 503);
    const [failure] = host.failures;
    assert.ok(failure !== undefined, path);
    assertExplained(path, explainHostTrap(failure, sources));
  }

  const reports: TrapReport[] = [];
  const watcher = new TrapWatcher(new Map([["trap", sources]]));
  const echo = await startEcho();
  t.after(() => echo.close());
  const envoy = await envoyWith(
    t,
    echo.port,
    // A VM of its own for each: a trap ends it.
    Array.from(TRAPS.keys(), (path) => ({
      name: path,
      filters: [{ name: "trap", module, vmId: path }],
    })),
    {
      onLine: (line) => {
        const seen = watcher.push(line);
        if (seen !== null) reports.push(seen.report);
      },
    },
  );
  for (const path of TRAPS.keys()) {
    assert.equal((await request({ port: envoy.port(path), path: "/fine" })).status, 200);
    assert.equal((await request({ port: envoy.port(path), path })).status, 503);
  }
  await envoy.stop();
  assert.equal(reports.length, TRAPS.size);
  for (const [index, path] of [...TRAPS.keys()].entries()) assertExplained(path, reports[index]);
});

test("an abort is logged with its message and its place, without a source map too", async (t) => {
  const module = await buildFilter(t, FILTER);
  for (const [path, line] of [
    ["/index", /^Index out of range at ~lib\/array\.ts:\d+:\d+$/],
    [
      "/throw",
      new RegExp(`^thrown: ünïcödé at ${FILTER.replace(".", "\\.")}:${lineOf("// /throw")}:\\d+$`),
    ],
  ] as const) {
    await using proxy = await startProxy({ filters: [{ name: "trap", module }] });
    assert.equal((await proxy.send({ path })).status, 503);
    await proxy.stop();
    const critical = proxy.envoy.wasmLogs.filter(({ level }) => level === "critical");
    assert.equal(critical.length, 1);
    assert.match(critical[0]?.text ?? "", line);
    assert.match(
      proxy.envoy.output(),
      /in-VM backtrace:\n.*abort\n[^]*proxy_on_request_headers/,
      "Envoy prints a backtrace with names",
    );
  }
});

test("a trap in onConfigure is told apart from a refusal", async (t) => {
  const module = await buildFilter(t, FILTER);
  const error = await startProxy({
    filters: [{ name: "trap", module, configuration: "trap" }],
  }).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof ToolError);
  assert.equal(error.code, "ERR_FILTER_TRAPPED");
  assert.match(
    error.detail ?? "",
    new RegExp(
      `asked to trap at conformance/filters/trap\\.ts:${lineOf('"asked to trap");')}:\\d+`,
    ),
  );
});

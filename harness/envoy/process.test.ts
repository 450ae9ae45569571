import assert from "node:assert/strict";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ToolError } from "../../sdk/errors.ts";
import { guardedFolder } from "../guarded-folder.ts";
import type { GuardedFolder } from "../guarded-folder.ts";
import { isRunning, exists, Lines, oneListener, testEnvoy } from "../testing/envoy.ts";
import { logAt, writeModule } from "../testing/modules.ts";
import type { ModuleParts } from "../testing/modules.ts";
import { request } from "../traffic/client.ts";
import { startEcho } from "../traffic/echo.ts";
import type { Echo } from "../traffic/echo.ts";
import { bootstrap } from "./bootstrap.ts";
import { trapOf } from "./failure.ts";
import { startEnvoy } from "./process.ts";
import type { EnvoyOptions } from "./process.ts";

let binary = "";
let scratch: GuardedFolder;
let folder = "";
before(async () => {
  binary = await testEnvoy();
  scratch = await guardedFolder();
  folder = scratch.path;
});
after(() => scratch.remove());

/** Starts an Envoy that is expected to fail, and answers the error. */
async function failure(
  options: Omit<EnvoyOptions, "binary"> & { readonly binary?: string },
): Promise<ToolError> {
  const before = await ourFolders();
  try {
    const envoy = await startEnvoy({ binary, ...options });
    await envoy.stop();
  } catch (error) {
    assert.ok(error instanceof ToolError, String(error));
    for (const name of await ourFolders()) {
      // Other test files have theirs; what our process has made must be gone.
      if (before.includes(name)) continue;
      const owner = await readFile(join(tmpdir(), name, "envoy.json"), "utf8").catch(() => "");
      assert.ok(!owner.includes(folder), `${name} was left behind`);
    }
    return error;
  }
  return assert.fail("Envoy started");
}

async function ourFolders(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith("as-proxy-wasm-"));
}

test("Envoy starts on free ports, answers, and is gone with its folder after stop", async () => {
  const envoy = await startEnvoy({ binary, bootstrap: oneListener([]) });
  const answer = await request({ port: envoy.port("test") });
  assert.equal(answer.status, 200);
  assert.equal(answer.body.toString(), "direct");
  assert.equal(await envoy.admin("/ready"), "LIVE\n");
  assert.ok(await isRunning(envoy.pid, envoy.folder));
  await Promise.all([envoy.stop(), envoy.stop()]);
  await envoy.stop();
  assert.deepEqual(await envoy.exited, { code: 0, signal: null });
  assert.ok(!(await isRunning(envoy.pid, envoy.folder)));
  assert.ok(!(await exists(envoy.folder)));
});

test("several Envoys run at once, each with its own ports", async () => {
  const envoys = await Promise.all(
    ["one", "two", "three"].map((body) =>
      startEnvoy({
        binary,
        bootstrap: oneListener([], { upstream: { kind: "direct", status: 200, body } }),
      }),
    ),
  );
  const bodies = await Promise.all(
    envoys.map(async (envoy) => (await request({ port: envoy.port("test") })).body.toString()),
  );
  await Promise.all(envoys.map((envoy) => envoy.stop()));
  assert.deepEqual(bodies, ["one", "two", "three"]);
});

test("requests go through the filters to a cluster, with headers above Envoy's default limits", async () => {
  const echo = await startEcho();
  const module = await writeModule(folder, "limits");
  const envoy = await startEnvoy({
    binary,
    bootstrap: bootstrap({
      listeners: [
        {
          name: "test",
          filters: [{ name: "limits", module }],
          upstream: { kind: "cluster", cluster: "echo" },
          maxRequestHeadersCount: 2000,
          maxRequestHeadersKb: 8192,
        },
      ],
      clusters: [{ name: "echo", host: "127.0.0.1", port: echo.port }],
    }),
  });
  const headers = Array.from({ length: 1500 }, (_, at): [string, string] => [
    `x-${at}`,
    "v".repeat(500),
  ]);
  const answer = await request({
    port: envoy.port("test"),
    path: "/a?b",
    headers,
    body: "hé",
    method: "POST",
  });
  await envoy.stop();
  await echo.close();
  assert.equal(answer.status, 200);
  const seen = JSON.parse(answer.body.toString()) as Echo;
  assert.deepEqual([seen.method, seen.path, seen.body], ["POST", "/a?b", "hé"]);
  assert.deepEqual(
    seen.headers.filter(([name]) => /^x-\d+$/.test(name)),
    headers,
  );
});

test("a filter's log lines come whole and with its name, whatever bytes they hold", async () => {
  const text = 'é "quoted" back\\slash\ttab\n[critical][wasm] second line\r\n\u0001';
  const module = await writeModule(folder, "logs", {
    extra: '(data (i32.const 4096) "a request")',
    requestHeaders: `${logAt(3, 4096, 9)} (i32.const 0)`,
  });
  const lines = new Lines();
  await using envoy = await startEnvoy({
    binary,
    bootstrap: oneListener([
      { name: "first", module, configuration: text },
      { name: "second", module, configuration: "plain", rootId: "some root" },
    ]),
    onLine: lines.add,
  });
  for (const [plugin, words] of [
    ["first", text],
    ["second", "plain"],
  ] as const) {
    const line = await lines.until((one) => one.wasm?.plugin === plugin);
    assert.deepEqual(line.wasm, { level: "info", plugin, text: words });
  }
  await request({ port: envoy.port("test") });
  // A stream's lines begin in another way than those of its plugin.
  for (const plugin of ["first", "second"]) {
    const line = await lines.until((one) => one.level === "warn" && one.wasm?.plugin === plugin);
    assert.equal(line.wasm?.text, "a request");
  }
});

test("lines below the chosen level are not shown, and all are at trace", async () => {
  const module = await writeModule(folder, "levels", {
    extra: '(data (i32.const 4096) "quiet")',
    configure: `${logAt(0, 4096, 5)} (i32.const 1)`,
  });
  const bootstrap = oneListener([{ name: "levels", module }]);
  const quiet = await startEnvoy({ binary, bootstrap });
  await quiet.stop();
  assert.deepEqual(quiet.wasmLogs, []);
  const loud = await startEnvoy({ binary, bootstrap, filterLogLevel: "trace" });
  await loud.stop();
  assert.deepEqual(loud.wasmLogs[0], { level: "trace", plugin: "levels", text: "quiet" });
});

test("statistics are read by prefix and by expression", async () => {
  await using envoy = await startEnvoy({ binary, bootstrap: oneListener([]) });
  await request({ port: envoy.port("test") });
  await request({ port: envoy.port("test") });
  assert.deepEqual(
    await envoy.stats("http.test.downstream_rq_total"),
    new Map([["http.test.downstream_rq_total", 2]]),
  );
  assert.equal((await envoy.stats(/^http\.test\..*rq_2xx$/)).get("http.test.downstream_rq_2xx"), 2);
  assert.equal((await envoy.stats("no such")).size, 0);
});

test("reopenLogs returns when the access log holds every request", async () => {
  const accessLog = { path: "access.log", format: "%REQ(:PATH)%\n" };
  await using envoy = await startEnvoy({ binary, bootstrap: oneListener([], { accessLog }) });
  const port = envoy.port("test");
  for (const path of ["/1", "/2", "/3"]) await request({ port, path });
  // The answer to /reopen_logs comes from another thread than the log lines do.
  while (
    ((await envoy.stats("filesystem.write_buffered")).get("filesystem.write_buffered") ?? 0) < 3
  );
  await envoy.reopenLogs();
  assert.equal(await readFile(join(envoy.folder, "access.log"), "utf8"), "/1\n/2\n/3\n");
});

test("a filter that refuses its configuration is named, with what it has logged", async () => {
  const module = await writeModule(folder, "refuses", {
    extra: '(data (i32.const 4096) "keys: must not be empty")',
    configure: `${logAt(4, 4096, 23)} (i32.const 0)`,
  });
  const error = await failure({ bootstrap: oneListener([{ name: "api-key", module }]) });
  assert.equal(error.code, "ERR_FILTER_REFUSED");
  assert.equal(error.message, "the filter api-key refused its configuration");
  assert.match(
    error.detail ?? "",
    /^\[error\]\[wasm\] wasm log api-key: keys: must not be empty$/m,
  );
});

test("a filter that traps at start is said to have trapped, and where", async () => {
  const traps: [where: string, parts: ModuleParts][] = [
    ["proxy_on_configure", { configure: "(unreachable)" }],
    ["proxy_on_vm_start", { vmStart: "(unreachable)" }],
    ["_initialize", { extra: '(func (export "_initialize") (unreachable))' }],
    ["its start section", { extra: "(func $top (unreachable)) (start $top)" }],
  ];
  for (const [where, parts] of traps) {
    const module = await writeModule(folder, "traps", parts);
    const error = await failure({ bootstrap: oneListener([{ name: "bad", module }]) });
    assert.equal(error.code, "ERR_FILTER_TRAPPED");
    assert.equal(error.message, `the filter bad trapped at start, in ${where}`);
    assert.match(error.detail ?? "", /RuntimeError: unreachable/);
  }
});

test("a module with an unknown import is refused by the name of the import", async () => {
  const imports = '(import "env" "abort" (func $abort))';
  const module = await writeModule(folder, "unknown-import", { imports });
  const error = await failure({ bootstrap: oneListener([{ name: "bad", module }]) });
  assert.equal(error.code, "ERR_FILTER_REFUSED");
  assert.equal(error.message, "the filter bad imports env.abort, which Envoy does not have");
});

test("an import with other parameters than Envoy's is refused by its name", async () => {
  const imports = '(import "env" "proxy_done" (func $done (param i32)))';
  const module = await writeModule(folder, "import-type", { imports });
  const error = await failure({ bootstrap: oneListener([{ name: "bad", module }]) });
  assert.equal(error.code, "ERR_FILTER_REFUSED");
  assert.equal(
    error.message,
    "the filter bad imports env.proxy_done with other parameters than Envoy's",
  );
});

test("a module without a known ABI version is refused", async () => {
  const module = await writeModule(folder, "no-marker", { abiMarker: "proxy_abi_version_9_9_9" });
  const error = await failure({ bootstrap: oneListener([{ name: "bad", module }]) });
  assert.equal(error.code, "ERR_FILTER_REFUSED");
  assert.match(error.message, /exports no Proxy-Wasm ABI version that Envoy knows/);
});

test("a file that is no module is refused", async () => {
  const module = join(folder, "garbage.wasm");
  await writeFile(module, "no module");
  const error = await failure({ bootstrap: oneListener([{ name: "bad", module }]) });
  assert.equal(error.code, "ERR_FILTER_REFUSED");
  assert.equal(error.message, "the filter bad is no valid WebAssembly module");
});

test("a port that is taken is named", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const error = await failure({ bootstrap: oneListener([], { port }) });
  await new Promise((resolve) => server.close(resolve));
  assert.equal(error.code, "ERR_PORT_TAKEN");
  assert.match(error.message, new RegExp(`port ${port} `));
});

test("Envoy's own text is shown when it refuses the configuration for another reason", async () => {
  const upstream = { kind: "cluster", cluster: "missing" } as const;
  const error = await failure({ bootstrap: oneListener([], { upstream }) });
  assert.equal(error.code, "ERR_ENVOY_FAILED");
  assert.match(error.detail ?? "", /unknown cluster 'missing'/);
});

test("a filter that loops for ever at start is given up and killed", async () => {
  const module = await writeModule(folder, "loops", {
    configure: "(loop $for_ever (br $for_ever)) (i32.const 1)",
  });
  const error = await failure({
    bootstrap: oneListener([{ name: "loops", module }]),
    startTimeout: 1_000,
  });
  assert.equal(error.code, "ERR_ENVOY_FAILED");
  assert.match(error.message, /did not become ready in 1 s/);
});

test("a binary that is missing, not executable or no program is ERR_NO_ENVOY", async () => {
  const plain = join(folder, "plain");
  await writeFile(plain, "text");
  const broken = join(folder, "broken");
  await writeFile(broken, "#!/no/such/interpreter\n");
  await chmod(broken, 0o755);
  for (const binary of [join(folder, "missing"), folder, plain, broken]) {
    const error = await failure({ binary, bootstrap: oneListener([]) });
    assert.equal(error.code, "ERR_NO_ENVOY", binary);
  }
});

test("aborting ends a start that is under way, and an Envoy that runs", async () => {
  const reason = new Error("enough");
  const early = new AbortController();
  const starting = startEnvoy({ binary, bootstrap: oneListener([]), signal: early.signal });
  early.abort(reason);
  await assert.rejects(starting, reason);

  const late = new AbortController();
  const envoy = await startEnvoy({ binary, bootstrap: oneListener([]), signal: late.signal });
  late.abort();
  await envoy.exited;
  await envoy.stop();
  assert.ok(!(await exists(envoy.folder)));
});

test("a trap while serving is reported with its callback and the names on the stack", async () => {
  const module = await writeModule(folder, "serving", {
    requestHeaders: "(unreachable)",
    names: true,
  });
  const lines = new Lines();
  await using envoy = await startEnvoy({
    binary,
    bootstrap: oneListener([{ name: "bad", module }]),
    onLine: lines.add,
  });
  assert.equal((await request({ port: envoy.port("test") })).status, 503);
  const trap = trapOf(await lines.until((line) => trapOf(line) !== null));
  assert.equal(trap?.callback, "proxy_on_request_headers");
  assert.match(trap.reason, /unreachable/);
  assert.match(trap.backtrace, /proxy_on_request_headers/);
});

test("a filter that floods the log does not fill our memory", async () => {
  // 64 KiB of text a request: 300 of them are far more than what is kept.
  const module = await writeModule(folder, "floods", {
    extra: '(data (i32.const 4096) "start")',
    requestHeaders: `${logAt(2, 4096, 60_000)} (i32.const 0)`,
  });
  await using envoy = await startEnvoy({
    binary,
    bootstrap: oneListener([{ name: "floods", module }]),
  });
  for (let count = 0; count < 300; count++) await request({ port: envoy.port("test") });
  const kept = envoy.wasmLogs.reduce((sum, line) => sum + line.text.length, 0);
  assert.ok(kept <= 4 * 1024 * 1024, `${kept} characters are kept`);
  assert.ok(envoy.output().length <= 512 * 1024);
});

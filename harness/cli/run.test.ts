import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ErrorCode } from "../../sdk/errors.ts";
import { ExitCode, ToolError } from "../../sdk/errors.ts";
import { guardedFolder } from "../guarded-folder.ts";
import type { GuardedFolder } from "../guarded-folder.ts";
import { argumentsOf, TestIo } from "../testing/command.ts";
import { logAt, writeModule } from "../testing/modules.ts";
import { request } from "../traffic/client.ts";
import type { Echo } from "../traffic/echo.ts";
import { runCommand } from "./run.ts";

let scratch: GuardedFolder;
let folder = "";
let logger = "";
before(async () => {
  scratch = await guardedFolder();
  folder = scratch.path;
  logger = await writeModule(folder, "logger");
});
after(() => scratch.remove());

interface Running {
  readonly io: TestIo;
  readonly port: number;
  stop(): Promise<ExitCode>;
}

/** Starts the command and waits until it says where it listens. */
async function run(...line: string[]): Promise<Running> {
  const io = new TestIo();
  const ended = runCommand.run(argumentsOf(runCommand, line), io);
  const listening = io.until(/^http:\/\/127\.0\.0\.1:(\d+)$/m);
  const first = await Promise.race([listening, ended]);
  assert.ok(typeof first !== "number", "it ended at once");
  const stop = (): Promise<ExitCode> => {
    io.interrupt();
    return ended;
  };
  return { io, port: Number(first[1]), stop };
}

async function fails(code: ErrorCode, ...line: string[]): Promise<ToolError> {
  const io = new TestIo();
  try {
    await runCommand.run(argumentsOf(runCommand, line), io);
  } catch (error) {
    assert.ok(error instanceof ToolError, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail("it ran");
}

test("a filter runs in front of the echo; Ctrl-C ends it with 0", async () => {
  const running = await run(logger, "--config", '{"a":1}');
  const answer = await request({ port: running.port, path: "/hello" });
  assert.equal((JSON.parse(answer.body.toString()) as Echo).path, "/hello");
  await running.io.until(/^logger info: \{"a":1\}$/m);
  assert.match(running.io.stderr, /: logger -> echo$/m);
  assert.match(
    running.io.stderr,
    new RegExp(`^try: curl -i http://127\\.0\\.0\\.1:${running.port}/`, "m"),
  );
  assert.equal(await running.stop(), ExitCode.Ok);
  await assert.rejects(request({ port: running.port }), /ECONNREFUSED/);
});

test("filters run in the order given, each with the configuration behind it", async () => {
  const file = join(folder, "second.json");
  await writeFile(file, '{"from":"file"}');
  const other = await writeModule(folder, "other");
  const running = await run(logger, "--config", '"first"', other, `--config=${file}`);
  await running.io.until(/^logger info: "first"$/m);
  await running.io.until(/^other info: \{"from":"file"\}$/m);
  assert.match(running.io.stderr, /: logger -> other -> echo$/m);
  await running.stop();
});

test("control characters and line ends in a log line do not reach the terminal", async () => {
  const running = await run(logger, "--config", '["\\u001b"]');
  await running.io.until(/^logger info: \["\\u001b"\]$/m);
  await running.stop();
  const file = join(folder, "raw.txt");
  await writeFile(file, "one\n\u001b[31mtwo\u009b\n");
  const raw = await run(logger, "--config", file);
  await raw.io.until(/^logger info: one\n {2}\\x1b\[31mtwo\\x9b\n/m);
  await raw.stop();
});

test("--upstream and --port are used", async () => {
  const upstream = createServer((_request, response) => {
    response.end("mine");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => upstream.once("listening", resolve));
  const { port } = upstream.address() as AddressInfo;
  const free = createTcpServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => free.once("listening", resolve));
  const wanted = (free.address() as AddressInfo).port;
  await fails("ERR_PORT_TAKEN", logger, "--port", String(wanted));
  await new Promise((resolve) => free.close(resolve));
  const running = await run(
    logger,
    "--upstream",
    `http://localhost:${port}`,
    "--port",
    String(wanted),
  );
  assert.equal(running.port, wanted);
  assert.equal((await request({ port: wanted })).body.toString(), "mine");
  await running.stop();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

test("a trap while serving is shown with what happens next", async () => {
  const bad = await writeModule(folder, "bad", { requestHeaders: "(unreachable)" });
  const running = await run(bad);
  assert.equal((await request({ port: running.port })).status, 503);
  await running.io.until(/^the filter bad: proxy_on_request_headers trapped: unreachable$/m);
  assert.match(running.io.stderr, /answers 503 to every request from now on/);
  assert.equal(await running.stop(), ExitCode.Ok);
});

test("a trap of a filter that was built on the way is shown with its line", async () => {
  const running = await run("conformance/filters/trap.ts");
  assert.equal((await request({ port: running.port, path: "/divide" })).status, 503);
  await running.io.until(/^ {2} {2}at conformance\/filters\/trap\.ts:\d+:\d+$/m);
  await running.io.until(/^ {2}\d+ \|.*\/\/ \/divide$/m);
  assert.match(running.io.stderr, /^the filter trap: proxy_on_request_headers trapped: divide/m);
  assert.equal(await running.stop(), ExitCode.Ok);
});

test("Ctrl-C during the start is an interruption", async () => {
  const io = new TestIo();
  const ended = runCommand.run(argumentsOf(runCommand, [logger]), io);
  io.interrupt();
  assert.equal(await ended, ExitCode.Interrupted);
});

test("what Envoy refuses ends the command with Envoy's words and leaves nothing", async () => {
  const refusing = await writeModule(folder, "refusing", {
    extra: '(data (i32.const 4096) "no keys")',
    configure: `${logAt(4, 4096, 7)} (i32.const 0)`,
  });
  const error = await fails("ERR_FILTER_REFUSED", logger, refusing);
  assert.match(error.message, /refusing refused its configuration/);
  assert.match(error.detail ?? "", /no keys/);
});

test("the command line is checked before anything starts", async () => {
  const usage: string[][] = [
    [],
    ["--config", "{}", logger],
    [logger, "--config", "{}", "--config", "{}"],
    [logger, "--port", "70000"],
    [logger, "--port", "x"],
    [logger, "--concurrency", "0"],
    [logger, "--log-level", "loud"],
    [logger, "--upstream", "https://localhost:1"],
    [logger, "--upstream", "localhost:3000"],
    [logger, "--upstream", "http://localhost:3000/path"],
    [logger, "--cluster", "auth"],
    [logger, "--cluster", "auth=localhost"],
    [logger, "--cluster", "auth=localhost:0"],
    [logger, "--cluster", "upstream=localhost:1"],
    [logger, "--cluster", "a=b:1", "--cluster", "a=b:2"],
  ];
  for (const line of usage) await fails("ERR_USAGE", ...line);
});

test("filters and configurations that are not there or not right are named", async () => {
  const text = join(folder, "text.wasm");
  await writeFile(text, "no wasm");
  assert.match((await fails("ERR_NOT_WASM", text)).message, /text\.wasm is no WebAssembly module/);
  await fails("ERR_FILE_NOT_FOUND", "no/such.wasm");
  assert.match(
    (await fails("ERR_FILE_NOT_FOUND", "no-example")).hint ?? "",
    /the examples are: .*hello/,
  );
  await fails("ERR_FILE_NOT_FOUND", logger, "--config", "missing.json");
  const invalid = await fails("ERR_CONFIG_INVALID", logger, "--config", '{"a": 1,}');
  assert.match(invalid.message, /line 1, column 9/);
});

test("--envoy is used, and a bad one is refused", async () => {
  await fails("ERR_NO_ENVOY", logger, "--envoy", join(folder, "none"));
});

test("an Envoy that dies meanwhile is an error with its text", async () => {
  const io = new TestIo();
  const ended = runCommand.run(argumentsOf(runCommand, [logger]), io);
  const [, port] = await io.until(/^http:\/\/127\.0\.0\.1:(\d+)$/m);
  await killListener(Number(port));
  await assert.rejects(
    ended,
    (error) => error instanceof ToolError && error.code === "ERR_ENVOY_FAILED",
  );
});

/** Ends the Envoy with a listener on this port, as its own admin interface lets anyone do. */
async function killListener(port: number): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith("as-proxy-wasm-")) continue;
    const address = await readFile(join(tmpdir(), name, "admin-address"), "utf8").catch(() => "");
    const admin = Number(/:(\d+)$/.exec(address)?.[1] ?? 0);
    if (admin === 0) continue;
    const listeners = await request({ port: admin, path: "/listeners" });
    if (!listeners.body.toString().includes(`:${port}\n`)) continue;
    await request({ port: admin, path: "/quitquitquit", method: "POST" });
    return;
  }
  assert.fail("its Envoy was not found");
}

// `dev` as a whole, around a real Envoy: what each change of its files leads to.
import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ExitCode, ToolError } from "../../sdk/errors.ts";
import type { ErrorCode } from "../../sdk/errors.ts";
import { devCommand } from "../cli/dev.ts";
import { guardedFolder } from "../guarded-folder.ts";
import type { GuardedFolder } from "../guarded-folder.ts";
import { argumentsOf, TestIo } from "../testing/command.ts";
import { exists } from "../testing/envoy.ts";
import { writeModule } from "../testing/modules.ts";
import { request } from "../traffic/client.ts";
import { valuesOf } from "../traffic/response.ts";
import { listenLocally } from "../traffic/listen.ts";

let scratch: GuardedFolder;
let folder = "";
before(async () => {
  scratch = await guardedFolder();
  folder = join(scratch.path, "cwd");
  const temporary = join(scratch.path, "tmp");
  await mkdir(folder);
  await mkdir(temporary);
  // What is left behind in it is then ours.
  process.env["TMPDIR"] = temporary;
  process.chdir(folder);
});
after(async () => {
  const left = await readdir(tmpdir());
  process.chdir("/");
  await scratch.remove();
  assert.deepEqual(left, [], "nothing is left behind");
});

/** A filter that answers by itself with what says which one it is. */
function filterText(answer: string, more = ""): string {
  return `import { Action, Configuration, HttpFilter, LocalResponse, Plugin, RequestHeaders, log, registerPlugin } from "as-proxy-wasm";
import { suffix } from "./suffix";
class P extends Plugin {
  text: string = "";
  override onConfigure(configuration: Configuration): bool {
    this.text = configuration.text();
    if (this.text == '{"bad":1}') { log.error("that is bad"); return false; }
    return true;
  }
  override createHttpFilter(): HttpFilter { return new F(this); }
}
class F extends HttpFilter {
  constructor(private readonly plugin: P) { super(); }
  override onRequestHeaders(headers: RequestHeaders): Action {
    log.info("asked");
    if (headers.has("x-trap")) unreachable();
    ${more}
    return new LocalResponse(200, "${answer}" + suffix() + this.plugin.text).send();
  }
}
registerPlugin<P>("f");
`;
}

async function writeFilter(name: string, answer: string): Promise<void> {
  await mkdir(name, { recursive: true });
  await writeFile(join(name, "filter.ts"), filterText(answer));
  await writeFile(join(name, "suffix.ts"), 'export function suffix(): string { return "!"; }\n');
}

interface Running {
  readonly io: TestIo;
  readonly port: number;
  /** What a request is answered. */
  readonly answer: (headers?: readonly (readonly [string, string])[]) => Promise<string>;
  readonly stop: () => Promise<ExitCode>;
}

function start(...line: string[]): { io: TestIo; ended: Promise<ExitCode> } {
  const io = new TestIo();
  const ended = devCommand.run(argumentsOf(devCommand, line), io);
  // Whoever waits for it is told; nobody need.
  ended.catch(() => undefined);
  return { io, ended };
}

async function run(...line: string[]): Promise<Running> {
  const { io, ended } = start(...line);
  const listening = io.until(/^http:\/\/127\.0\.0\.1:(\d+)$/m);
  const first = await Promise.race([listening, ended]);
  assert.ok(typeof first !== "number", "it ended at once");
  const port = Number(first[1]);
  return {
    io,
    port,
    answer: async (headers = []) => {
      const response = await request({ port, headers });
      return response.status === 200 ? response.body.toString() : String(response.status);
    },
    stop: () => {
      io.interrupt();
      return ended;
    },
  };
}

async function fails(code: ErrorCode, ...line: string[]): Promise<ToolError> {
  try {
    await start(...line).ended;
  } catch (error) {
    assert.ok(error instanceof ToolError, String(error));
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail("it ran");
}

test("each change of any source and of the configuration is served, and mistakes leave what serves", async () => {
  await writeFilter("follow", "one");
  await writeFile("settings.json", '{"a":1}');
  const { io, answer, stop } = await run("follow", "--config", "settings.json");
  assert.equal(await answer(), 'one!{"a":1}');
  await io.until(/^follow info: asked {2}follow\/filter\.ts:15:5$/m);

  // A file that is imported, a mistake in it, and its mending.
  await writeFile("follow/suffix.ts", 'export function suffix(): string { return "?"; }\n');
  await io.until(/build 2: follow\/suffix\.ts changed: .* built in .* swapped in \d+ ms/);
  assert.equal(await answer(), 'one?{"a":1}');
  await writeFile("follow/suffix.ts", 'export function suffix(): string { return "?" }}\n');
  await io.until(
    /build 3: .*not built\nerror ERR_COMPILE: [^]*suffix\.ts:1:[^]*\^?~[^]*build 2 keeps serving/,
  );
  assert.equal(await answer(), 'one?{"a":1}');

  // The source goes away and comes back.
  await rename("follow", "away");
  await io.until(/build 4: .*not built\nerror ERR_FILE_NOT_FOUND/);
  assert.equal(await answer(), 'one?{"a":1}');
  await writeFile("away/suffix.ts", 'export function suffix(): string { return "..."; }\n');
  await rename("away", "follow");
  await io.until(/build 5: .*swapped/);
  assert.equal(await answer(), 'one...{"a":1}');

  // The configuration: no JSON, refused by the filter, right again.
  await writeFile("settings.json", '{"a":');
  await io.until(/build 6: settings\.json changed: not built\nerror ERR_CONFIG_INVALID: .*line 1/);
  await writeFile("settings.json", '{"bad":1}');
  await io.until(
    /build 7: .*Envoy refused it\nerror ERR_FILTER_REFUSED: .*refused its configuration/,
  );
  await io.until(/that is bad \(follow\/filter\.ts:7:\d+\)[^]*build 5 keeps serving/);
  assert.equal(await answer(), 'one...{"a":1}');
  await writeFile("settings.json", '{"a":1}');
  await io.until(/build 8: .*the same module as serves already/);
  await writeFile("settings.json", '{"a":2}');
  await io.until(/build 9: .*swapped/);
  assert.equal(await answer(), 'one...{"a":2}');

  // A trap ends the VM; the next change brings a new one, even one that changes no byte.
  assert.equal(await answer([["x-trap", "1"]]), "503");
  await io.until(/proxy_on_request_headers trapped: .*unreachable\n.*at follow\/filter\.ts:16:\d/);
  assert.equal(await answer(), "503");
  await writeFile("follow/filter.ts", `${await readFile("follow/filter.ts", "utf8")}\n`);
  await io.until(/build 10: .*swapped/);
  assert.equal(await answer(), 'one...{"a":2}');
  assert.equal(await stop(), ExitCode.Ok);
});

test("a first build that fails is waited for to be mended", async () => {
  await writeFilter("late", "late");
  await writeFile("late/filter.ts", "class {");
  const { io, ended } = start("late", "--no-page");
  await io.until(
    /build 1: not built\nerror ERR_COMPILE[^]*nothing serves yet: waiting for a change/,
  );
  await writeFile("late/filter.ts", filterText("late"));
  const [, port] = await io.until(/^http:\/\/127\.0\.0\.1:(\d+)$/m);
  assert.equal((await request({ port: Number(port) })).body.toString(), "late!");
  assert.doesNotMatch(io.stderr, /^page:/m);
  io.interrupt();
  assert.equal(await ended, ExitCode.Ok);
});

test("a first module that Envoy refuses is waited for to be mended", async () => {
  await writeFilter("refused", "fine");
  await writeFile("refused/config.json", '{"bad":1}');
  const { io, ended } = start("refused");
  await io.until(/build 1: .*Envoy refused it\n[^]*nothing serves yet/);
  await writeFile("refused/config.json", '{"good":1}');
  await io.until(/build 2: .*swapped/);
  const [, port] = await io.until(/^http:\/\/127\.0\.0\.1:(\d+)$/m);
  assert.equal((await request({ port: Number(port) })).body.toString(), 'fine!{"good":1}');
  io.interrupt();
  assert.equal(await ended, ExitCode.Ok);
});

test("a module that another compiler writes is followed, too", async () => {
  const status = (code: number): Parameters<typeof writeModule>[2] => ({
    imports: `(import "env" "proxy_send_local_response"
      (func $respond (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))`,
    requestHeaders: `(drop (call $respond (i32.const ${code}) (i32.const 0) (i32.const 0) (i32.const 0)
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const -1)))
      (i32.const 1)`,
  });
  const module = await writeModule(folder, "other", status(201));
  const { io, answer, stop } = await run("other.wasm");
  assert.equal(await answer(), "201");
  await writeModule(folder, "next", status(202));
  await copyFile("next.wasm", module);
  await io.until(/build 2: other\.wasm changed: .*swapped/);
  assert.equal(await answer(), "202");
  await writeFile(module, "no module");
  await io.until(/build 3: .*not built\nerror ERR_NOT_WASM/);
  assert.equal(await answer(), "202");
  await stop();
});

test("an Envoy that dies ends it with exit code 3", async () => {
  await writeFilter("dies", "dies");
  const { io, ended } = start("dies");
  await io.until(/^http:\/\/127/m);
  process.kill(await envoyPid(), "SIGKILL");
  await assert.rejects(ended, (error) => {
    assert.ok(error instanceof ToolError, String(error));
    assert.match(error.message, /^Envoy has ended \(signal SIGKILL\)$/);
    return error.exitCode === ExitCode.Environment;
  });
});

/** The pid of the one Envoy that runs in our temporary folder. */
async function envoyPid(): Promise<number> {
  for (const entry of await readdir("/proc")) {
    const command = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    if (command.includes(`${tmpdir()}/`) && command.includes("--component-log-level")) {
      return Number(entry);
    }
  }
  return assert.fail("its Envoy was not found");
}

test("Ctrl-C ends it at any time, before it listens as an interruption", async () => {
  await writeFilter("ends", "ends");
  const early = start("ends");
  early.io.interrupt();
  assert.equal(await early.ended, ExitCode.Interrupted);
  const building = start("ends");
  await building.io.until(/^page:/m);
  building.io.interrupt();
  assert.equal(await building.ended, ExitCode.Interrupted);
});

test("ports that are taken, and files that are not there, are named before anything runs", async (t) => {
  await writeFilter("bad", "bad");
  const server = createServer();
  await listenLocally(server);
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const page = await fails("ERR_PORT_TAKEN", "bad", "--page-port", String(port));
  assert.match(page.message, new RegExp(`port ${port} .*page`));
  const envoy = await fails("ERR_PORT_TAKEN", "bad", "--port", String(port));
  assert.match(envoy.message, new RegExp(`port ${port}`));
  await fails("ERR_FILE_NOT_FOUND", "no/such.ts");
  await fails("ERR_NO_ENVOY", "bad", "--envoy", "none");
  await fails("ERR_USAGE");
  await fails("ERR_USAGE", "bad", "bad");
  await fails("ERR_USAGE", "bad", "--page-port", "x");
  assert.ok(await exists("bad/filter.ts"));
});

test("the upstream gets what the filter lets through, and the client what it makes of the answer", async () => {
  const { io, port, stop } = await run("hello");
  const response = await request({ port, path: "/here" });
  assert.deepEqual(valuesOf(response, "x-hello"), ["client"]);
  assert.match(response.body.toString(), /"x-hello",\s*"world"/);
  assert.match(io.stderr, /: hello -> echo$/m);
  await stop();
});

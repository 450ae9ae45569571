// The streams and signals of a real process: each test runs one that does what a command would.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { test } from "node:test";
import type { TestContext } from "node:test";
import * as esbuild from "esbuild";
import { ExitCode } from "../errors.ts";
import { packageRoot } from "../package-root.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { wantsColor } from "./node-io.ts";

/** A program that says when it is ready and when it was asked to stop, and does not stop. */
const STUBBORN = `
  const io = nodeIo();
  io.signal.addEventListener("abort", () => io.out("asked to stop\\n"));
  setInterval(() => {}, 1000);
  io.out("ready\\n");
`;

/** A program that writes until it is asked to stop, writes once more, and ends as it wants to. */
const TALKATIVE = `
  const io = nodeIo();
  io.signal.addEventListener("abort", () => {
    clearInterval(talk);
    io.out("nobody reads this\\n");
    process.exitCode = 7;
  });
  const talk = setInterval(() => io.out("more\\n"), 1);
`;

/** Writes a program that has nodeIo in scope, and gives the file. */
async function write(t: TestContext, program: string): Promise<string> {
  const file = join(await temporaryFolder(t), "program.mjs");
  await esbuild.build({
    stdin: {
      contents: `import { nodeIo } from "./sdk/cli/node-io.ts"; ${program}`,
      resolveDir: packageRoot(),
    },
    outfile: file,
    bundle: true,
    format: "esm",
    platform: "node",
  });
  return file;
}

/** Starts a program that has nodeIo in scope. */
async function start(
  t: TestContext,
  program: string,
): Promise<ChildProcessByStdio<null, Readable, Readable>> {
  const file = await write(t, program);
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  test(`the first ${signal} asks to stop, the second one ends the process at once`, async (t) => {
    const child = await start(t, STUBBORN);
    const lines: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      lines.push(line);
      child.kill(signal);
    }
    assert.deepEqual(lines, ["ready", "asked to stop"]);
    if (child.exitCode === null) await once(child, "exit");
    assert.equal(child.exitCode, ExitCode.Interrupted);
  });
}

test("a reader that goes away asks to stop, and is no crash", async (t) => {
  const child = await start(t, TALKATIVE);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  await once(child.stdout, "data");
  child.stdout.destroy();
  await once(child, "close");
  assert.deepEqual([child.exitCode, stderr], [7, ""]);
});

test("output that is lost is told, and is a failure", async (t) => {
  const file = await open(join(await temporaryFolder(t), "out"), constants.O_CREAT);
  t.after(() => file.close());
  const program = await write(t, `nodeIo().out("lost\\n"); process.exitCode = 0;`);
  const { status, stderr } = spawnSync(process.execPath, [program], {
    stdio: ["ignore", file.fd, "pipe"],
    encoding: "utf8",
  });
  assert.equal(status, ExitCode.Usage);
  assert.match(stderr, /^error ERR_FILE_WRITE: the output cannot be written: .*EBADF.*\n$/);
});

test("colour is for terminals, unless NO_COLOR or FORCE_COLOR say otherwise", () => {
  assert.equal(wantsColor({}, true), true);
  assert.equal(wantsColor({}, false), false);
  assert.equal(wantsColor({ NO_COLOR: "1" }, true), false);
  assert.equal(wantsColor({ NO_COLOR: "" }, true), true);
  assert.equal(wantsColor({ FORCE_COLOR: "1" }, false), true);
  assert.equal(wantsColor({ FORCE_COLOR: "" }, false), true);
  assert.equal(wantsColor({ FORCE_COLOR: "0" }, true), false);
  assert.equal(wantsColor({ FORCE_COLOR: "1", NO_COLOR: "1" }, false), true);
});

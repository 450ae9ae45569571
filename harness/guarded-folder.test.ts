import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import * as esbuild from "esbuild";
import { packageRoot } from "../sdk/package-root.ts";
import { exists, gone, isRunning, testEnvoy } from "./testing/envoy.ts";
import { guardedFolder } from "./guarded-folder.ts";
import type { GuardedFolder } from "./guarded-folder.ts";

// A process that starts an Envoy, says where it is, and ends in the way that it is told to.
const CHILD = `
import { startEnvoy } from "./harness/envoy/process.ts";
import { oneListener } from "./harness/testing/envoy.ts";
const [binary, way] = process.argv.slice(2);
const envoy = await startEnvoy({ binary, bootstrap: oneListener([]) });
console.log(JSON.stringify({ pid: envoy.pid, folder: envoy.folder }));
if (way === "exit") process.exit(0);
if (way === "throw") setImmediate(() => { throw new Error("a crash, on purpose"); });
`;

let binary = "";
let scratch: GuardedFolder;
let folder = "";
before(async () => {
  binary = await testEnvoy();
  scratch = await guardedFolder();
  folder = scratch.path;
  await esbuild.build({
    stdin: { contents: CHILD, resolveDir: packageRoot(), loader: "ts" },
    outfile: join(folder, "child.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
});
after(() => scratch.remove());

for (const way of ["SIGKILL", "SIGINT", "SIGTERM", "SIGHUP", "exit", "throw"] as const) {
  test(`Envoy and its folder are gone when our process ends by ${way}`, async () => {
    const child = spawn(process.execPath, [join(folder, "child.mjs"), binary, way], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const first = await firstLine(child.stdout);
    const envoy = JSON.parse(first) as { pid: number; folder: string };
    if (way.startsWith("SIG")) {
      assert.ok(await isRunning(envoy.pid, envoy.folder));
      child.kill(way as NodeJS.Signals);
    }
    await ended;
    await gone(envoy);
  });
}

test("a pid that now belongs to another process is left alone", async () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  const script = `
    import { guardedFolder } from "./harness/guarded-folder.ts";
    const guarded = await guardedFolder();
    guarded.watch(${other.pid ?? 0});
    console.log(guarded.path);
    process.exit(0);`;
  const built = await esbuild.build({
    stdin: { contents: script, resolveDir: packageRoot(), loader: "ts" },
    outfile: join(folder, "other.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
  });
  assert.deepEqual(built.errors, []);
  const child = spawn(process.execPath, [join(folder, "other.mjs")], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const path = await firstLine(child.stdout);
  while (await exists(path)) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(other.exitCode, null);
  assert.equal(other.signalCode, null);
  const ended = new Promise((resolve) => other.once("exit", resolve));
  assert.ok(other.kill("SIGKILL"));
  await ended;
});

test("a folder is removed with all that is in it, and its guard ends", async () => {
  const guarded = await guardedFolder();
  await writeFile(join(guarded.path, "file"), "text");
  await guarded.remove();
  assert.ok(!(await exists(guarded.path)));
});

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  return assert.fail("the process has printed nothing");
}

// `test --inspect`: a debugger can attach before the first test runs, stop in it, look, and go on.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { packageRoot } from "../sdk/package-root.ts";
import { temporaryFolder } from "../sdk/testing/temporary-folder.ts";

const TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
const secret = 41;
test("stops where it is told to", () => {
  debugger;
  assert.equal(secret, 41);
});
`;

/** Talks to an inspector as a debugger does: attaches, lets it run, and looks where it stops. */
const CLIENT = `
const socket = new WebSocket(process.argv[1]);
const urls = new Map();
const send = (id, method, params = {}) => socket.send(JSON.stringify({ id, method, params }));
socket.onopen = () => {
  send(1, "Runtime.enable");
  send(2, "Debugger.enable");
  send(3, "Runtime.evaluate", { expression: "6 * 7" });
  send(4, "Runtime.runIfWaitingForDebugger");
};
socket.onmessage = ({ data }) => {
  const { id, method, params, result } = JSON.parse(data);
  if (id === 3) console.log("evaluated " + result.result.value);
  if (method === "Debugger.scriptParsed") urls.set(params.scriptId, params.url);
  if (method === "Debugger.paused") {
    const [frame] = params.callFrames;
    const callFrameId = frame.callFrameId;
    console.log("paused in " + urls.get(frame.location.scriptId));
    send(5, "Debugger.evaluateOnCallFrame", { callFrameId, expression: "secret + 1" });
  }
  if (id === 5) {
    console.log("secret " + result.result.value);
    send(6, "Debugger.resume");
  }
  if (method === "Runtime.executionContextDestroyed") socket.close();
};
`;

interface Inspected {
  readonly child: ChildProcess;
  readonly caches: string;
  /** All that it has printed. */
  readonly output: () => string;
  /** Where the inspector listens, once it does. */
  readonly address: Promise<string>;
}

async function inspected(t: TestContext): Promise<Inspected> {
  const folder = await temporaryFolder(t);
  const caches = join(folder, "caches");
  await writeFile(join(folder, "one.test.ts"), TEST);
  const program = join(packageRoot(), "bin", "as-proxy-wasm.mjs");
  const child = spawn(process.execPath, [program, "test", "--inspect"], {
    cwd: folder,
    env: { ...process.env, XDG_CACHE_HOME: caches },
  });
  t.after(() => child.kill("SIGKILL"));
  let output = "";
  const address = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        const found = /^Debugger listening on (ws:\S+)\n/m.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    child.once("close", () => {
      reject(new Error(`it has ended: ${output}`));
    });
  });
  return { child, caches, output: () => output, address };
}

test("a debugger attaches before the first test, stops in it, and sees its variables", async (t) => {
  const { child, output, address } = await inspected(t);
  const client = spawn(
    process.execPath,
    ["--experimental-websocket", "--eval", CLIENT, await address],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  t.after(() => client.kill("SIGKILL"));
  let seen = "";
  client.stdout.on("data", (chunk: Buffer) => (seen += chunk.toString()));
  const [ended] = await Promise.all([once(child, "close"), once(client, "close")]);
  assert.match(seen, /^evaluated 42\npaused in file:\S+one\.test\.ts\.mjs\nsecret 42\n$/);
  assert.deepEqual(ended, [0, null], output());
  assert.match(output(), /^the tests wait for a debugger: /);
  assert.equal(output().split("Debugger listening on").length, 2, "the address is printed once");
  assert.match(output(), /✔ stops where it is told to[^]*^1 passed in 1 file,/m);
});

test("a second one takes another port; Ctrl-C ends what waits, and frees its port", async (t) => {
  const one = await inspected(t);
  const first = new URL(await one.address);
  const other = await inspected(t);
  assert.notEqual(new URL(await other.address).port, first.port);
  for (const { child, caches } of [one, other]) {
    const ended = once(child, "close");
    child.kill("SIGINT");
    assert.deepEqual(await ended, [130, null]);
    assert.deepEqual(await readdir(join(caches, "as-proxy-wasm")), []);
  }
  const [error] = (await once(
    createConnection({ host: first.hostname, port: Number(first.port) }),
    "error",
  )) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNREFUSED");
});

// What `dev` does when a filter holds Envoy: in its start, when it is swapped in, and by a request.
import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { test } from "node:test";
import { guardedFolder } from "../guarded-folder.ts";
import { TestIo } from "../testing/command.ts";
import { testEnvoy } from "../testing/envoy.ts";
import { writeModule } from "../testing/modules.ts";
import { request } from "../traffic/client.ts";
import { runSession } from "./session.ts";
import { Terminal } from "./terminal.ts";

const LOOP = "(loop $for_ever (br $for_ever))";
/** A module that answers by itself with a status, or does what comes first. */
const answer = (status: number, first = ""): Parameters<typeof writeModule>[2] => ({
  imports: `(import "env" "proxy_send_local_response"
    (func $respond (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))`,
  requestHeaders: `${first} (drop (call $respond (i32.const ${status}) (i32.const 0) (i32.const 0)
      (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const -1)))
    (i32.const 1)`,
});

test("a filter that holds Envoy is told within a bounded time, and what served before serves again", async () => {
  const scratch = await guardedFolder();
  const folder = scratch.path;
  const io = new TestIo();
  const make = (name: string, parts: Parameters<typeof writeModule>[2]): Promise<string> =>
    writeModule(folder, name, parts);
  const path = await make("filter", { configure: `${LOOP} (i32.const 1)` });
  const configuring = await make("configuring", {
    configure: `${LOOP} (i32.const 1)`,
    names: true,
  });
  const trapping = await make("trapping", { configure: "unreachable" });
  const good = await make("good", answer(201));
  const looping = await make("looping", answer(202, LOOP));
  const ended = runSession({
    source: { kind: "module", path, defaults: null },
    config: null,
    upstream: null,
    clusters: [],
    port: 0,
    envoy: await testEnvoy(),
    logLevel: "info",
    concurrency: 1,
    patience: { start: 4_000, callback: 2_000 },
    tell: new Terminal(io).tell,
    progress: () => undefined,
    signal: io.signal,
  });
  ended.catch(() => undefined);
  try {
    // The first module: Envoy never starts.
    await io.until(
      /build 1: .*Envoy hung in it\nerror ERR_FILTER_HUNG: Envoy had not started 4 s after/,
    );
    await io.until(/nothing serves yet: waiting for a change/);

    await copyFile(good, path);
    const [, port] = await io.until(/^http:\/\/127\.0\.0\.1:(\d+)$/m);
    const status = async (): Promise<number> => (await request({ port: Number(port) })).status;
    assert.equal(await status(), 201);

    // One that traps is refused: the old one goes on in the same Envoy.
    await copyFile(trapping, path);
    await io.until(/build 3: .*Envoy refused it\nerror ERR_FILTER_TRAPPED: .*proxy_on_configure/);
    await io.until(/build 2 keeps serving/);
    assert.equal(await status(), 201);

    // One that loops when it is swapped in: another Envoy, on the same port.
    await copyFile(configuring, path);
    await io.until(
      /build 4: .*Envoy hung in it\nerror ERR_FILTER_HUNG: Envoy hung for 2 s [^]*build 2 keeps serving/,
    );
    assert.equal(await status(), 201);

    // One that loops in a request: that request is lost, and the next would be another's.
    await copyFile(looping, path);
    await io.until(/build 5: .*swapped in/);
    await assert.rejects(status());
    await io.until(
      /a callback of build 5 had not ended after 2 s .* another has started with the same build$/m,
    );
    await copyFile(good, path);
    await io.until(/build 6: .*swapped in/);
    assert.equal(await status(), 201);
  } finally {
    io.interrupt();
    await ended;
    await scratch.remove();
  }
});

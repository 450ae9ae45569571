// The callbacks of a plugin: those that are overridden, and those that are called for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { inspectModule } from "../inspect/inspect.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { build } from "./build.ts";

/** The callbacks beside `proxy_on_request_headers` of a filter that does this for each request. */
async function callbacksOf(t: TestContext, top: string, statement: string): Promise<string[]> {
  const cwd = await temporaryFolder(t);
  const source = `import { Action, BatchedCounter, HttpFilter, Plugin, RequestHeaders, SharedQueue,
    Timer, registerHttpFilter, registerPlugin } from "as-proxy-wasm";
  ${top}
  class Each extends HttpFilter {
    override onRequestHeaders(headers: RequestHeaders): Action {
      ${statement}
      return Action.Continue;
    }
  }
  ${top.includes("Plugin") ? "" : 'registerHttpFilter<Each>("each");'}`;
  await writeFile(join(cwd, "filter.ts"), source);
  const out = join(cwd, "filter.wasm");
  await build({ entry: "filter.ts", cwd, out });
  return inspectModule(readFileSync(out))
    .exports.map(({ name }) => name)
    .filter((name) => name.startsWith("proxy_on_") && name !== "proxy_on_request_headers")
    .sort();
}

const OF_PLUGIN = ["proxy_on_context_create", "proxy_on_delete"];

test("what ticks has the callback for ticks, and knows the plugins", async (t) => {
  const ticking = [...OF_PLUGIN, "proxy_on_tick"];
  const counter = 'const hits = new BatchedCounter("hits");';
  assert.deepEqual(await callbacksOf(t, counter, "hits.increment();"), ticking);
  const timer = "class Later extends Timer { override onTimer(): void {} }";
  assert.deepEqual(await callbacksOf(t, timer, "new Later().once(5);"), ticking);
  assert.deepEqual(await callbacksOf(t, timer + counter, ""), [], "not for what is never started");
});

test("a queue that is registered has its callback, one that is only sent to has none", async (t) => {
  assert.deepEqual(await callbacksOf(t, "", 'new SharedQueue().register("q");'), [
    ...OF_PLUGIN,
    "proxy_on_queue_ready",
  ]);
  assert.deepEqual(await callbacksOf(t, "", 'new SharedQueue().resolve("", "q");'), []);
});

test("onDelete of a plugin and of a stream are not taken for each other", async (t) => {
  const plugin = (method: string): string =>
    `class Own extends Plugin {
      ${method}
      override createHttpFilter(): HttpFilter { return new Each(); }
    }
    registerPlugin<Own>("own");`;
  assert.deepEqual(await callbacksOf(t, plugin("override onDone(): bool { return true; }"), ""), [
    ...OF_PLUGIN,
    "proxy_on_done",
  ]);
  assert.deepEqual(await callbacksOf(t, plugin("override onDelete(): void {}"), ""), OF_PLUGIN);
});

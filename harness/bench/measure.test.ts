import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { WasmFilterSpec } from "../envoy/bootstrap.ts";
import { testEnvoy } from "../testing/envoy.ts";
import { logAt, writeModule, type ModuleParts } from "../testing/modules.ts";
import { measure, type Plan } from "./measure.ts";
import { KEPT } from "./measurement.ts";

let folder = "";
let binary = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "bench-measure-"));
  // What is left behind in it is then ours.
  process.env["TMPDIR"] = await mkdtemp(join(folder, "tmp-"));
  binary = await testEnvoy();
});
after(() => rm(folder, { recursive: true }));

async function filter(name: string, parts?: ModuleParts): Promise<WasmFilterSpec> {
  return { name, module: await writeModule(folder, name, parts) };
}

function plan(...filters: WasmFilterSpec[]): Plan {
  const length = { rounds: 3, seconds: Infinity };
  const request = { path: "/", headers: [] };
  return { filters, request, seed: 1, bursts: length, client: length, clientRate: 500 };
}

const never = new AbortController().signal;
const quiet = (): void => undefined;

test("every listener is measured by all meters, as often as planned", async () => {
  const phases = new Set<string>();
  const noop = await filter("noop");
  // A name that is no file name.
  const other = { ...noop, name: "other/filter", vmId: "other" };
  const result = await measure(binary, plan(noop, other), never, (phase, done) => {
    phases.add(phase);
    assert.ok(done >= 0 && done <= 1);
  });
  assert.deepEqual([...phases], ["warm-up", "bursts", "fixed rate"]);
  assert.equal(result.rounds, 3);
  assert.equal(result.clientRounds, 3);
  assert.equal(result.clientRatePerSecond, 500);
  assert.deepEqual(
    result.filters.map(({ name }) => name),
    ["noop", "other/filter"],
  );
  for (const listener of [result.base, result.control, ...result.filters]) {
    for (const samples of [listener.total, listener.headers, listener.body, listener.client]) {
      assert.equal(samples.length, 3 * KEPT);
      assert.ok(samples.every((nanoseconds) => nanoseconds > 0));
    }
    assert.equal(listener.cpu?.length ?? null, process.platform === "linux" ? 3 : null);
    assert.deepEqual([...listener.statuses], [[200, result.warmUpRequests + 120]]);
    assert.equal(listener.logLines, 0);
  }
});

test("what a filter logs is counted for it", async () => {
  const extra = '(data (i32.const 4096) "hello")';
  const chatty = await filter("chatty", {
    extra,
    requestHeaders: `${logAt(2, 4096, 5)} (i32.const 0)`,
  });
  const result = await measure(binary, plan(chatty), never, quiet);
  assert.equal(result.base.logLines, 0);
  assert.ok((result.filters[0]?.logLines ?? 0) > 0);
});

test("a filter that traps is named, with the callback", async () => {
  const noop = await filter("fine");
  const trapping = await filter("trapping", { requestHeaders: "(unreachable)" });
  await assert.rejects(measure(binary, plan(noop, trapping), never, quiet), {
    name: "ToolError",
    code: "ERR_FILTER_TRAPPED",
    message: "the filter trapping trapped while it was measured, in proxy_on_request_headers",
    detail: /unreachable/,
  });
});

test("a trap late in the run is found too", async () => {
  // Past the warm-up of at most 1500 requests, and within the 100 rounds of 20 that follow.
  const late = await filter("late", {
    extra: "(global $left (mut i32) (i32.const 1520))",
    requestHeaders: `(global.set $left (i32.sub (global.get $left) (i32.const 1)))
      (if (i32.eqz (global.get $left)) (then (unreachable)))
      (i32.const 0)`,
  });
  const long = { ...plan(late), bursts: { rounds: 100, seconds: Infinity } };
  await assert.rejects(measure(binary, long, never, quiet), {
    code: "ERR_FILTER_TRAPPED",
    message: /^the filter late trapped/,
  });
});

test("an aborted run rejects with the reason and leaves nothing behind", async () => {
  const noop = await filter("aborted");
  for (const when of ["warm-up", "bursts", "fixed rate"]) {
    const abort = new AbortController();
    const reason = new Error("enough");
    const running = measure(binary, plan(noop), abort.signal, (phase) => {
      if (phase === when) abort.abort(reason);
    });
    await assert.rejects(running, reason);
  }
  assert.deepEqual(await readdir(tmpdir()), []);
});

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { WasmFilterSpec } from "../envoy/bootstrap.ts";
import { killEnvoysIn, testEnvoy } from "../testing/envoy.ts";
import { logAt, writeModule, type ModuleParts } from "../testing/modules.ts";
import { measure } from "./measure.ts";
import { COLD_BURST, keptOf, WARM_BURST } from "./measurement.ts";
import type { Plan } from "./plan.ts";

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
  return {
    filters,
    traffic: {
      request: { path: "/", headers: [] },
      responseBodyBytes: 2,
      wire: { protocol: "http1", tls: false },
      connections: 1,
      workers: 1,
    },
    burst: WARM_BURST,
    seed: 1,
    starts: 1,
    lengths: {
      bursts: length,
      sides: length,
      client: length,
      throughput: { ...length, rounds: 1 },
    },
    rates: [500],
  };
}

const never = new AbortController().signal;
const quiet = (): void => undefined;

test("every listener is measured by all meters, as often as planned", async () => {
  const phases = new Set<string>();
  const noop = await filter("noop");
  // A name that is no file name.
  const other = { ...noop, name: "other/filter", vmId: "other" };
  const { measurement: result } = await measure(binary, plan(noop, other), never, (phase, done) => {
    phases.add(phase);
    assert.ok(done >= 0 && done <= 1);
  });
  assert.deepEqual([...phases], ["warm-up", "bursts", "sides", "fixed rate", "throughput"]);
  assert.deepEqual(result.rounds, [{ bursts: 3, sides: 3, client: [3], throughput: 1 }]);
  assert.deepEqual(result.rates, [500]);
  assert.equal(result.times.length, 3);
  assert.deepEqual(
    result.filters.map(({ name }) => name),
    ["noop", "other/filter"],
  );
  for (const listener of [result.base, result.control, ...result.filters]) {
    const { total, headers, body, requestSide, responseSide, client, throughput } = listener;
    for (const samples of [total, headers, body, requestSide, responseSide, ...client]) {
      assert.equal(samples.length, 3 * keptOf(WARM_BURST));
      assert.ok(samples.every((nanoseconds) => nanoseconds > 0));
    }
    assert.equal(listener.cpu?.length ?? null, process.platform === "linux" ? 3 : null);
    assert.ok((throughput.requestsPerSecond[0] ?? 0) > 0);
    assert.deepEqual([...listener.statuses.keys()], [200]);
    assert.equal(listener.logLines, 0);
  }
});

test("what a filter logs is counted for it", async () => {
  const extra = '(data (i32.const 4096) "hello")';
  const chatty = await filter("chatty", {
    extra,
    requestHeaders: `${logAt(2, 4096, 5)} (i32.const 0)`,
  });
  const { measurement: result } = await measure(binary, plan(chatty), never, quiet);
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
  const short = plan(late);
  const bursts = { rounds: 100, seconds: Infinity };
  const long = { ...short, lengths: { ...short.lengths, bursts } };
  await assert.rejects(measure(binary, long, never, quiet), {
    code: "ERR_FILTER_TRAPPED",
    message: /^the filter late trapped/,
  });
});

test("an aborted run rejects with the reason and leaves nothing behind", async () => {
  const noop = await filter("aborted");
  for (const when of ["warm-up", "bursts", "sides", "fixed rate", "throughput"]) {
    const abort = new AbortController();
    const reason = new Error("enough");
    const running = measure(binary, plan(noop), abort.signal, (phase) => {
      if (phase === when) abort.abort(reason);
    });
    await assert.rejects(running, reason);
  }
  assert.deepEqual(await readdir(tmpdir()), []);
});

test("a run that ends in a later start keeps the starts before", async () => {
  const noop = await filter("kept");
  const abort = new AbortController();
  const twice = { ...plan(noop), starts: 2 };
  const { measurement, endedBy, endedEarly } = await measure(
    binary,
    twice,
    abort.signal,
    (phase) => {
      if (phase === "start 2 of 2, bursts") abort.abort(new Error("enough"));
    },
  );
  assert.equal(measurement.rounds.length, 1);
  assert.equal(measurement.base.total.length, 2 * keptOf(WARM_BURST));
  assert.match(String(endedBy), /enough/);
  assert.equal(endedEarly, "only 1 of 2 starts were measured: it was interrupted");
  assert.deepEqual(await readdir(tmpdir()), []);
});

test("an Envoy that is killed in a later start costs that start only, and is named", async () => {
  const noop = await filter("survivor");
  const twice = { ...plan(noop), starts: 2 };
  const { measurement, endedBy } = await measure(binary, twice, never, (phase) => {
    if (phase === "start 2 of 2, bursts") killEnvoysIn(tmpdir());
  });
  assert.equal(measurement.rounds.length, 1);
  assert.match(String(endedBy), /Envoy has ended/);
  assert.deepEqual(await readdir(tmpdir()), []);
});

test("an Envoy that is killed in the first start is named, and nothing is left behind", async () => {
  const noop = await filter("victim");
  const running = measure(binary, plan(noop), never, (phase) => {
    if (phase === "bursts") killEnvoysIn(tmpdir());
  });
  await assert.rejects(running, {
    code: "ERR_ENVOY_FAILED",
    message: "Envoy has ended (signal SIGKILL)",
  });
  assert.deepEqual(await readdir(tmpdir()), []);
});

test("bodies, several connections, several workers, HTTP/2 and TLS are measured alike", async () => {
  const noop = await filter("wires");
  const { traffic } = plan(noop);
  for (const changes of [
    { request: { ...traffic.request, bodyBytes: 20_000 }, responseBodyBytes: 10_000 },
    { connections: 3, workers: 2 },
    { wire: { protocol: "http2", tls: false } },
    { wire: { protocol: "http1", tls: true } },
    { wire: { protocol: "http2", tls: true }, request: { ...traffic.request, bodyBytes: 100 } },
  ] as const) {
    const changed = { ...traffic, ...changes };
    const result = await measure(binary, { ...plan(noop), traffic: changed }, never, quiet);
    const { base, filters } = result.measurement;
    for (const listener of [base, ...filters]) {
      const what = JSON.stringify(changes);
      assert.equal(listener.total.length, 3 * keptOf(WARM_BURST) * changed.connections, what);
      assert.ok(
        listener.total.every((nanoseconds) => nanoseconds > 0),
        what,
      );
      assert.ok(
        listener.requestSide.every((nanoseconds) => nanoseconds > 0),
        what,
      );
      assert.deepEqual([...listener.statuses.keys()], [200], what);
    }
  }
});

test("with cold caches a burst is one request", async () => {
  const noop = await filter("cold");
  const result = await measure(binary, { ...plan(noop), burst: COLD_BURST }, never, quiet);
  assert.equal(result.measurement.base.total.length, 3);
  assert.equal(result.measurement.base.requestSide.length, 3);
});

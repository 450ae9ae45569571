import assert from "node:assert/strict";
import { test } from "node:test";
import { ToolError } from "../errors.ts";
import { Status, createHost } from "./index.ts";
import type { HostOptions } from "./index.ts";
import { Guest, get, hostOf } from "./testing.ts";

async function refused(guest: Guest, options: Omit<HostOptions, "wasm"> = {}): Promise<ToolError> {
  const error = await createHost({ ...options, wasm: guest.wasm() }).catch(
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ToolError, "the host took it");
  return error;
}

test("a plugin starts, is configured, serves a stream, and ends, in Envoy's order", async (t) => {
  const guest = new Guest();
  for (const name of [
    "proxy_on_context_create",
    "proxy_on_request_headers",
    "proxy_on_request_body",
    "proxy_on_response_headers",
    "proxy_on_response_body",
    "proxy_on_log",
    "proxy_on_delete",
  ]) {
    guest.on(name, guest.log(name));
  }
  for (const name of ["_initialize"]) guest.on(name, guest.log(name));
  for (const name of ["proxy_on_vm_start", "proxy_on_configure", "proxy_on_done"]) {
    guest.on(name, guest.log(name), 1);
  }
  const host = await hostOf(t, guest);
  const reply = await host.request({ method: "POST", body: ["ab", "c"] });
  assert.equal(reply.upstream?.body, "abc");
  await host.close();
  assert.deepEqual(host.logs.texts(), [
    "_initialize",
    "proxy_on_context_create",
    "proxy_on_vm_start",
    "proxy_on_configure",
    "proxy_on_context_create",
    "proxy_on_request_headers",
    "proxy_on_request_body",
    "proxy_on_request_body",
    "proxy_on_request_body",
    "proxy_on_response_headers",
    "proxy_on_response_body",
    "proxy_on_response_body",
    "proxy_on_log",
    "proxy_on_done",
    "proxy_on_delete",
    "proxy_on_done",
    "proxy_on_delete",
  ]);
  assert.deepEqual(
    reply.callbacks.map(({ contextId }) => contextId),
    reply.callbacks.map(() => 2),
  );
});

test("a command is started by _start, and by _initialize where it has both", async (t) => {
  const command = new Guest();
  command.on("_start", command.log("started"));
  assert.deepEqual((await hostOf(t, command)).logs.texts(), ["started"]);
  const both = new Guest();
  both.on("_start", both.log("started")).on("_initialize", both.log("initialized"));
  assert.deepEqual((await hostOf(t, both)).logs.texts(), ["initialized"]);
});

test("nothing but logging and WASI may be called while the module starts", async () => {
  const guest = new Guest();
  guest.on("_initialize", `(drop (call $proxy_get_current_time_nanoseconds (i32.const 8)))`);
  const error = await refused(guest);
  assert.equal(error.code, "ERR_START_TRAP");
  assert.match(
    error.message,
    /_initialize trapped: proxy_get_current_time_nanoseconds is not allowed/,
  );
});

test("a refused configuration is told with what the filter logged", async () => {
  const guest = new Guest();
  guest.on("proxy_on_configure", guest.log("the keys are missing"), 0);
  const error = await refused(guest);
  assert.equal(error.code, "ERR_FILTER_REFUSED");
  assert.match(error.detail ?? "", /info: the keys are missing/);
});

test("a callback that never returns is stopped, and named", async (t) => {
  const guest = new Guest();
  guest.on("proxy_on_request_headers", "(loop $for_ever (br $for_ever))");
  const host = await hostOf(t, guest, { timeLimit: 50 });
  await assert.rejects(host.request(), (error) => {
    assert.ok(error instanceof ToolError);
    assert.match(error.message, /^proxy_on_request_headers did not return within 50 ms$/);
    return true;
  });
  assert.equal((await host.request()).status, 503);
});

for (const [policy, next, later] of [
  ["FAIL_CLOSED", 503, 503],
  ["FAIL_OPEN", 200, 200],
  ["FAIL_RELOAD", 503, 200],
] as const) {
  test(`after a trap under ${policy} the next request gets ${next}, and one two seconds later ${later}`, async (t) => {
    const guest = new Guest();
    guest.on(
      "proxy_on_request_headers",
      `(if (i32.lt_u (local.get 1) (i32.const 7)) (then (unreachable)))`,
    );
    guest.on("proxy_on_log", guest.log("log"));
    const host = await hostOf(t, guest, { failurePolicy: policy });
    const fine = { headers: { "x-more": "1" } };
    assert.equal((await host.request(fine)).status, 200);
    const trapped = await host.request();
    assert.equal(trapped.status, 503);
    assert.equal(trapped.details, "wasm_fail_stream");
    assert.equal(trapped.body, "");
    assert.equal((await host.request(fine)).status, next);
    host.advance(2000);
    assert.equal((await host.request(fine)).status, later);
    assert.match(host.failures[0]?.reason ?? "", /unreachable/);
  });
}

test("the timer ticks in virtual time, until it is set to nothing", async (t) => {
  const guest = new Guest();
  const period = (ms: number): string =>
    guest.tell(`(call $proxy_set_tick_period_milliseconds (i32.const ${ms}))`);
  guest.on("proxy_on_configure", period(100), 1);
  guest.on("proxy_on_tick", guest.log("tick"));
  guest.on("proxy_on_request_headers", period(0));
  const host = await hostOf(t, guest);
  host.advance(99);
  assert.deepEqual(host.logs.texts(), ["00"]);
  host.advance(201);
  assert.deepEqual(host.logs.texts(), ["00", "tick", "tick", "tick"]);
  await host.request();
  host.advance(1000);
  assert.deepEqual(host.logs.texts().slice(4), ["00"]);
});

test("capabilities that are not allowed answer InternalFailure, and callbacks are not called", async (t) => {
  const guest = new Guest();
  guest.on("proxy_on_request_headers", get(guest, 0, ":path"));
  guest.on("proxy_on_response_headers", guest.log("called"));
  const allowedCapabilities = ["proxy_on_request_headers", "proxy_log"];
  const host = await hostOf(t, guest, { allowedCapabilities });
  await host.request();
  assert.deepEqual(host.logs.texts(), [String(Status.InternalFailure)]);
});

test("hosts that are made and dropped leave nothing behind", async () => {
  const guest = new Guest();
  guest.on("proxy_on_request_headers", get(guest, 0, ":path"));
  const wasm = guest.wasm();
  const serve = async (times: number): Promise<number> => {
    for (let time = 0; time < times; time++) {
      const host = await createHost({ wasm });
      await host.request();
      await host.close();
    }
    return process.memoryUsage().heapUsed;
  };
  const before = await serve(100);
  const after = await serve(400);
  assert.ok(after - before < 64 * 1024 * 1024, `${after - before} bytes more`);
});

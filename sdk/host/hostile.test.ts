// Modules that mean harm, or are broken: each fails by its own fault, and the process that runs them goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ToolError } from "../errors.ts";
import { createHost } from "./index.ts";
import { Guest, RESULT, get, hostOf } from "./testing.ts";

const CALLBACKS = [
  "proxy_on_context_create",
  "proxy_on_request_headers",
  "proxy_on_request_body",
  "proxy_on_request_trailers",
  "proxy_on_response_headers",
  "proxy_on_response_body",
  "proxy_on_response_trailers",
  "proxy_on_log",
  "proxy_on_done",
  "proxy_on_delete",
];

for (const callback of CALLBACKS) {
  test(`a trap in ${callback} is told by its name, and the next host is whole`, async (t) => {
    const guest = new Guest();
    // Not for the plugin itself, which would not start.
    guest.on(callback, "(if (i32.gt_u (local.get 0) (i32.const 1)) (then (unreachable)))");
    const host = await hostOf(t, guest, {
      upstream: { body: ["a"], trailers: { "x-end": "1" } },
    });
    const request = { method: "POST", body: ["b"], trailers: { "x-more": "1" } };
    await host.request(request);
    assert.equal(host.failures[0]?.callback, callback);
    assert.match(host.failures[0].reason, /unreachable/);
    assert.equal((await host.request(request)).status, 503);
    assert.equal((await (await hostOf(t, new Guest())).request(request)).status, 200);
  });
}

test("endless recursion is a trap", async (t) => {
  const guest = new Guest({ more: "(func $deeper (param i64) (call $deeper (local.get 0)))" });
  guest.on("proxy_on_request_headers", "(call $deeper (i64.const 1))");
  const host = await hostOf(t, guest);
  assert.equal((await host.request()).status, 503);
  assert.match(host.failures[0]?.reason ?? "", /call stack/i);
});

test("a guest that takes all memory there is gets no more, and the host lives", async (t) => {
  const guest = new Guest();
  guest.on(
    "proxy_on_request_headers",
    `(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16384)) (i32.const -1)))) ${guest.log("full")}`,
  );
  const host = await hostOf(t, guest, { timeLimit: 60_000 });
  assert.equal((await host.request()).status, 200);
  assert.deepEqual(host.logs.texts(), ["full"]);
});

/** So much that what is no loop stays below it on a busy machine too. */
const LIMIT_MS = 300;

test("loops without an end are stopped, wherever they are", async (t) => {
  const loop = "(loop $for_ever (br $for_ever))";
  const asking = "(loop $for_ever (drop (call $proxy_done)) (br $for_ever))";
  for (const callback of ["_initialize", "proxy_on_vm_start", "proxy_on_configure"]) {
    const guest = new Guest();
    guest.on(callback, loop, 1);
    await assert.rejects(createHost({ wasm: guest.wasm(), timeLimit: LIMIT_MS }), (error) => {
      assert.ok(error instanceof ToolError);
      return new RegExp(`^${callback} did not return within 300 ms`).test(error.message);
    });
  }
  for (const body of [loop, asking]) {
    const guest = new Guest();
    guest.on("proxy_on_tick", body);
    guest.on(
      "proxy_on_configure",
      "(drop (call $proxy_set_tick_period_milliseconds (i32.const 5)))",
      1,
    );
    const host = await hostOf(t, guest, { timeLimit: LIMIT_MS });
    assert.throws(() => {
      host.advance(5);
    }, /^ToolError: proxy_on_tick did not return within 300 ms/);
    assert.equal((await host.request()).status, 503);
  }
  const allocator = new Guest({ malloc: `${loop} (i32.const 0)` });
  allocator.on("proxy_on_request_headers", get(allocator, 0, ":path"));
  const host = await hostOf(t, allocator, { timeLimit: LIMIT_MS });
  await assert.rejects(host.request(), /did not return within 300 ms/);
});

test("an allocator that asks the host for more while it allocates is a trap", async (t) => {
  const guest = new Guest({
    malloc: `(drop (call $proxy_get_header_map_value ${Guest.numbers(0, 0, 1)} ${RESULT})) (i32.const 4096)`,
  });
  guest.on("proxy_on_request_headers", get(guest, 0, ":path"));
  const host = await hostOf(t, guest);
  assert.equal((await host.request()).status, 503);
  assert.match(host.failures[0]?.reason ?? "", /proxy_get_header_map_value is not allowed/);
});

test("sizes beyond all measure are refused, in what reads and in what writes", async (t) => {
  const huge = 0x7fff_ffff;
  const guest = new Guest();
  const pairs = "\x00\x04\x00\x00";
  const calls = [
    `(call $proxy_log ${Guest.numbers(2, 0, huge)})`,
    `(call $proxy_grpc_call ${Guest.numbers(0, huge, 0, 1, 0, 1, 0, 0, 0, 0, 0, 8)})`,
    `(call $proxy_grpc_stream ${Guest.numbers(0, 1, 0, 1, 0, huge, 0, 0, 8)})`,
    `(call $proxy_grpc_send ${Guest.numbers(6, 0, huge, 0)})`,
    `(call $proxy_call_foreign_function ${Guest.numbers(0, huge, 0, 0, 0, 0)})`,
    `(call $proxy_call_foreign_function ${Guest.numbers(0, 0, 0, huge, 0, 0)})`,
    `(call $envoy_resolve_dns ${Guest.numbers(0, huge, 8)})`,
    `(call $envoy_resolve_dns ${Guest.numbers(0, 1, -2)})`,
    `(call $proxy_enqueue_shared_queue ${Guest.numbers(1, 0, huge)})`,
    `(call $proxy_set_buffer_bytes ${Guest.numbers(0, 0, huge, 0, huge)})`,
  ];
  const empty = `(call $proxy_set_header_map_pairs ${Guest.numbers(0)} ${guest.text(pairs)})`;
  guest.on("proxy_on_request_headers", calls.map((call) => guest.tell(call)).join(""));
  guest.on("proxy_on_response_headers", guest.tell(empty));
  const host = await hostOf(t, guest);
  assert.equal((await host.request({ upstream: () => ({ body: "x" }) })).status, 200);
  assert.deepEqual(host.logs.texts(), [...calls.map(() => "06"), "02"]);
});

test("a VM that is not reloaded stays failed, and is tried again later", async (t) => {
  const guest = new Guest();
  const seen = guest.text("seen");
  // The second configuration of all is refused: what the first left in shared data says so.
  guest.on(
    "proxy_on_configure",
    `(if (i32.eqz (call $proxy_get_shared_data ${seen} ${RESULT} (i32.const 24))) (then
       (if (i32.eq (i32.load (i32.const 12)) (i32.const 1)) (then
         (drop (call $proxy_set_shared_data ${seen} ${guest.text("22")} (i32.const 0)))
         (return (i32.const 0))))
       (return (i32.const 1))))
     (drop (call $proxy_set_shared_data ${seen} ${guest.text("1")} (i32.const 0)))`,
    1,
  );
  guest.on(
    "proxy_on_request_headers",
    "(if (i32.eq (local.get 1) (i32.const 7)) (then (unreachable)))",
  );
  const host = await hostOf(t, guest, { failurePolicy: "FAIL_RELOAD", reloadBackoff: 200 });
  const status = async (more: boolean): Promise<number> =>
    (await host.request(more ? { headers: { "x-more": "1" } } : {})).status;
  assert.equal(await status(true), 503);
  host.advance(199);
  assert.equal(await status(false), 503);
  assert.deepEqual(host.problems, []);
  host.advance(1);
  assert.equal(await status(false), 503);
  assert.match(host.problems.join(), /the plugin filter was not reloaded: it refused its config/);
  host.advance(200);
  assert.equal(await status(false), 200);
});

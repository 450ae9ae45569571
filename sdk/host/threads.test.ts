import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest, NUMBER_AT, RESULT, get, hostOf, property } from "./testing.ts";

const NAME = "plugin_name";

/** Logs which of the shared queue's items it takes, and takes all. */
function queueGuest(): Guest {
  const guest = new Guest();
  guest.on(
    "proxy_on_configure",
    guest.tell(
      `(call $proxy_register_shared_queue ${guest.text("q")} ${Guest.numbers(NUMBER_AT)})`,
    ),
    1,
  );
  guest.on(
    "proxy_on_request_headers",
    guest.tell(`(call $proxy_enqueue_shared_queue (i32.const 1) ${guest.text("item")})`),
  );
  guest.on(
    "proxy_on_queue_ready",
    guest.tellResult(`(call $proxy_dequeue_shared_queue (local.get 1) ${RESULT})`),
  );
  return guest;
}

test("there are a VM on trial, one of the main thread and one of each worker, as in Envoy", async (t) => {
  const guest = new Guest();
  guest.on("proxy_on_configure", guest.log("configured"), 1);
  guest.on("proxy_on_request_headers", guest.log("served"));
  guest.on("proxy_on_done", guest.log("done"), 1);
  const host = await hostOf(t, guest, { workers: 2 });
  assert.deepEqual(
    host.logs.lines.map(({ worker }) => worker).slice(0, 2),
    [null, null],
    "tried, then on the main thread",
  );
  for (const worker of [0, 1, 1]) await host.request({ worker });
  await host.close();
  const on = (what: string): (number | null)[] =>
    host.logs.lines.filter(({ text }) => text === what).map(({ worker }) => worker);
  assert.deepEqual(on("configured").sort(), [0, 1, null, null]);
  assert.deepEqual(on("served"), [0, 1, 1]);
  const ends = host.callbacks.filter(({ callback }) => callback === "proxy_on_done");
  assert.equal(ends.length, 3, "what was on trial is not told of its end");
});

test("plugins of one VM have root contexts of their own, and fail together", async (t) => {
  const guest = new Guest();
  guest.on("proxy_on_vm_start", guest.log("vm"), 1);
  guest.on("proxy_on_configure", property(guest, "plugin_root_id"), 1);
  guest.on(
    "proxy_on_request_headers",
    `${property(guest, NAME)} (if (i32.gt_u (local.get 1) (i32.const 6)) (then (unreachable)))`,
  );
  const host = await hostOf(t, guest, {
    vmId: "shared",
    plugins: [
      { name: "second", vmId: "shared", rootId: "two" },
      { name: "apart", vmId: "another" },
    ],
  });
  assert.deepEqual(host.logs.texts(), ["vm", "00", "", "vm", "00", "two", "vm", "00", ""]);
  const first = await host.request();
  const second = await host.request({ plugin: "second" });
  assert.deepEqual(host.logs.texts().slice(9), ["00", "filter", "00", "second"]);
  assert.deepEqual(
    [first, second].map(({ callbacks }) => callbacks[0]?.contextId),
    [3, 4],
    "one VM numbers them all",
  );
  const trapped = await host.request({ plugin: "second", headers: { "x-more": "1" } });
  assert.equal(trapped.status, 503);
  assert.equal((await host.request()).status, 503);
  assert.equal((await host.request({ plugin: "apart" })).status, 200);
  assert.throws(() => host.open({ plugin: "none" }), /no filter of the name none/);
});

test("a queue's items reach the worker that registered last, whichever enqueues", async (t) => {
  const host = await hostOf(t, queueGuest(), { workers: 3, seed: 4 });
  for (const worker of [0, 1, 2]) await host.request({ worker });
  const taken = host.logs.lines.filter(({ text }) => text === "item").map(({ worker }) => worker);
  assert.equal(taken.length, 3);
  assert.equal(new Set(taken).size, 1);
});

test("what threads do side by side is the seed's, and the same for the same seed", async (t) => {
  const guest = new Guest();
  guest.on("proxy_on_request_headers", property(guest, "request\0path"));
  guest.on("proxy_on_request_body", property(guest, "request\0path"));
  const order = async (seed: number): Promise<string> => {
    const host = await hostOf(t, guest, { workers: 2, seed });
    const requests = ["/a", "/b", "/c"].map((path) => ({ path, method: "POST", body: ["1", "2"] }));
    const replies = await host.together(requests);
    assert.deepEqual(
      replies.map(({ upstream }) => upstream?.body),
      ["12", "12", "12"],
    );
    return host.logs.texts().join("");
  };
  const orders = [];
  for (const seed of [1, 2, 3, 4, 1]) orders.push(await order(seed));
  assert.equal(orders[0], orders[4]);
  assert.ok(new Set(orders).size > 2, orders.join("\n"));
});

test("an access logger is told of each stream on its root context, and can read it", async (t) => {
  const filter = new Guest();
  filter.on("proxy_on_log", filter.log("the filter's log"));
  filter.on("proxy_on_delete", filter.log("the filter's end"));
  const logger = new Guest();
  logger.on(
    "proxy_on_log",
    get(logger, 0, ":path") +
      get(logger, 2, ":status") +
      property(logger, "response\0code_details") +
      logger.tell(
        `(call $proxy_replace_header_map_value ${Guest.numbers(0)} ${logger.text("a")} ${logger.text("b")})`,
      ),
  );
  const plugins = [{ name: "logger", role: "access-log", wasm: logger.wasm() }] as const;
  const host = await hostOf(t, filter, { plugins });
  await host.request({ path: "/seen" });
  assert.deepEqual(host.logs.texts(), [
    "the filter's log",
    ...["00", "/seen", "00", "200", "00", "via_upstream", "02"],
    "the filter's end",
  ]);
  const connection = host.connect();
  connection.break();
  assert.deepEqual(host.logs.texts().slice(9), [
    ...["the filter's log", "the filter's end", "01", "01", "01", "02"],
  ]);
});

test("a service ticks beside the filters; a singleton on the main thread alone", async (t) => {
  const service = new Guest();
  service.on(
    "proxy_on_configure",
    "(drop (call $proxy_set_tick_period_milliseconds (i32.const 100)))",
    1,
  );
  service.on("proxy_on_tick", service.log("tick"));
  const wasm = service.wasm();
  const plugins = [
    { name: "everywhere", role: "service", wasm },
    { name: "once", role: "service", wasm, singleton: true },
  ] as const;
  const host = await hostOf(t, new Guest(), { plugins, workers: 2 });
  host.advance(100);
  const ticked = host.logs.lines.map(({ plugin, worker }) => `${plugin} ${worker ?? "main"}`);
  assert.deepEqual(ticked.sort(), ["everywhere 0", "everywhere 1", "everywhere main", "once main"]);
  assert.throws(() => host.open({ plugin: "once" }), /no filter of the name once/);
});

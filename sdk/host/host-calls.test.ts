import assert from "node:assert/strict";
import { test } from "node:test";
import { Status } from "./index.ts";
import { Guest, NUMBER_AT, RESULT, get, hostOf, property } from "./testing.ts";

test("the configuration is readable in proxy_on_configure, and the VM's always", async (t) => {
  const guest = new Guest();
  const bytes = (type: number): string =>
    guest.tellResult(`(call $proxy_get_buffer_bytes ${Guest.numbers(type, 0, -1)} ${RESULT})`);
  guest.on("proxy_on_configure", bytes(7) + bytes(6), 1);
  guest.on("proxy_on_request_headers", bytes(7) + bytes(6));
  const host = await hostOf(t, guest, { configuration: "ünï", vmConfiguration: "vm" });
  await host.request();
  assert.deepEqual(host.logs.texts(), ["00", "ünï", "00", "vm", "01", "00", "vm"]);
});

test("a header that is absent, one that is empty and a map that is not there are told apart", async (t) => {
  const guest = new Guest();
  guest.on(
    "proxy_on_request_headers",
    get(guest, 0, "x-none") +
      get(guest, 0, "X-Empty") +
      get(guest, 0, "x-twice") +
      get(guest, 2, ":status"),
  );
  guest.on("proxy_on_response_headers", get(guest, 0, ":path") + get(guest, 2, ":status"));
  guest.on("proxy_on_log", get(guest, 0, ":path") + get(guest, 2, ":status") + get(guest, 3, "x"));
  const host = await hostOf(t, guest);
  await host.request({
    path: "/p",
    headers: [
      ["x-twice", "first"],
      ["x-empty", ""],
      ["x-twice", "second"],
    ],
  });
  assert.deepEqual(host.logs.texts(), [
    ...["01", "00", "", "00", "first", "02"],
    ...["02", "00", "200"],
    ...["00", "/p", "00", "200", "01"],
  ]);
});

test("in ABI 0.1.0 an absent header is empty", async (t) => {
  const guest = new Guest({ version: "0.1.0" });
  guest.on("proxy_on_request_headers", get(guest, 0, "x-none"));
  const host = await hostOf(t, guest);
  await host.request();
  assert.deepEqual(host.logs.texts(), ["00", ""]);
});

test("pointers outside of the memory are answered InvalidMemoryAccess, in every host call", async (t) => {
  const wild = -16;
  const guest = new Guest();
  const calls = [
    `(call $proxy_get_header_map_value ${Guest.numbers(0, wild, 8)} ${RESULT})`,
    `(call $proxy_get_header_map_value ${Guest.numbers(0)} ${guest.text(":path")} ${Guest.numbers(wild, 12)})`,
    `(call $proxy_get_header_map_pairs ${Guest.numbers(0, 8, -1)})`,
    `(call $proxy_set_header_map_pairs ${Guest.numbers(0, 4096, -1)})`,
    `(call $proxy_add_header_map_value ${Guest.numbers(0, 0, 1, wild, 99)})`,
    `(call $proxy_get_buffer_bytes ${Guest.numbers(6, 0, 9, wild, 12)})`,
    `(call $proxy_send_local_response ${Guest.numbers(200, 0, 0, wild, 99, 0, 0, -1)})`,
    `(call $proxy_get_current_time_nanoseconds ${Guest.numbers(wild + 12)})`,
    `(call $proxy_get_property ${Guest.numbers(wild, 99)} ${RESULT})`,
    `(call $proxy_set_property ${Guest.numbers(wild, 99, 0, 1)})`,
    `(call $proxy_set_shared_data ${Guest.numbers(0, 1, wild, 99, 0)})`,
    `(call $proxy_define_metric ${Guest.numbers(0, 0, 1, wild + 14)})`,
    `(call $proxy_register_shared_queue ${Guest.numbers(0, 1, wild + 14)})`,
    `(call $proxy_http_call ${Guest.numbers(0, 1, 0, 0, 0, 0, 0, 0, 0, wild + 14)})`,
    `(call $proxy_call_foreign_function ${Guest.numbers(wild, 99, 0, 0, 0, 0)})`,
    `(call $proxy_log ${Guest.numbers(2, wild, 99)})`,
  ];
  guest.on("proxy_on_request_headers", calls.map((call) => guest.tell(call)).join(""));
  const host = await hostOf(t, guest);
  assert.equal((await host.request()).status, 200);
  assert.deepEqual(
    host.logs.texts(),
    calls.map(() => "06"),
  );
});

test("an allocator that answers nonsense fails the host call, and is named", async (t) => {
  for (const answer of [0, -4]) {
    const guest = new Guest({ malloc: `(i32.const ${answer})` });
    guest.on("proxy_on_request_headers", get(guest, 0, ":path"));
    const host = await hostOf(t, guest);
    assert.equal((await host.request()).status, 200);
    assert.deepEqual(host.logs.texts(), ["06"]);
    assert.match(
      host.problems.join(),
      /malloc\(1\) answered .+: proxy_get_header_map_value in proxy_on_request_headers failed/,
    );
  }
});

test("an allocator that traps fails the VM", async (t) => {
  const guest = new Guest({ malloc: "(unreachable)" });
  guest.on("proxy_on_request_headers", get(guest, 0, ":path"));
  const host = await hostOf(t, guest);
  assert.equal((await host.request()).status, 503);
  assert.equal(host.failures[0]?.callback, "malloc");
});

test("a counter refuses zero, and values outlive the VM", async (t) => {
  const guest = new Guest();
  const increment = (value: number): string =>
    guest.tell(
      `(call $proxy_increment_metric (i32.load (i32.const ${NUMBER_AT})) (i64.const ${value}))`,
    );
  guest.on(
    "proxy_on_configure",
    guest.tell(
      `(call $proxy_define_metric ${Guest.numbers(0)} ${guest.text("seen")} ${Guest.numbers(NUMBER_AT)})`,
    ) +
      increment(0) +
      increment(3) +
      increment(-1),
    1,
  );
  const host = await hostOf(t, guest);
  assert.deepEqual(host.logs.texts(), ["00", "02", "00", "02"]);
  assert.equal(host.metrics.value("seen"), 3);
});

test("shared data is compared and set, and queues tell who registered them", async (t) => {
  const guest = new Guest();
  const set = (value: string, cas: number): string =>
    guest.tell(
      `(call $proxy_set_shared_data ${guest.text("key")} ${guest.text(value)} ${Guest.numbers(cas)})`,
    );
  guest.on(
    "proxy_on_configure",
    set("a", 0) +
      set("b", 7) +
      set("c", 1) +
      guest.tellNumber(
        `(call $proxy_register_shared_queue ${guest.text("q")} ${Guest.numbers(NUMBER_AT)})`,
      ),
    1,
  );
  guest.on(
    "proxy_on_request_headers",
    guest.tell(`(call $proxy_enqueue_shared_queue ${Guest.numbers(1)} ${guest.text("item")})`),
  );
  guest.on(
    "proxy_on_queue_ready",
    guest.tellResult(`(call $proxy_dequeue_shared_queue (local.get 1) ${RESULT})`) +
      guest.tellResult(`(call $proxy_dequeue_shared_queue (local.get 1) ${RESULT})`),
  );
  const host = await hostOf(t, guest);
  await host.request();
  assert.deepEqual(host.logs.texts(), [
    "00",
    "08",
    "00",
    "00",
    "00000001",
    "00",
    "00",
    "item",
    "07",
  ]);
  assert.equal(host.sharedData("key"), "c");
});

test("properties are what the stream is, what the test gives, and what the filter set", async (t) => {
  const guest = new Guest();
  guest.on(
    "proxy_on_request_headers",
    [
      "request\0url_path",
      "request\0query",
      "request\0headers\0x-twice",
      "plugin_root_id",
      "xds\0route_name",
      "mine",
      "response\0code",
    ]
      .map((path) => property(guest, path))
      .join("") +
      guest.tell(`(call $proxy_set_property ${guest.text("mine")} ${guest.text("set")})`) +
      property(guest, "mine"),
  );
  const host = await hostOf(t, guest, {
    rootId: "root",
    properties: { "xds.route_name": "orders" },
  });
  await host.request({
    path: "/a?b",
    headers: [
      ["x-twice", "1"],
      ["x-twice", "2"],
    ],
  });
  assert.deepEqual(host.logs.texts(), [
    ...["00", "/a", "00", "b", "00", "1,2", "00", "root", "00", "orders"],
    ...["01", "01", "00", "00", "set"],
  ]);
});

test("what crossed is counted exactly", async (t) => {
  const guest = new Guest();
  guest.on(
    "proxy_on_request_headers",
    `(drop (call $proxy_get_header_map_value ${Guest.numbers(0)} ${guest.text(":path")} ${RESULT}))
     (drop (call $proxy_add_header_map_value ${Guest.numbers(0)} ${guest.text("x-a")} ${guest.text("bc")}))`,
  );
  const host = await hostOf(t, guest);
  const { calls, crossings } = await host.request({ path: "/four" });
  assert.deepEqual(calls, { proxy_get_header_map_value: 1, proxy_add_header_map_value: 1 });
  assert.deepEqual(crossings, {
    callbacks: 1,
    hostCalls: 2,
    allocations: 1,
    bytesToHost: ":path".length + "x-a".length + "bc".length,
    bytesToGuest: "/four".length,
  });
});

test("a test may bring foreign functions of its own, and answer names", async (t) => {
  const guest = new Guest();
  const call = (name: string): string =>
    guest.tellResult(
      `(call $proxy_call_foreign_function ${guest.text(name)} ${guest.text("abc")} ${RESULT})`,
    );
  const bytes = guest.tellResult(
    `(call $proxy_get_buffer_bytes ${Guest.numbers(8, 0, -1)} ${RESULT})`,
  );
  guest.on("envoy_on_resolve_dns", bytes);
  const resolve = (name: string): string =>
    guest.tell(`(call $envoy_resolve_dns ${guest.text(name)} ${Guest.numbers(NUMBER_AT)})`);
  guest.on(
    "proxy_on_request_headers",
    ["reverse", "refuse", "compress"].map(call).join("") + resolve("a.example") + resolve("b"),
  );
  const host = await hostOf(t, guest, {
    foreignFunctions: {
      reverse: (argument) => Uint8Array.from(argument).reverse(),
      refuse: () => Status.InternalFailure,
      compress: () => Buffer.from("in the place of Envoy's"),
    },
    dns: { "a.example": ["10.0.0.1", "::1"] },
  });
  await host.request();
  assert.deepEqual(host.logs.texts(), [
    ...["00", "cba", "10", "00", "in the place of Envoy's", "00", "00"],
    ...["00", "\x02\0\0\0\x3c\0\0\0\x3c\0\0\x0010.0.0.1:0\0[::1]:0\0", "00", ""],
  ]);
});

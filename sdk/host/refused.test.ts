// What is no module for Envoy, and modules that fail outside of HTTP streams: each is named, and the process
// goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ToolError } from "../errors.ts";
import { assemble } from "../inspect/testing.ts";
import { createHost } from "./index.ts";
import type { ErrorCode } from "../errors.ts";
import type { HostOptions } from "./index.ts";
import { decodePairs, encodePairs } from "./pairs.ts";
import { Guest, NUMBER_AT, hostOf } from "./testing.ts";

const MARKER = '(func (export "proxy_abi_version_0_2_1"))';
const MEMORY = '(memory (export "memory") 1)';
const MALLOC = '(func (export "malloc") (param i32) (result i32) (i32.const 1024))';

const REFUSED: readonly (readonly [
  what: string,
  wasm: Uint8Array,
  code: ErrorCode,
  says: RegExp,
])[] = [
  ["no WebAssembly at all", Buffer.from("#!/bin/sh\n"), "ERR_NOT_WASM", /the module/],
  ["nothing", new Uint8Array(0), "ERR_NOT_WASM", /the module/],
  [
    "no Proxy-Wasm module",
    assemble(`(module ${MEMORY} ${MALLOC})`),
    "ERR_NO_ABI_MARKER",
    /version/,
  ],
  [
    "unknown imports",
    assemble(`(module (import "env" "proxy_fly" (func)) ${MEMORY} ${MALLOC} ${MARKER})`),
    "ERR_UNKNOWN_IMPORT",
    /proxy_fly/,
  ],
  [
    "imports of other types",
    assemble(
      `(module (import "env" "proxy_done" (func (param i64))) ${MEMORY} ${MALLOC} ${MARKER})`,
    ),
    "ERR_WRONG_SIGNATURE",
    /proxy_done/,
  ],
  ["no memory", assemble(`(module ${MALLOC} ${MARKER})`), "ERR_MEMORY", /memory/],
  ["no allocator", assemble(`(module ${MEMORY} ${MARKER})`), "ERR_NO_ALLOCATOR", /malloc/],
];

for (const [what, wasm, code, says] of REFUSED) {
  test(`a module of ${what} is refused, and told why`, async () => {
    await assert.rejects(createHost({ wasm }), (error) => {
      assert.ok(error instanceof ToolError);
      assert.equal(error.code, code);
      assert.match(error.message, says);
      assert.notEqual(error.hint ?? "", "");
      return true;
    });
  });
}

for (const callback of ["_initialize", "proxy_on_vm_start", "proxy_on_configure"]) {
  test(`a trap in ${callback} refuses the plugin, by its name`, async () => {
    const guest = new Guest().on(callback, "(unreachable)", 1);
    await assert.rejects(createHost({ wasm: guest.wasm() }), (error) => {
      assert.ok(error instanceof ToolError);
      assert.match(error.message, new RegExp(`^${callback} trapped: .*unreachable`));
      return true;
    });
  });
}

/** What makes the host call each of the callbacks that belong to no stream's own course. */
const CALLED: Readonly<Record<string, (guest: Guest) => string>> = {
  proxy_on_tick: () => "(drop (call $proxy_set_tick_period_milliseconds (i32.const 5)))",
  proxy_on_queue_ready: (guest) =>
    `(drop (call $proxy_register_shared_queue ${guest.text("q")} ${Guest.numbers(NUMBER_AT)}))
     (drop (call $proxy_enqueue_shared_queue (i32.load (i32.const ${NUMBER_AT})) ${guest.text("x")}))`,
  proxy_on_http_call_response: (guest) => {
    const asked = encodePairs([
      [":method", "GET"],
      [":path", "/"],
      [":authority", "a"],
    ]);
    const headers = guest.text(Buffer.from(asked).toString("latin1"));
    return `(drop (call $proxy_http_call ${guest.text("s")} ${headers} ${Guest.numbers(0, 0, 0, 0, 0, NUMBER_AT)}))`;
  },
  ...Object.fromEntries(
    ["receive_initial_metadata", "receive", "receive_trailing_metadata", "close"].map((name) => [
      `proxy_on_grpc_${name}`,
      (guest: Guest) =>
        `(drop (call $proxy_grpc_stream ${guest.text("s")} ${guest.text("s")} ${guest.text("m")} ${guest.text("")} ${Guest.numbers(NUMBER_AT)}))`,
    ]),
  ),
  envoy_on_resolve_dns: (guest) =>
    `(drop (call $envoy_resolve_dns ${guest.text("a.example")} ${Guest.numbers(NUMBER_AT)}))`,
  envoy_on_stats_update: () => "",
  proxy_on_request_metadata: () => "",
};

const ANSWERED: Partial<HostOptions> = {
  onCallout: () => ({}),
  grpcService: {
    called: (callout) => {
      callout.begin({ a: "b" });
      callout.send("x");
      callout.close(0, "", { c: "d" });
    },
  },
  dns: { "a.example": ["127.0.0.1"] },
};

for (const [callback, call] of Object.entries(CALLED)) {
  test(`a trap in ${callback} is told by its name, and the next request is 503`, async (t) => {
    const guest = new Guest().on(callback, "(unreachable)");
    guest.on("proxy_on_request_headers", call(guest));
    const role = callback === "envoy_on_stats_update" ? "stats-sink" : "service";
    const host = await hostOf(t, guest, {
      ...ANSWERED,
      vmId: "one",
      plugins: [{ name: "beside", role, vmId: "one" }],
    });
    const exchange = host.open({ open: true, method: "POST" });
    exchange.sendMetadata({ a: "b" });
    host.advance(5000);
    assert.deepEqual(
      host.failures.map((failure) => failure.callback),
      [callback],
    );
    assert.match(host.failures[0]?.reason ?? "", /unreachable/);
    exchange.reset();
    assert.equal((await host.request()).status, 503);
  });
}

for (const callback of ["new_connection", "downstream_data", "upstream_data"]) {
  test(`a trap in proxy_on_${callback} is told by its name, and closes the connection`, async (t) => {
    const guest = new Guest().on(`proxy_on_${callback}`, "(unreachable)");
    const host = await hostOf(t, guest);
    const connection = host.connect();
    if (!connection.closed) connection.send("hello");
    assert.equal(connection.closed, true);
    assert.equal(host.failures[0]?.callback, `proxy_on_${callback}`);
  });
}

test("pairs that are malformed, or above Envoy's limits, are no pairs", () => {
  const many = (count: number): Uint8Array =>
    encodePairs(Array.from({ length: count }, (_, index) => [`n${index}`, "v"] as const));
  assert.equal(decodePairs(many(1024)).length, 1024);
  assert.equal(decodePairs(many(1025)).length, 0);
  const valueOf = (size: number): Uint8Array => encodePairs([["n", "x".repeat(size)]]);
  const overhead = valueOf(0).length;
  assert.equal(decodePairs(valueOf(2 ** 20 - overhead)).length, 1);
  assert.equal(decodePairs(valueOf(2 ** 20 - overhead + 1)).length, 0);
  const good = encodePairs([["name", "value"]]);
  const changed = (at: number, byte: number): Uint8Array => {
    const bytes = Buffer.from(good);
    bytes.writeUInt8(byte, at);
    return bytes;
  };
  const terminator = good.indexOf(0, 12);
  for (const [what, bytes] of [
    ["no terminator behind the name", changed(terminator, 1)],
    ["no terminator at the end", changed(good.length - 1, 1)],
    ["a name longer than all", changed(7, 0xff)],
    ["a value longer than all", changed(11, 0xff)],
    ["more pairs than bytes", changed(0, 2)],
    ["fewer pairs than bytes", changed(0, 0)],
    ["bytes behind", Buffer.concat([good, Buffer.alloc(1)])],
    ["bytes missing", good.subarray(0, -1)],
    ["half a number", good.subarray(0, 3)],
    ["nothing", new Uint8Array(0)],
  ] as const) {
    assert.deepEqual(decodePairs(bytes), [], what);
  }
  assert.deepEqual(decodePairs(good), [["name", "value"]]);
});

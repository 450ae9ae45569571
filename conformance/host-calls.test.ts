// Host calls beyond a stream's own, with arguments of all sorts: guests of WebAssembly text log what each
// answered, on the host and in a real Envoy.
import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { writeMessage } from "../sdk/host/protobuf.ts";
import {
  Guest,
  NUMBER_AT,
  POINTER_AT,
  RESULT,
  SIZE_AT,
  get,
  property,
} from "../sdk/host/testing.ts";
import { seenByBoth } from "./support/both.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** Logs the status and the result of a foreign function. */
function foreign(guest: Guest, name: string, argument: string | Uint8Array): string {
  const operand = guest.text(typeof argument === "string" ? argument : text(argument));
  return guest.tellResult(
    `(call $proxy_call_foreign_function ${guest.text(name)} ${operand} ${RESULT})`,
  );
}

/** Logged where the stream begins. */
const STREAM = "the stream";

const TEXT = "what is signed";

test("foreign functions answer the same, and refuse the same", async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const der = publicKey.export({ type: "spki", format: "der" });
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const rsaDer = rsa.privateKey.export({ type: "pkcs8", format: "der" });
  const rsaPem = rsa.privateKey.export({ type: "pkcs8", format: "pem" });
  const signature = sign("sha256", Buffer.from(TEXT), privateKey);
  const verifying = { 1: "sha256", 2: der, 3: signature, 4: TEXT };
  const signing = { 1: "sha384", 2: rsaDer, 3: TEXT };
  const cases: readonly (readonly [name: string, argument: string | Uint8Array])[] = [
    ...[
      verifying,
      { ...verifying, 1: "SHA256" },
      { ...verifying, 2: "", 5: pem },
      { ...verifying, 5: pem },
      { ...verifying, 2: "" },
      { ...verifying, 2: "no key" },
      { ...verifying, 1: "md5" },
      { ...verifying, 1: "" },
      { ...verifying, 3: "no signature" },
      { ...verifying, 4: "something else" },
    ].map((each) => ["verify_signature", writeMessage(each)] as const),
    ["verify_signature", "no message"],
    ...[
      signing,
      { ...signing, 2: "", 4: rsaPem },
      { ...signing, 4: rsaPem },
      { ...signing, 2: "" },
      { ...signing, 2: der },
      { ...signing, 2: "", 4: "no key" },
      { ...signing, 1: "sha3" },
    ].map((each) => ["sign", writeMessage(each)] as const),
    ["uncompress", deflateSync("again and again and again")],
    ["uncompress", Buffer.concat([deflateSync("more behind"), Buffer.from("it")])],
    ["uncompress", deflateSync("cut off").subarray(0, 9)],
    ["uncompress", ""],
    ["uncompress", "no zlib"],
    ["declare_property", "\x0a\x05"],
    ["declare_property", writeMessage({ 1: "mine", 2: true })],
    ["clear_route_cache", ""],
    ["clear_route_cache", "whatever"],
    ["nothing", ""],
    ["", ""],
  ];
  const objects = [
    ["envoy.string", "v"],
    ["envoy.hashable_string", ""],
    ["envoy.network.application_protocols", "h2,http/1.1"],
    ["envoy.network.upstream_server_name", "example"],
    ["envoy.network.upstream_subject_alt_names", "a,b"],
    ["envoy.network.network_namespace", "ns"],
    ["envoy.network.ip", "1.2.3.4"],
    ["envoy.network.ip", "1.2.3.4.5"],
    ["envoy.network.transport_socket.original_dst_address", "1.2.3.4:80"],
    ["envoy.network.transport_socket.original_dst_address", "1.2.3.4"],
    ["envoy.filters.listener.original_dst.local_ip", "1.2.3.4:5"],
    ["envoy.filters.listener.original_dst.remote_ip", "no address"],
    ["envoy.ratelimit.hits_addend", "12"],
    ["envoy.ratelimit.hits_addend", "twelve"],
    ["envoy.tcp_proxy.cluster", "c"],
    ["envoy.tcp_proxy.disable_tunneling", "true"],
    ["envoy.tcp_proxy.per_connection_idle_timeout_ms", "5"],
    ["envoy.upstream.dynamic_host", "h"],
    ["envoy.upstream.dynamic_port", "80"],
    ["envoy.upstream.dynamic_port", "80000"],
    ["no.such.object", "v"],
  ] as const;
  const guest = new Guest();
  const set = (value: string): string =>
    guest.tell(`(call $proxy_set_property ${guest.text("mine")} ${guest.text(value)})`);
  const declared = foreign(guest, "declare_property", writeMessage({ 1: "once", 2: true }));
  const once = guest.tell(`(call $proxy_set_property ${guest.text("once")} ${guest.text("a")})`);
  // In both directions: what may be asked for without a stream, and what may not.
  const early = `${declared} ${declared} ${foreign(guest, "set_envoy_filter_state", writeMessage({ 1: "envoy.string", 2: "v" }))}`;
  guest.on("proxy_on_configure", `${early} ${foreign(guest, "clear_route_cache", "")}`, 1);
  guest.on(
    "proxy_on_request_headers",
    [
      guest.log(STREAM),
      ...cases.map(([name, argument]) => foreign(guest, name, argument)),
      ...objects.map(
        ([path, value]) =>
          foreign(guest, "set_envoy_filter_state", writeMessage({ 1: path, 2: value })) +
          property(guest, `filter_state\0${path}`),
      ),
      ...[set("one"), set("two"), once, once],
      ...["mine", "filter_state\0wasm.mine", "filter_state\0mine", "wasm.mine"].map((each) =>
        property(guest, each),
      ),
    ].join(""),
  );
  const { envoy, host } = await seenByBoth(guest.wasm());
  const at = host.logs.indexOf(STREAM);
  assert.ok(host.logs.length - at > cases.length);
  // Envoy configures several VMs, this host one.
  assert.deepEqual(host.logs.slice(0, at), envoy.logs.slice(0, at));
  assert.deepEqual(host.logs.slice(at), envoy.logs.slice(envoy.logs.indexOf(STREAM)));
  assert.equal(host.outcomes.join(), "200");
});

test("a name that is an address is answered within the call, before it returns", async () => {
  const guest = new Guest();
  const bytes = guest.tellResult(
    `(call $proxy_get_buffer_bytes ${Guest.numbers(8, 0, -1, POINTER_AT, SIZE_AT)})`,
  );
  guest.on("envoy_on_resolve_dns", guest.log("resolved") + bytes);
  const resolve = (name: string): string =>
    guest.tellNumber(`(call $envoy_resolve_dns ${guest.text(name)} ${Guest.numbers(NUMBER_AT)})`);
  guest.on("proxy_on_request_headers", resolve("127.0.0.1") + resolve("::1"));
  const { envoy, host } = await seenByBoth(guest.wasm());
  assert.deepEqual(host, envoy);
  assert.equal(host.logs.filter((line) => line === "resolved").length, 2);
});

/** A GrpcService that names a cluster. */
function grpcService(cluster: string): string {
  return text(writeMessage({ 1: writeMessage({ 1: cluster }) }));
}

test("gRPC of an unknown cluster is refused the same, by its name and by its message", async () => {
  const guest = new Guest();
  const to = (target: string): string =>
    `${guest.text(target)} ${guest.text("s")} ${guest.text("m")} ${guest.text("")}`;
  const calls = [grpcService("nowhere"), "nowhere", "zzz"].flatMap((target) => [
    `(call $proxy_grpc_call ${to(target)} ${guest.text("x")} ${Guest.numbers(9, NUMBER_AT)})`,
    `(call $proxy_grpc_stream ${to(target)} ${Guest.numbers(NUMBER_AT)})`,
  ]);
  const others = [
    `(call $proxy_grpc_send (i32.const 6) ${guest.text("x")} (i32.const 0))`,
    `(call $proxy_grpc_send (i32.const 5) ${guest.text("x")} (i32.const 0))`,
    ...[4, 5, 6, 7].flatMap((id) => [
      `(call $proxy_grpc_cancel (i32.const ${id}))`,
      `(call $proxy_grpc_close (i32.const ${id}))`,
    ]),
  ];
  const code = [...calls, ...others].map((each) => guest.tell(each)).join("");
  guest.on("proxy_on_request_headers", code);
  const number = `(i32.store (i32.const ${NUMBER_AT}) (local.get 1)) ${guest.tellNumber("(i32.const 0)")}`;
  const status = guest.tellResult(
    `(call $proxy_get_status ${Guest.numbers(NUMBER_AT, POINTER_AT, SIZE_AT)})`,
  );
  guest.on("proxy_on_grpc_close", `${guest.log("close")} ${number} ${status}`);
  const { envoy, host } = await seenByBoth(guest.wasm(), { host: { clusters: ["upstream"] } });
  assert.deepEqual(host, envoy);
  assert.equal(host.logs.filter((line) => line === "close").length, 2);
});

test("a plugin lives on as many threads, and an access logger hears of a stream between log and end", async () => {
  const guest = new Guest();
  const callbacks = ["vm_start", "configure", "log", "done", "delete"];
  for (const name of callbacks) guest.on(`proxy_on_${name}`, guest.log(name), 1);
  guest.on("proxy_on_request_headers", guest.log(STREAM));
  const logger = new Guest();
  logger.on("proxy_on_vm_start", logger.log("the logger starts"), 1);
  logger.on(
    "proxy_on_log",
    logger.log("logged") +
      [
        ...[":path", "x-none"].map((name) => get(logger, 0, name)),
        ...[":status", "server"].map((name) => get(logger, 2, name)),
        get(logger, 3, "x"),
        ...["response\0code", "response\0code_details", "request\0method", "mine"].map((path) =>
          property(logger, path),
        ),
        logger.tell(
          `(call $proxy_add_header_map_value ${Guest.numbers(0)} ${logger.text("a")} ${logger.text("b")})`,
        ),
        logger.tell(`(call $proxy_set_property ${logger.text("mine")} ${logger.text("b")})`),
        logger.tell("(call $proxy_continue_stream (i32.const 0))"),
        logger.tell("(call $proxy_close_stream (i32.const 1))"),
      ].join(""),
  );
  const { envoy, host } = await seenByBoth(guest.wasm(), {
    accessLogger: logger.wasm(),
    host: { workers: 1 },
  });
  const parts = (logs: readonly string[]): readonly (readonly string[])[] => {
    const end = logs.indexOf("delete") + 1;
    const begin = logs.indexOf(STREAM);
    // Whose VM is first made, and first told of its end, is the threads' own affair.
    return [logs.slice(0, begin).sort(), logs.slice(begin, end), logs.slice(end).sort()];
  };
  assert.deepEqual(parts(host.logs), parts(envoy.logs));
});

/** Longer than Envoy's backoff of a second, to which it adds up to half. */
const BEYOND_BACKOFF_MS = 1600;

test("after a trap each failure policy serves the same: the stream, the next one, and one much later", async () => {
  const guest = new Guest();
  guest.on("proxy_on_configure", guest.log("configured"), 1);
  // The second stream of a VM traps; its own callbacks for the response are never called.
  guest.on(
    "proxy_on_request_headers",
    `${guest.log("request")} (if (i32.eq (local.get 0) (i32.const 3)) (then (unreachable)))`,
  );
  for (const name of ["response_headers", "log", "done", "delete"]) {
    guest.on(
      `proxy_on_${name}`,
      `(if (i32.gt_u (local.get 0) (i32.const 1)) (then ${guest.log(name)}))`,
    );
  }
  const expected = {
    FAIL_CLOSED: "200,503,503,503",
    FAIL_OPEN: "200,503,200,200",
    FAIL_RELOAD: "200,503,503,200",
  } as const;
  const all = (["FAIL_CLOSED", "FAIL_OPEN", "FAIL_RELOAD"] as const).map(async (failurePolicy) => {
    const { envoy, host } = await seenByBoth(guest.wasm(), {
      requests: 4,
      pauseMs: BEYOND_BACKOFF_MS,
      plugin: { failurePolicy },
      host: { workers: 1 },
    });
    assert.equal(host.outcomes.join(), expected[failurePolicy]);
    assert.deepEqual(host, envoy, failurePolicy);
  });
  await Promise.all(all);
});

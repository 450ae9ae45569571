import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { GrpcCallout, Host, HostOptions } from "./index.ts";
import { Guest, NUMBER_AT, POINTER_AT, SIZE_AT, hostOf } from "./testing.ts";

/** A GrpcService that names a cluster. */
function target(cluster: string): string {
  const field = (text: string): string => `\x0a${String.fromCharCode(text.length)}${text}`;
  return field(field(cluster));
}

/** Operands of a call to the cluster `auth`. */
function operands(guest: Guest, to: string): string {
  return `${guest.text(to)} ${guest.text("test.Auth")} ${guest.text("Check")} ${guest.text("")}`;
}

/** A guest that logs each gRPC callback with its number, and of a close the status' message. */
function listening(): Guest {
  const guest = new Guest();
  const last = `(i32.store (i32.const ${NUMBER_AT}) (local.get 2)) ${guest.tellNumber("(i32.const 0)")}`;
  for (const name of ["receive_initial_metadata", "receive_trailing_metadata"]) {
    guest.on(`proxy_on_grpc_${name}`, guest.log(name) + last);
  }
  guest.on(
    "proxy_on_grpc_receive",
    guest.log("receive") +
      guest.tellResult(
        `(call $proxy_get_buffer_bytes ${Guest.numbers(5, 0, -1, POINTER_AT, SIZE_AT)})`,
      ),
  );
  guest.on(
    "proxy_on_grpc_close",
    guest.log("close") +
      last +
      guest.tellResult(`(call $proxy_get_status ${Guest.numbers(NUMBER_AT, POINTER_AT, SIZE_AT)})`),
  );
  return guest;
}

async function called(
  t: TestContext,
  kind: "call" | "stream",
  more = (_guest: Guest): string => "",
  options: Partial<HostOptions> = {},
): Promise<{ host: Host; callout: GrpcCallout }> {
  const guest = listening();
  const to = operands(guest, target("auth"));
  const code =
    kind === "call"
      ? `(call $proxy_grpc_call ${to} ${guest.text("hi")} ${Guest.numbers(250, NUMBER_AT)})`
      : `(call $proxy_grpc_stream ${to} ${Guest.numbers(NUMBER_AT)})`;
  guest.on("proxy_on_request_headers", `(drop ${code}) ${more(guest)}`);
  const host = await hostOf(t, guest, options);
  await host.request();
  const [callout] = host.grpcCallouts;
  assert.ok(callout);
  return { host, callout };
}

test("a unary call hears its message, or its failure, and nothing else", async (t) => {
  const { host, callout } = await called(t, "call");
  assert.deepEqual(
    [callout.cluster, callout.service, callout.method, callout.id],
    ["auth", "test.Auth", "Check", 5],
  );
  assert.equal(Buffer.from(callout.messages[0] ?? []).toString(), "hi");
  callout.respond("granted");
  callout.respond("again");
  assert.deepEqual(host.logs.texts(), ["receive", "00", "granted"]);
  const denied = await called(t, "call");
  denied.callout.close(7, "no");
  const text = ["close", "00", "00000007", "00", "no{via_upstream}"];
  assert.deepEqual(denied.host.logs.texts(), text);
  assert.equal(denied.host.grpcCallouts.length, 0);
});

test("a unary call that nobody answers fails when virtual time has come to its limit", async (t) => {
  const { host } = await called(t, "call");
  host.advance(249);
  assert.deepEqual(host.logs.texts(), []);
  host.advance(1);
  assert.deepEqual(host.logs.texts(), [
    ...["close", "00", "0000000e", "00", "upstream request timeout{response_timeout}"],
  ]);
});

test("a stream hears metadata, messages, trailers and its end", async (t) => {
  const heard: string[] = [];
  const { host, callout } = await called(
    t,
    "stream",
    (guest) =>
      guest.tell(`(call $proxy_grpc_send (i32.const 6) ${guest.text("one")} (i32.const 0))`) +
      guest.tell("(call $proxy_grpc_close (i32.const 6))") +
      guest.tell(`(call $proxy_grpc_send (i32.const 5) ${guest.text("one")} (i32.const 0))`) +
      guest.tell(`(call $proxy_grpc_send (i32.const 10) ${guest.text("one")} (i32.const 0))`),
    {
      grpcService: {
        called: () => heard.push("called"),
        message: (bytes) => heard.push(Buffer.from(bytes).toString()),
        end: () => heard.push("end"),
      },
    },
  );
  assert.deepEqual(heard, ["called", "one", "end"]);
  callout.begin({ "x-a": "b" });
  callout.send("two");
  callout.close(0, "", { "x-c": "d" });
  assert.deepEqual(host.logs.texts(), [
    ...["00", "00", "02", "01"],
    ...["receive_initial_metadata", "00", "00000003", "receive", "00", "two"],
    ...["receive_trailing_metadata", "00", "00000002"],
    ...["close", "00", "00000000", "00", "via_upstream"],
  ]);
});

test("a connection that breaks behind the beginning of the answer is told in Envoy's words", async (t) => {
  const end = ["close", "00", "0000000d", "00"];
  const words = "upstream_reset_after_response_started{connection_termination}";
  const stream = await called(t, "stream");
  stream.callout.begin();
  stream.callout.fail();
  assert.deepEqual(stream.host.logs.texts(), [
    ...["receive_initial_metadata", "00", "00000002"],
    ...["receive_trailing_metadata", "00", "00000000"],
    ...[...end, words],
  ]);
  const call = await called(t, "call");
  call.callout.send("half");
  call.callout.fail();
  assert.deepEqual(call.host.logs.texts(), [...end, words]);
});

test("a cancelled stream hears nothing, and what Envoy would not survive is a problem", async (t) => {
  const { host, callout } = await called(t, "stream", (guest) =>
    guest.tell("(call $proxy_grpc_cancel (i32.const 6))"),
  ).catch(() => ({ host: null, callout: null }));
  assert.deepEqual([host, callout], [null, null], "it is among those that go on");
  const late = await called(t, "stream", (guest) => {
    guest.on(
      "proxy_on_response_headers",
      guest.tell("(call $proxy_grpc_close (i32.const 6))") +
        guest.tell(`(call $proxy_grpc_send (i32.const 6) ${guest.text("x")} (i32.const 0))`),
    );
    return "";
  });
  assert.deepEqual(late.host.logs.texts(), ["00", "00"]);
  assert.match(
    late.host.problems.join(),
    /proxy_grpc_send on the gRPC stream 6, of which the filter/,
  );
});

test("an unknown cluster is told by a status, and by its full form in a close besides", async (t) => {
  const guest = listening();
  const stream = (to: string): string =>
    guest.tell(`(call $proxy_grpc_stream ${operands(guest, to)} ${Guest.numbers(NUMBER_AT)})`);
  guest.on("proxy_on_request_headers", stream("nowhere") + stream(target("nowhere")) + stream(""));
  const host = await hostOf(t, guest, { clusters: ["auth"] });
  await host.request();
  assert.deepEqual(host.logs.texts(), [
    ...["04", "10", "02"],
    ...["close", "00", "0000000e", "00", "Cluster not available"],
  ]);
});

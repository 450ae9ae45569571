import assert from "node:assert/strict";
import { test } from "node:test";
import { HeadersAction } from "./index.ts";
import { Guest, NUMBER_AT, RESULT, get, hostOf } from "./testing.ts";

test("a stream that is paused waits for its callout, whose answer it can read", async (t) => {
  const guest = new Guest();
  const pairs =
    "\x03\0\0\0\x05\0\0\0\x01\0\0\0\x07\0\0\0\x03\0\0\0\x0a\0\0\0\x04\0\0\0:path\0/\0:method\0GET\0:authority\0auth\0";
  const call = `(call $proxy_http_call ${guest.text("auth")} ${guest.text(pairs)} ${Guest.numbers(0, 0, 0, 0, 500, NUMBER_AT)})`;
  guest.on(
    "proxy_on_request_headers",
    guest.tell(call),
    HeadersAction.StopAllIterationAndWatermark,
  );
  guest.on(
    "proxy_on_http_call_response",
    guest.tell(`(call $proxy_set_effective_context (i32.const 2))`) +
      get(guest, 6, ":status") +
      guest.tellResult(`(call $proxy_get_buffer_bytes ${Guest.numbers(4, 0, -1)} ${RESULT})`) +
      guest.tell(`(call $proxy_continue_stream (i32.const 0))`),
  );
  const host = await hostOf(t, guest);
  const pending = host.request({ method: "POST", body: "held" });
  const [callout, ...others] = host.callouts;
  assert.equal(others.length, 0);
  assert.equal(callout?.cluster, "auth");
  assert.equal(callout.header(":path"), "/");
  callout.respond({ status: 201, body: "granted" });
  const reply = await pending;
  assert.equal(reply.upstream?.body, "held");
  assert.deepEqual(host.logs.texts(), ["00", "00", "00", "201", "00", "granted", "00"]);
  assert.equal(host.callouts.length, 0);
});

test("a callout that nobody answers times out in virtual time, as a response with 504", async (t) => {
  const guest = new Guest();
  const pairs =
    "\x03\0\0\0\x05\0\0\0\x01\0\0\0\x07\0\0\0\x03\0\0\0\x0a\0\0\0\x04\0\0\0:path\0/\0:method\0GET\0:authority\0auth\0";
  const call = `(call $proxy_http_call ${guest.text("auth")} ${guest.text(pairs)} ${Guest.numbers(0, 0, 0, 0, 500, NUMBER_AT)})`;
  guest.on("proxy_on_request_headers", guest.tell(call), 1);
  guest.on("proxy_on_http_call_response", get(guest, 6, ":status"));
  const host = await hostOf(t, guest);
  const exchange = host.open();
  host.advance(499);
  assert.equal(host.callouts.length, 1);
  host.advance(1);
  assert.deepEqual(host.logs.texts(), ["00", "00", "504"]);
  assert.equal(exchange.ended, false);
  await host.close();
  await assert.rejects(exchange.reply, /never continued it: proxy_on_request_headers answered 1/);
});

test("a local response passes the response's callbacks, and stops the request", async (t) => {
  const guest = new Guest();
  guest.on(
    "proxy_on_request_headers",
    guest.tell(
      `(call $proxy_send_local_response ${Guest.numbers(418)} ${guest.text("why not")} ${guest.text("tea")} ${guest.text("")} ${Guest.numbers(-1)})`,
    ),
  );
  guest.on("proxy_on_response_headers", get(guest, 2, ":status") + get(guest, 2, "content-length"));
  const host = await hostOf(t, guest);
  const reply = await host.request();
  assert.equal(reply.status, 418);
  assert.equal(reply.body, "tea");
  assert.equal(reply.upstream, null);
  assert.equal(reply.details, "why_not");
  assert.deepEqual(host.logs.texts(), ["00", "00", "418", "00", "3"]);
});

test("a body that is held back is handed over as a whole, and may be replaced", async (t) => {
  const guest = new Guest();
  const replace = guest.tell(
    `(call $proxy_set_buffer_bytes ${Guest.numbers(0, 0, 0x7fffffff)} ${guest.text("new")})`,
  );
  guest.on(
    "proxy_on_request_headers",
    guest.tell(
      `(call $proxy_remove_header_map_value ${Guest.numbers(0)} ${guest.text("content-length")})`,
    ),
  );
  // Answers 'hold it back' until the end.
  guest.on(
    "proxy_on_request_body",
    `(i32.store (i32.const ${NUMBER_AT}) (local.get 1)) (call $tell_number (i32.const 0))
     (if (i32.eqz (local.get 2)) (then (return (i32.const 1)))) ${replace}`,
  );
  const host = await hostOf(t, guest);
  const reply = await host.request({ method: "PUT", body: ["one", "two"] });
  assert.equal(reply.upstream?.body, "new");
  assert.deepEqual(host.logs.texts(), [
    "00",
    "00",
    "00000003",
    "00",
    "00000006",
    "00",
    "00000006",
    "00",
  ]);
});

test("a body above the limit is answered 413 when it is held back", async (t) => {
  const guest = new Guest();
  guest.on("proxy_on_request_body", "", 1);
  const host = await hostOf(t, guest, { bufferLimit: 4 });
  const reply = await host.request({ method: "PUT", body: "12345" });
  assert.equal(reply.status, 413);
  assert.equal(reply.body, "Payload Too Large");
  assert.equal(reply.upstream?.body, "");
});

// Each way in which the host once was not as Envoy: the differential suite found them (conformance/differential.test.ts).
import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest, get, hostOf, property } from "./testing.ts";

/** Answers the request itself, with this status. */
function answering(status: number): Guest {
  const guest = new Guest();
  return guest.on(
    "proxy_on_request_headers",
    `(drop (call $proxy_send_local_response ${Guest.numbers(status)} ${guest.text("")} ${guest.text("the body")} ${guest.text("")} ${Guest.numbers(7)}))`,
  );
}

/** Logs the sizes of the pieces that its callback is told of; answers `action`. */
function weighing(callback: string, action: number, headersAction = 0): Guest {
  const guest = new Guest();
  const size = `(i32.store (i32.const 24) (local.get 1)) ${guest.tellNumber("(i32.const 0)")}`;
  guest.on(callback, size, action);
  return guest.on(
    callback.replace("body", "headers"),
    "(drop (call $proxy_set_tick_period_milliseconds (i32.const 10)))",
    headersAction,
  );
}

const sizes = (lines: readonly string[]): readonly number[] =>
  lines.filter((line) => line.length === 8).map((line) => parseInt(line, 16));

test("behind a body of a stated length there are no trailers on the wire, either way", async (t) => {
  const guest = new Guest();
  const add = (map: number): string =>
    `(if (local.get 2) (then ${guest.tell(`(call $proxy_add_header_map_value ${Guest.numbers(map)} ${guest.text("x-end")} ${guest.text("1")})`)}))`;
  guest.on("proxy_on_request_body", add(1)).on("proxy_on_response_body", add(3));
  const host = await hostOf(t, guest, { upstream: { body: "answered" } });
  const stated = await host.request({ method: "POST", body: "asked" });
  assert.deepEqual([stated.upstream?.trailers, stated.trailers], [[], []]);
  const chunked = await host.request({
    method: "POST",
    body: ["asked"],
    upstream: () => ({ body: ["answered"] }),
  });
  assert.deepEqual(
    [chunked.upstream?.trailers, chunked.trailers],
    [[["x-end", "1"]], [["x-end", "1"]]],
  );
});

test("that the client went away is why the response is what it is", async (t) => {
  const guest = new Guest();
  guest.on("proxy_on_request_headers", "", 4);
  guest.on("proxy_on_log", property(guest, "response\0code_details"));
  const host = await hostOf(t, guest);
  host.open().reset();
  assert.deepEqual(host.logs.texts(), ["00", "downstream_remote_disconnect"]);
});

test("a local response to a HEAD of gRPC has no message", async (t) => {
  const host = await hostOf(t, answering(503));
  const headers = { "content-type": "application/grpc" };
  const names = async (method: string): Promise<string> =>
    (await host.request({ method, headers })).headers.map(([name]) => name).join();
  assert.match(await names("POST"), /grpc-status,grpc-message/);
  assert.doesNotMatch(await names("HEAD"), /grpc-message/);
});

test("a client reads no body of a 204, a 304 or the answer to a HEAD, and waits for none", async (t) => {
  for (const status of [204, 304]) {
    const { body, reset } = await (await hostOf(t, answering(status))).request();
    assert.deepEqual([body, reset], ["", false]);
  }
  const held = answering(204).on("proxy_on_response_body", "", 1);
  const exchange = (await hostOf(t, held)).open();
  exchange.reset();
  const { reset, status } = await exchange.reply;
  assert.deepEqual([status, reset], [204, false]);
});

test("an upstream does not say how the body comes that it does not send", async (t) => {
  const guest = new Guest();
  guest.on("proxy_on_response_headers", get(guest, 2, "transfer-encoding"));
  const host = await hostOf(t, guest, { upstream: { body: ["a", "b"] } });
  await host.request({ method: "HEAD" });
  await host.request();
  assert.deepEqual(host.logs.texts(), ["01", "00", "chunked"]);
});

test("what stopped headers hold back of a body that goes on is not too large", async (t) => {
  const guest = weighing("proxy_on_request_body", 0, 1);
  const host = await hostOf(t, guest, { bufferLimit: 4 });
  const { status, upstream } = await host.request({ method: "POST", body: ["12345"] });
  assert.deepEqual([status, upstream?.body], [200, "12345"]);
});

for (const [callback, kind] of [
  ["proxy_on_request_body", "client"],
  ["proxy_on_response_body", "upstream"],
] as const) {
  test(`nothing more is read of the ${kind} while a slowed-down body is above the limit`, async (t) => {
    const guest = weighing(callback, 2);
    guest.on(
      "proxy_on_tick",
      `(drop (call $proxy_set_effective_context (i32.const 2)))
       (drop (call $proxy_continue_stream (i32.const ${kind === "client" ? 0 : 1})))`,
    );
    const pieces = ["123", "45", "6", "78"];
    const host = await hostOf(t, guest, { bufferLimit: 4, upstream: { body: pieces } });
    const exchange = host.open(kind === "client" ? { method: "POST", body: pieces } : {});
    assert.deepEqual(sizes(host.logs.texts()), [3, 2]);
    host.advance(10);
    // The end comes with the last piece, and by itself to the filter.
    assert.deepEqual(sizes(host.logs.texts()), [3, 2, 1, 2, 0]);
    host.advance(10);
    const { body, upstream } = await exchange.reply;
    assert.equal(kind === "client" ? upstream?.body : body, pieces.join(""));
  });
}

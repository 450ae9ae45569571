import assert from "node:assert/strict";
import { test } from "node:test";
import type { FilterOptions } from "./options.ts";
import { checkProtocol, protocolOf } from "./protocol.ts";

const HTTP = ["memory", "proxy_on_context_create", "proxy_on_request_headers"];
const TCP = ["memory", "proxy_on_context_create", "proxy_on_upstream_data"];
const BOTH = [...HTTP, ...TCP];
const NEITHER = ["proxy_on_context_create", "proxy_on_log"];

test("what a module filters is told by its callbacks, or by the test where they leave it open", () => {
  assert.equal(protocolOf(HTTP, {}), "http");
  assert.equal(protocolOf(TCP, {}), "tcp");
  assert.equal(protocolOf(BOTH, {}), "http");
  assert.equal(protocolOf(NEITHER, {}), "http");
  for (const exports of [BOTH, NEITHER]) {
    for (const protocol of ["http", "tcp"] as const)
      assert.equal(protocolOf(exports, { protocol }), protocol);
  }
  assert.equal(protocolOf(HTTP, { protocol: "http", upstream: {} }), "http");
  assert.equal(protocolOf(TCP, { protocol: "tcp", tcpUpstream: null }), "tcp");
});

for (const [what, exports, options, message] of [
  ["the other protocol", HTTP, { protocol: "tcp" }, /callbacks of HTTP and none of TCP/],
  ["the other protocol", TCP, { protocol: "http" }, /callbacks of TCP and none of HTTP/],
  ["the other server", HTTP, { tcpUpstream: {} }, /^`tcpUpstream` says how a server of TCP/],
  ["the other server", TCP, { upstream: {} }, /^`upstream` says how a server of HTTP/],
  ["no protocol", BOTH, { protocol: "udp" }, /^there is no protocol "udp"$/],
  ["no protocol", BOTH, { protocol: "toString" }, /^there is no protocol "toString"$/],
] as const) {
  test(`a module with ${exports.at(-1) ?? ""} and ${JSON.stringify(options)}, which is ${what}, is refused with the way out`, () => {
    // As a test that was not compiled may say it.
    const given = options as FilterOptions;
    assert.throws(
      () => protocolOf(exports, given),
      (error: Error & { code?: string; hint?: string }) => {
        assert.equal(error.code, "ERR_USAGE");
        assert.match(error.message, message);
        assert.notEqual(error.hint ?? "", "");
        return true;
      },
    );
  });
}

test("traffic of the other protocol is refused, and says what to send", () => {
  checkProtocol("http", "http");
  assert.throws(() => {
    checkProtocol("http", "tcp");
  }, /the filter is loaded for HTTP, and not for TCP/);
});

// A module that plain asc makes, with every callback exported and none of what `build` adds,
// behaves as the one that `build` makes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { valuesOf } from "../harness/traffic/response.ts";
import { checkModule } from "../sdk/inspect/check.ts";
import { inspectModule } from "../sdk/inspect/inspect.ts";
import { temporaryFolder } from "../sdk/testing/temporary-folder.ts";
import { proxyFor } from "./support/filters.ts";

const asc = createRequire(import.meta.url)
  .resolve("assemblyscript/package.json")
  .replace("package.json", "bin/asc.js");

/** What `npx asc --config asconfig.json --target release` does, with the output elsewhere. */
function plainAsc(folder: string): string {
  const out = join(folder, "hello.unpruned.wasm");
  execFileSync(process.execPath, [
    asc,
    "--config",
    "asconfig.json",
    "--target",
    "release",
    "--outFile",
    out,
  ]);
  return out;
}

test("what plain asc builds greets the upstream and the client, and counts", async (t) => {
  const module = plainAsc(await temporaryFolder(t));
  const proxy = await proxyFor(t, { module });
  for (let times = 0; times < 3; times++) {
    const exchange = await proxy.send({ headers: [["x-hello", "mallory"]] });
    assert.equal(exchange.status, 200);
    assert.deepEqual(valuesOf(exchange, "x-hello"), ["client"]);
    assert.deepEqual(valuesOf({ headers: exchange.upstream?.headers ?? [] }, "x-hello"), ["world"]);
  }
  const stats = await proxy.envoy.stats("wasmcustom.");
  assert.deepEqual([...stats], [["wasmcustom.hello_requests", 3]]);
});

test("plain asc exports every callback, and Envoy would take the module", async (t) => {
  const info = inspectModule(readFileSync(plainAsc(await temporaryFolder(t))));
  checkModule(info);
  assert.deepEqual(
    info.exports
      .map((each) => each.name)
      .filter((name) => /^(?:proxy|envoy)_on_/.test(name))
      .sort(),
    [
      "envoy_on_resolve_dns",
      "envoy_on_stats_update",
      "proxy_on_configure",
      "proxy_on_context_create",
      "proxy_on_delete",
      "proxy_on_done",
      "proxy_on_downstream_connection_close",
      "proxy_on_downstream_data",
      "proxy_on_grpc_close",
      "proxy_on_grpc_receive",
      "proxy_on_grpc_receive_initial_metadata",
      "proxy_on_grpc_receive_trailing_metadata",
      "proxy_on_http_call_response",
      "proxy_on_log",
      "proxy_on_new_connection",
      "proxy_on_queue_ready",
      "proxy_on_request_body",
      "proxy_on_request_headers",
      "proxy_on_request_metadata",
      "proxy_on_request_trailers",
      "proxy_on_response_body",
      "proxy_on_response_headers",
      "proxy_on_response_metadata",
      "proxy_on_response_trailers",
      "proxy_on_tick",
      "proxy_on_upstream_connection_close",
      "proxy_on_upstream_data",
      "proxy_on_vm_start",
    ],
  );
});

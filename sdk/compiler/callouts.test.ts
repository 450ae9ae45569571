// What a filter that calls other services is made of: the callbacks that bring its answers, and no others.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { ToolError } from "../errors.ts";
import { inspectModule } from "../inspect/inspect.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { build } from "./build.ts";

const NAMES = [
  ...["Action", "CalloutFailure", "CalloutHeaders", "CalloutRequest", "CalloutResponse"],
  ...["GrpcCall", "GrpcMessage", "GrpcRequest", "GrpcResult", "GrpcStream", "HttpCallout"],
  ...["HttpFilter", "RequestHeaders", "continueRequest", "registerHttpFilter"],
];

const HTTP = `
class Check extends HttpCallout {
  override onResponse(response: CalloutResponse): void { continueRequest(); }
  override onFailure(failure: CalloutFailure): void {}
}
`;
const SEND_HTTP = `new Check().send("c", new CalloutRequest("GET", "/", "a"), 1);`;

const UNARY = `
class Call extends GrpcCall {
  override onResponse(message: GrpcMessage): void { continueRequest(); }
  override onFailure(result: GrpcResult): void {}
}
`;
const SEND_UNARY = `new Call().send("c", new GrpcRequest("s", "m"), new Uint8Array(0), 1);`;

const stream = (more: string): string => `
class Chat extends GrpcStream {
  override onClose(result: GrpcResult): void {}
  ${more}
}
`;
const OPEN_STREAM = `new Chat().open("c", new GrpcRequest("s", "m"));`;

/** Builds a filter with the classes, which does the statement for each request. */
async function buildWith(
  t: TestContext,
  classes: string,
  statement: string,
  field = "",
): Promise<Uint8Array> {
  const cwd = await temporaryFolder(t);
  await writeFile(
    join(cwd, "filter.ts"),
    `import { ${NAMES.join(", ")} } from "as-proxy-wasm";
${classes}
class Filter extends HttpFilter {
  ${field}
  override onRequestHeaders(headers: RequestHeaders): Action {
    ${statement}
    return Action.Continue;
  }
}
registerHttpFilter<Filter>("filter");
`,
  );
  const { out } = await build({ entry: "filter.ts", cwd, out: "out.wasm" });
  return readFile(out);
}

async function refusal(t: TestContext, classes: string): Promise<ToolError> {
  const error: unknown = await buildWith(t, classes, SEND_HTTP).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof ToolError, "it was built");
  return error;
}

/** The callbacks and the host calls of a module, beside those of every filter. */
function partsOf(wasm: Uint8Array): { callbacks: string[]; calls: string[] } {
  const { exports, imports } = inspectModule(wasm);
  const common = ["proxy_on_request_headers", "proxy_log", "proxy_continue_stream"];
  const own = (names: readonly { readonly name: string }[], start: string): string[] =>
    names
      .map(({ name }) => name)
      .filter((name) => name.startsWith(start) && !common.includes(name))
      .sort();
  return { callbacks: own(exports, "proxy_on_"), calls: own(imports, "proxy_") };
}

test("a filter that sends HTTP callouts has their callback, and learns when a stream is gone", async (t) => {
  const { callbacks, calls } = partsOf(await buildWith(t, HTTP, SEND_HTTP));
  assert.deepEqual(callbacks, ["proxy_on_delete", "proxy_on_http_call_response"]);
  assert.deepEqual(calls, [
    "proxy_get_header_map_value",
    "proxy_http_call",
    "proxy_set_effective_context",
  ]);
});

test("with fields it knows its streams from their creation", async (t) => {
  const { callbacks } = partsOf(await buildWith(t, HTTP, SEND_HTTP, "field: i32 = 0;"));
  assert.deepEqual(callbacks, [
    "proxy_on_context_create",
    "proxy_on_delete",
    "proxy_on_http_call_response",
  ]);
});

test("a filter that makes unary gRPC calls has the callbacks of those", async (t) => {
  const { callbacks, calls } = partsOf(await buildWith(t, UNARY, SEND_UNARY));
  assert.deepEqual(callbacks, ["proxy_on_delete", "proxy_on_grpc_close", "proxy_on_grpc_receive"]);
  assert.deepEqual(calls, ["proxy_grpc_call", "proxy_grpc_cancel", "proxy_set_effective_context"]);
});

test("a filter that opens gRPC streams has the callbacks for the metadata that it takes", async (t) => {
  const initial =
    "override onInitialMetadata(metadata: CalloutHeaders): void { metadata.get('a'); }";
  const trailing =
    "override onTrailingMetadata(metadata: CalloutHeaders): void { metadata.get('a'); }";
  const always = ["proxy_on_delete", "proxy_on_grpc_close", "proxy_on_grpc_receive"];
  for (const [more, expected] of [
    ["", []],
    [initial, ["proxy_on_grpc_receive_initial_metadata"]],
    [trailing, ["proxy_on_grpc_receive_trailing_metadata"]],
  ] as const) {
    const { callbacks, calls } = partsOf(await buildWith(t, stream(more), OPEN_STREAM));
    assert.deepEqual(callbacks, [...always, ...expected].sort());
    assert.ok(!calls.includes("proxy_http_call"));
  }
});

test("a callout that is never sent costs nothing", async (t) => {
  const without = await buildWith(t, "", "");
  const unsent = await buildWith(t, HTTP + UNARY + stream(""), "");
  assert.deepEqual(partsOf(unsent), { callbacks: [], calls: [] });
  assert.equal(unsent.length, without.length);
});

test("a misspelt callback of a callout is an error with a guess", async (t) => {
  const error = await refusal(t, HTTP.replace("onResponse", "onRespons"));
  assert.equal(error.code, "ERR_UNKNOWN_CALLBACK");
  assert.equal(error.hint, "Did you mean onResponse?");
});

test("a callout that leaves its failure out is an error", async (t) => {
  const error = await refusal(t, HTTP.replace(/override onFailure.*\n/, ""));
  assert.equal(error.code, "ERR_COMPILE");
  assert.match(error.message, /Check.*onFailure.*HttpCallout/);
});

// The callbacks for bodies and trailers: those that are overridden, and those of bodies that are held.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { build } from "./build.ts";

/** The callbacks of a filter with these methods, without those that know the contexts. */
async function callbacksOf(t: TestContext, base: string, members: string): Promise<string[]> {
  const cwd = await temporaryFolder(t);
  const source = `import { Action, BodyAction, HttpFilter, RequestBody, RequestHeaders, ResponseHeaders,
    ResponseTrailers, TrailersAction, WholeBodyFilter, registerHttpFilter } from "as-proxy-wasm";
  class Each extends ${base} { ${members} }
  registerHttpFilter<Each>("each");`;
  await writeFile(join(cwd, "filter.ts"), source);
  const { callbacks } = await build({ entry: "filter.ts", cwd, out: join(cwd, "filter.wasm") });
  return callbacks.filter((name) => !/_context_create$|_delete$/.test(name)).sort();
}

const onRequestHeaders = (statement: string): string =>
  `override onRequestHeaders(headers: RequestHeaders): Action { ${statement} return Action.Continue; }`;

const ON_WHOLE_BODY =
  "override onWholeRequestBody(body: RequestBody): BodyAction { return BodyAction.Continue; }";

test("a filter has the callbacks for the bodies and trailers that it overrides", async (t) => {
  const members = `override onRequestBody(body: RequestBody): BodyAction { return BodyAction.Continue; }
    override onResponseTrailers(trailers: ResponseTrailers): TrailersAction { return TrailersAction.Continue; }`;
  assert.deepEqual(await callbacksOf(t, "HttpFilter", members), [
    "proxy_on_request_body",
    "proxy_on_response_trailers",
  ]);
});

test("a body that is held has its callbacks, and those for the trailers that may end it", async (t) => {
  const holding = onRequestHeaders("this.holdRequestBody(100);");
  assert.deepEqual(await callbacksOf(t, "WholeBodyFilter", holding + ON_WHOLE_BODY), [
    "proxy_on_request_body",
    "proxy_on_request_headers",
    "proxy_on_request_trailers",
  ]);
  assert.deepEqual(
    await callbacksOf(t, "WholeBodyFilter", holding.replaceAll("Request", "Response")),
    ["proxy_on_response_body", "proxy_on_response_headers", "proxy_on_response_trailers"].sort(),
  );
});

test("a body that is never held costs nothing", async (t) => {
  const members = onRequestHeaders("") + ON_WHOLE_BODY;
  assert.deepEqual(await callbacksOf(t, "WholeBodyFilter", members), ["proxy_on_request_headers"]);
});

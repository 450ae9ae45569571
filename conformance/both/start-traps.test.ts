// A filter that traps before it serves is told as one that traps while it does: with its line.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { loadFilter } from "as-proxy-wasm/testing";

const FILTER = "conformance/filters/start-traps.ts";
const path = fileURLToPath(new URL("../filters/start-traps.ts", import.meta.url));
const source = readFileSync(path, "utf8").split("\n");
const lineOf = (rootId: string): number =>
  source.findIndex((line) => line.endsWith(`// ${rootId}`)) + 1;

/** What is thrown for a filter that cannot be loaded. */
interface Thrown {
  readonly code: string;
  readonly message: string;
  readonly place: { readonly file: string; readonly line: number } | undefined;
  readonly detail: string;
}

for (const { rootId, message, logged } of [
  {
    rootId: "start",
    message: /^proxy_on_vm_start trapped: not today, ünï$/,
    logged: /critical: not today, ünï at /,
  },
  {
    rootId: "configure",
    message: /^proxy_on_configure trapped: Index out of range$/,
    logged: /^warn: about to configure\ncritical: Index out of range at /m,
  },
]) {
  test(`a trap in the plugin's ${rootId} has its line, its code and its stack`, async (t) => {
    const options = { rootId, vmConfiguration: "ünï", configuration: "text" };
    const thrown: unknown = await loadFilter(t, FILTER, options).then(
      () => null,
      (error: unknown) => error,
    );
    assert.ok(thrown instanceof Error, "it was loaded");
    const { code, message: said, place, detail } = thrown as Error & Thrown;
    assert.equal(code, "ERR_FILTER_TRAPPED");
    assert.match(said, message);
    const line = lineOf(rootId);
    assert.deepEqual([place?.file, place?.line], [FILTER, line]);
    assert.match(detail, new RegExp(`^ *${line} \\|.*// ${rootId}$`, "m"));
    assert.match(
      detail,
      new RegExp(`^ +\\S+ +${FILTER.replaceAll(".", "\\.")}:${line}:\\d+$`, "m"),
    );
    assert.match(detail, logged);
  });
}

// Envoy takes a plugin whose root context could not be made.
for (const [rootId, message] of [
  ["constructor", "Index out of range"],
  ["filter", "divide by zero"],
] as const) {
  test(`a trap in the ${rootId} has its line, and the client gets 503`, async (t) => {
    const filter = await loadFilter(t, FILTER, { rootId });
    assert.equal((await filter.request()).status, 503);
    const [trap] = filter.traps;
    assert.equal(filter.traps.length, 1);
    assert.equal(trap?.callback, "proxy_on_context_create");
    assert.equal(trap.message, message);
    assert.deepEqual([trap.place?.file, trap.place?.line], [FILTER, lineOf(rootId)]);
    assert.ok(trap.codeFrame?.includes(`// ${rootId}`));
  });
}

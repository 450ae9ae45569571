import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { explainTrap, formatTrap } from "./explain.ts";
import { framesOfBacktrace, framesOfStack } from "./frames.ts";
import { abortOf, sourcesOf } from "./index.ts";

const ABORT = { name: "~lib/as-proxy-wasm/assembly/runtime/abort/abort", offset: 0x24f };
const CALLBACK = {
  name: "~lib/as-proxy-wasm/assembly/abi/callbacks/http/proxy_on_request_headers",
  offset: 0x1a33,
};

test("V8's stack and Envoy's backtrace of one trap are the same frames", () => {
  const stack = [
    "RuntimeError: unreachable",
    `    at ${ABORT.name} (wasm://wasm/7b6ae806:wasm-function[4]:0x24f)`,
    `    at ${CALLBACK.name} (wasm://wasm/7b6ae806:wasm-function[55]:0x1a33)`,
    "    at run (file:///sdk/host/vm.ts:230:20)",
  ];
  const backtrace = [
    "Proxy-Wasm plugin in-VM backtrace:",
    `  0:  0x24f - ${ABORT.name}`,
    `  1:  0x1a33 - ${CALLBACK.name}`,
  ];
  assert.deepEqual(framesOfStack(stack.join("\n")), [ABORT, CALLBACK]);
  assert.deepEqual(framesOfBacktrace(backtrace.join("\n")), [ABORT, CALLBACK]);
});

test("a module without names has frames without names", () => {
  assert.deepEqual(framesOfStack("    at wasm://wasm/7b6ae806:wasm-function[4]:0x24f"), [
    { name: "", offset: 0x24f },
  ]);
  assert.deepEqual(framesOfStack("RangeError: no module on the stack"), []);
  assert.deepEqual(framesOfBacktrace(""), []);
});

test("without a source map the place of an abort is that of its message", () => {
  const report = explainTrap(
    {
      callback: "proxy_on_request_headers",
      reason: "Uncaught RuntimeError: unreachable",
      ...abortOf([ABORT, CALLBACK], "at most\nfive at noon at src/filter.ts:12:5"),
    },
    null,
  );
  assert.deepEqual(report, {
    callback: "proxy_on_request_headers",
    message: "at most\nfive at noon",
    place: { file: "src/filter.ts", line: 12, column: 5 },
    library: null,
    codeFrame: null,
    stack: [{ name: "proxy_on_request_headers", place: null }],
  });
});

test("what was logged before another kind of trap is not taken for its message", () => {
  const report = explainTrap(
    {
      callback: "proxy_on_log",
      reason: "divide by zero",
      ...abortOf([CALLBACK], "all is lost at filter.ts:1:1"),
    },
    null,
  );
  assert.equal(report.message, "divide by zero");
  assert.equal(report.place, null);
});

test("a recursion is one line of the stack", () => {
  const frame = { name: "filter/endless", place: { file: "filter.ts", line: 3, column: 4 } };
  const text = formatTrap({
    callback: "proxy_on_tick",
    message: "Maximum call stack size exceeded",
    place: frame.place,
    library: null,
    codeFrame: null,
    stack: [...Array.from({ length: 9 }, () => frame), { name: "proxy_on_tick", place: null }],
  });
  assert.equal(
    text,
    [
      "proxy_on_tick trapped: Maximum call stack size exceeded",
      "  at filter.ts:3:4",
      "",
      "  filter/endless  filter.ts:3:4  (9 times)",
      "  proxy_on_tick   ?",
    ].join("\n"),
  );
});

test("a source map that is absent, broken, or beside what is no module is none", async (t) => {
  const folder = await temporaryFolder(t);
  const module = join(folder, "filter.wasm");
  assert.equal(await sourcesOf(module), null);
  await writeFile(module, "no module");
  assert.equal(await sourcesOf(module), null);
  for (const map of [
    "",
    "{",
    "null",
    "{}",
    '{"version":3,"sources":[],"sourcesContent":[],"mappings":""}',
  ]) {
    await writeFile(`${module}.map`, map);
    assert.equal(await sourcesOf(module), null, map);
  }
});

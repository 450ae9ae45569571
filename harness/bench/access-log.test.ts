import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAccessLog, readAccessLog } from "./access-log.ts";

test("each line is a request with its durations", () => {
  const log = parseAccessLog(
    "8300 7000 900 - - direct_response\n51000 40000 10999 30000 9000 via_upstream\n",
  );
  assert.deepEqual([...log.total], [8300, 51000]);
  assert.deepEqual([...log.headers], [7000, 40000]);
  assert.deepEqual([...log.body], [900, 10999]);
  assert.deepEqual([...log.requestSide], [NaN, 30000]);
  assert.deepEqual([...log.responseSide], [NaN, 9000]);
  assert.equal(log.traps, 0);
});

test("what Envoy could not measure, and lines of another form, are no numbers", () => {
  const log = parseAccessLog("- - - - - direct_response\n\n12\n-5 1e3 0x10 x\n7 8 9 - - ok\n");
  assert.deepEqual([...log.total], [NaN, NaN, 12, NaN, 7]);
  assert.deepEqual([...log.headers], [NaN, NaN, NaN, NaN, 8]);
  assert.deepEqual([...log.body], [NaN, NaN, NaN, NaN, 9]);
});

test("a line that Envoy has not finished is left out", () => {
  assert.equal(parseAccessLog("1 2 3 - - direct_response\n4 5 6 - - dir").total.length, 1);
  assert.equal(parseAccessLog("1 2 3").total.length, 0);
  assert.equal(parseAccessLog("").total.length, 0);
});

test("requests whose filter trapped are counted", () => {
  const log = parseAccessLog(
    "1 2 3 - - direct_response\n1 - - - - wasm_fail_stream\n1 - - - - wasm_fail_stream\n",
  );
  assert.equal(log.traps, 2);
});

test("a log that Envoy has not opened yet is empty", async () => {
  assert.equal((await readAccessLog("no/such/file.log")).total.length, 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { ExitCode } from "../sdk/errors.ts";
import { temporaryFolder } from "../sdk/testing/temporary-folder.ts";
import { swapUnderLoad } from "./dev-swaps.ts";

const SWAPS = 20;
/** A test need not keep two processors busy. */
const PAUSE_MS = 5;

// `node scripts/dev-swaps.mjs 200` is the same ten times as long.
test(`${SWAPS} swaps by dev under load: every response is 200, from the old or the new module`, async (t) => {
  const result = await swapUnderLoad(SWAPS, await temporaryFolder(t), PAUSE_MS);
  assert.deepEqual(result.wrong, []);
  assert.equal(result.swapMs.length, SWAPS);
  assert.ok(result.responses > SWAPS * 10, `${result.responses} responses are no load`);
  assert.equal(result.exit, ExitCode.Ok);
  assert.deepEqual(result.left, []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { testEnvoy } from "./envoy.ts";
import { readMeters, type MeterCheck } from "./meters.ts";

// The figures are those of scripts/validate-meters.mjs: a test asserts no times. But a module that
// spends a fifth of a millisecond in each request is seen by every meter that can see it at all.
const SPENT_NS = 200_000;
const NONE = { rounds: 0, seconds: 0 };

async function read(place: MeterCheck["place"]): ReturnType<typeof readMeters> {
  return readMeters(
    await testEnvoy(),
    {
      place,
      nanoseconds: SPENT_NS,
      starts: 1,
      seed: 1,
      lengths: {
        bursts: { rounds: 20, seconds: Infinity },
        sides: NONE,
        client: NONE,
        throughput: NONE,
      },
    },
    new AbortController().signal,
  );
}

test("what a module spends on the request's path is seen by both meters", async () => {
  const { spent, time, cpu } = await read("requestHeaders");
  assert.ok(spent >= SPENT_NS && spent < 2 * SPENT_NS, `${spent}`);
  assert.ok((time.value ?? NaN) > SPENT_NS / 2);
  if (process.platform === "linux") assert.ok((cpu?.value ?? NaN) > SPENT_NS / 2);
});

test("what it spends in onLog is seen by the CPU meter alone", async () => {
  const { spent, time, cpu } = await read("log");
  assert.ok(spent >= SPENT_NS && spent < 2 * SPENT_NS, `${spent}`);
  assert.ok((time.value ?? NaN) < SPENT_NS / 2);
  if (process.platform === "linux") assert.ok((cpu?.value ?? NaN) > SPENT_NS / 2);
});

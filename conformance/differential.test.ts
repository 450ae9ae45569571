// What a filter sees and does on the in-process host, it sees and does in a real Envoy: the same made-up
// requests through real filters, and made-up filters that log all they see. For more of both, or one
// again by its number: node scripts/differential.mjs [how many] [from which number].
import assert from "node:assert/strict";
import { test } from "node:test";
import { confirmed } from "./support/confirmed.ts";
import { SUBJECTS, differences } from "./support/differential.ts";
import { foundByProbes } from "./support/probing.ts";
import { foundByTcpProbes } from "./support/tcp-probing.ts";

const REQUESTS = Array.from({ length: 15 }, (_, index) => index + 1);
const TCP_PROBES = Array.from({ length: 40 }, (_, index) => index + 1);
const PROBES = Array.from({ length: 60 }, (_, index) => index + 1);

for (const subject of SUBJECTS) {
  test(`${subject.source} does the same on the host and in Envoy`, async () => {
    assert.deepEqual(await differences(subject, REQUESTS), []);
  });
}

test("made-up filters see the same on the host and in Envoy", async () => {
  assert.deepEqual((await confirmed(PROBES, foundByProbes)).differing, []);
});

test("made-up TCP filters see the same on the host and in Envoy", async () => {
  assert.deepEqual((await confirmed(TCP_PROBES, foundByTcpProbes)).differing, []);
});

// Differential fuzzing against Node, from a fixed seed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RegexClient } from "../testing/regex-client.ts";
import { fuzzRegex } from "../testing/regex-fuzz.ts";

const PATTERNS = 5_000;

test(`agrees with RegExp on ${PATTERNS} patterns, each with three texts`, async () => {
  const counts = fuzzRegex(await RegexClient.load(), 262, PATTERNS);
  // Enough of each kind to show something.
  assert.ok(counts.compiled > PATTERNS / 2, JSON.stringify(counts));
  assert.ok(counts.matched > PATTERNS / 2, JSON.stringify(counts));
  assert.ok(counts.refused > PATTERNS / 10, JSON.stringify(counts));
});

// The short form; a million: node scripts/soak.mjs
import { test } from "node:test";
import { assertSoaked, soak } from "./support/soak.ts";

const REQUESTS = 10_000;
const WARM_UP = 3_000;

test(`${REQUESTS} requests with headers, body, JSON, shared data and a callout leave memory as it was`, async (t) => {
  assertSoaked(await soak(t, REQUESTS, WARM_UP), REQUESTS);
});

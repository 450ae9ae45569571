// As many requests as it is told, with figures: scripts/soak.mjs.
import { test } from "node:test";
import { assertSoaked, soak } from "./soak.ts";

const WARM_UP = 20_000;

const requests = Number(process.argv[2] ?? 1_000_000);
if (!Number.isSafeInteger(requests) || requests <= WARM_UP) {
  console.error(`the number of requests must be above ${WARM_UP}, those of the warm-up`);
  process.exit(2);
}

test(`${requests} requests`, async (t) => {
  const soaked = await soak(t, requests, WARM_UP);
  const { seconds, answered, counted, pages } = soaked;
  t.diagnostic(`${answered} answered, ${counted} counted, ${seconds.toFixed(0)} s`);
  t.diagnostic(
    `guest memory: ${pages.first} pages of 64 KiB in the first ${WARM_UP}, ${pages.rest} after`,
  );
  assertSoaked(soaked, requests);
});

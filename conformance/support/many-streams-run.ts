// As many streams at once as it is told, with figures: scripts/many-streams.mjs.
import { test } from "node:test";
import { FEWEST, assertManyStreams, manyStreams } from "./many-streams.ts";

const count = Number(process.argv[2] ?? 10_000);
if (!Number.isSafeInteger(count) || count < FEWEST) {
  console.error(`the number of streams must be a whole number, ${FEWEST} or more`);
  process.exit(2);
}

test(`${count} streams at once`, async (t) => {
  const waves = await manyStreams(t, count);
  for (const { seconds, alive, asking, left, answered, pages } of waves) {
    t.diagnostic(
      `${alive} alive, ${asking} of them with a callout in flight; ${left} left, ${answered} answered; ` +
        `${pages} pages of 64 KiB; ${seconds.toFixed(1)} s`,
    );
  }
  assertManyStreams(waves, count);
});

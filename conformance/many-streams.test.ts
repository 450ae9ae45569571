// The short form; ten thousand: node scripts/many-streams.mjs
import { test } from "node:test";
import { assertManyStreams, manyStreams } from "./support/many-streams.ts";

const STREAMS = 500;

test(`${STREAMS} streams at once, half of them with a callout in flight, get each its own answer`, async (t) => {
  assertManyStreams(await manyStreams(t, STREAMS), STREAMS);
});

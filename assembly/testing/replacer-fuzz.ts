// Differential fuzzing of the streaming replacer against Node's regular expressions over the whole
// bytes, from a seed: the same seed makes the same streams.
import assert from "node:assert/strict";
import { Random } from "./random.ts";
import type { ReplacerClient } from "./replacer-client.ts";

/** What a run saw. */
export interface ReplacerFuzzCounts {
  replaced: number;
  /** Parts behind which something was held back. */
  held: number;
}

const bytesOf = (text: string): Buffer => Buffer.from(text, "latin1");

/** Mostly of two letters, so that needles overlap each other and themselves. */
function randomText(random: Random, most: number): string {
  let text = "";
  for (let left = random.below(most + 1); left > 0; left--)
    text += random.pick(["a", "a", "b", "b", "c", "\0", "\xff"]);
  return text;
}

/** What should come out: of needles at one place the longest. */
function expected(text: string, needles: ReadonlyMap<string, string>): string {
  const longestFirst = [...needles.keys()].sort((a, b) => b.length - a.length);
  const expression = new RegExp(longestFirst.join("|"), "g");
  return text.replace(expression, (needle) => needles.get(needle) ?? "");
}

/** Compares `count` streams; throws at the first difference, with all that shows it. */
export function fuzzReplacer(
  client: ReplacerClient,
  seed: number,
  count: number,
): ReplacerFuzzCounts {
  const random = new Random(seed);
  const counts = { replaced: 0, held: 0 };
  for (let i = 0; i < count; i++) {
    if (i % 50 === 0) client.reset();
    const needles = new Map<string, string>();
    client.useNeedles();
    for (let left = 1 + random.below(4); left > 0; left--) {
      const needle = randomText(random, 5);
      const replacement = randomText(random, 3);
      const isNew = needle !== "" && !needles.has(needle);
      assert.equal(client.addBytes(bytesOf(needle), bytesOf(replacement)), isNew, needle);
      if (isNew) needles.set(needle, replacement);
    }
    if (needles.size === 0) continue;
    const longest = Math.max(...Array.from(needles.keys(), (needle) => needle.length));
    const parts: string[] = [];
    for (let left = 1 + random.below(6); left > 0; left--) parts.push(randomText(random, 6));
    try {
      client.start();
      let output = "";
      for (const part of parts) {
        output += client.push(bytesOf(part)).toString("latin1");
        assert.ok(client.heldBack < longest, `${client.heldBack} held back`);
        if (client.heldBack > 0) counts.held++;
      }
      const last = randomText(random, 3);
      output += client.push(bytesOf(last), true).toString("latin1");
      assert.equal(client.heldBack, 0);
      assert.equal(output, expected(parts.join("") + last, needles));
      counts.replaced += client.count;
    } catch (cause) {
      const what = JSON.stringify({ needles: [...needles], parts });
      throw new Error(`seed ${seed}, stream ${i}: ${what}`, { cause });
    }
  }
  return counts;
}

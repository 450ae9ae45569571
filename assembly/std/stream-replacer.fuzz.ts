// Fuzzing of the streaming replacer beside Node's regular expressions over the whole bytes.
import assert from "node:assert/strict";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import type { Random } from "../testing/random.ts";
import { ReplacerClient } from "../testing/replacer-client.ts";

interface Input {
  /** Bytes as latin1; of two that are the same only the first one counts. */
  readonly needles: readonly (readonly [needle: string, replacement: string])[];
  readonly parts: readonly string[];
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

const streams = defineFuzz<Input>({
  name: "stream-replacer",
  input(random) {
    const needles = Array.from(
      { length: 1 + random.below(4) },
      () => [randomText(random, 5), randomText(random, 3)] as const,
    );
    return {
      needles: [["bab", "<"], ...needles],
      parts: Array.from({ length: 2 + random.below(6) }, () => randomText(random, 6)),
    };
  },
  async load() {
    const client = await ReplacerClient.load();
    return {
      compare({ needles, parts }) {
        const known = new Map<string, string>();
        client.useNeedles();
        for (const [needle, replacement] of needles) {
          const isNew = needle !== "" && !known.has(needle);
          assert.equal(client.addBytes(bytesOf(needle), bytesOf(replacement)), isNew, needle);
          if (isNew) known.set(needle, replacement);
        }
        const longest = Math.max(...Array.from(known.keys(), (needle) => needle.length));
        client.start();
        let output = "";
        let held = 0;
        for (const [i, part] of parts.entries()) {
          const isLast = i === parts.length - 1;
          output += client.push(bytesOf(part), isLast).toString("latin1");
          assert.ok(client.heldBack < (isLast ? 1 : longest), `${client.heldBack} held back`);
          held += client.heldBack;
        }
        assert.equal(output, expected(parts.join(""), known));
        if (client.count === 0) return "nothing replaced";
        return held > 0 ? "replaced, with bytes held back" : "replaced";
      },
      collect: () => {
        client.reset();
      },
    };
  },
  shares: { "replaced, with bytes held back": 0.4, replaced: 0.02, "nothing replaced": 0.02 },
});

export const fuzzes: readonly Fuzz[] = [streams];

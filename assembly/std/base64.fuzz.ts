// Fuzzing of base64 and base64url beside Node's.
import assert from "node:assert/strict";
import {
  ALPHABETS,
  type Alphabet,
  Base64Client,
  nodeDecode,
  nodeEncode,
  type Padding,
} from "../testing/encoding-client.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";

interface Input {
  readonly alphabet: Alphabet;
  readonly padding: Padding;
  readonly bytes: Uint8Array;
  /** What is decoded: the bytes' text, whole or damaged. */
  readonly text: string;
  readonly padded: boolean;
}

const DAMAGE = ["", "=", "A", "B", "/", "-", " ", "é", "\u0141", "\ud83d"] as const;

const base64 = defineFuzz<Input>({
  name: "base64",
  input(random) {
    const alphabet = random.pick(ALPHABETS);
    const padding = random.pick<Padding>(["required", "forbidden", "optional"]);
    const bytes = Uint8Array.from({ length: random.below(20) }, () => random.below(256));
    const padded = random.once(2);
    let text = nodeEncode(bytes, alphabet, padded);
    if (!random.once(3)) {
      const from = random.below(text.length + 1);
      text = text.slice(0, from) + random.pick(DAMAGE) + text.slice(from + random.below(3));
    }
    return { alphabet, padding, bytes, text, padded };
  },
  async load() {
    const client = await Base64Client.load();
    return {
      compare({ alphabet, padding, bytes, text, padded }) {
        assert.equal(client.encode(bytes, alphabet, padded), nodeEncode(bytes, alphabet, padded));
        const result = client.decode(text, alphabet, padding);
        const expected = nodeDecode(text, alphabet, padding);
        if (expected) {
          assert.deepEqual(result, expected);
          return "decoded";
        }
        assert.ok("error" in result);
        // Up to the fault, all is in order.
        assert.match(text.slice(0, result.offset), /^[-\w+/]*={0,2}$/);
        assert.ok(result.offset <= text.length);
        return "refused";
      },
      collect: () => {
        client.driver.collect();
      },
    };
  },
  shares: { decoded: 0.25, refused: 0.25 },
});

export const fuzzes: readonly Fuzz[] = [base64];

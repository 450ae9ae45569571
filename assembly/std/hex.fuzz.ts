// Fuzzing of hexadecimal beside Node's.
import assert from "node:assert/strict";
import { HexClient } from "../testing/encoding-client.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";

interface Input {
  readonly bytes: Buffer;
  readonly upperCase: boolean;
  /** What is decoded: the bytes' digits, cut or damaged. */
  readonly text: string;
}

const hex = defineFuzz<Input>({
  name: "hex",
  input(random) {
    const bytes = Buffer.from(Array.from({ length: random.below(20) }, () => random.below(256)));
    const upperCase = random.once(2);
    const digits = upperCase ? bytes.toString("hex").toUpperCase() : bytes.toString("hex");
    let text = digits.slice(0, random.below(digits.length + 1));
    if (random.once(3)) {
      const at = random.below(text.length + 1);
      text =
        text.slice(0, at) + random.pick(["", "g", "0", " ", "é", "\uff10"]) + text.slice(at + 1);
    }
    return { bytes, upperCase, text };
  },
  async load() {
    const client = await HexClient.load();
    return {
      compare({ bytes, upperCase, text }) {
        const expected = bytes.toString("hex");
        const digits = client.encode(bytes, upperCase);
        assert.equal(digits, upperCase ? expected.toUpperCase() : expected);
        assert.deepEqual(client.decode(digits), bytes);
        const result = client.decode(text);
        const odd = text.search(/[^\da-f]/i);
        if (odd >= 0) {
          assert.deepEqual(result, { error: "hex: not a hexadecimal digit", offset: odd });
          return "no digit";
        }
        if (text.length % 2 === 1) {
          assert.deepEqual(result, { error: "hex: odd number of digits", offset: text.length });
          return "odd";
        }
        assert.deepEqual(result, Buffer.from(text, "hex"));
        return "decoded";
      },
      collect: () => {
        client.driver.collect();
      },
    };
  },
  shares: { decoded: 0.2, odd: 0.2, "no digit": 0.05 },
});

export const fuzzes: readonly Fuzz[] = [hex];

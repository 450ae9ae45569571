// Fuzzing of the JSON reader beside JSON.parse, Number and BigInt.
import assert from "node:assert/strict";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import { JsonClient } from "../testing/json-client.ts";
import { assertSameReading, hasDuplicateKey, parseWithNode } from "../testing/json-oracle.ts";
import { mutate, randomJson, randomNumber } from "../testing/json-texts.ts";
import type { Random } from "../testing/random.ts";

/** Everything about one text; a trap throws. */
function compare(json: JsonClient, text: string): string {
  const node = parseWithNode(text);
  const root = json.parse(text, { allowDuplicateKeys: true, maxDepth: 1000 });
  if (node === undefined) {
    assert.match(root.error ?? "", /^\$.*: line \d+, column \d+: /);
    assert.ok(root.errorOffset >= 0 && root.errorOffset <= text.length);
    assert.equal(root.kind, "None");
    return "refused";
  }
  assert.equal(root.error, null);
  const value = assertSameReading(root, node);
  const strict = json.parse(text, { maxDepth: 1000 }).error;
  if (hasDuplicateKey(value)) assert.match(strict ?? "", /: duplicate key$/);
  else assert.equal(strict, null);
  return "accepted";
}

/** One number as a double and as an integer. */
function compareNumber(json: JsonClient, text: string): string {
  const expected = Number(text);
  const root = json.parse(text);
  const value = root.asNumber();
  if (Number.isFinite(expected)) {
    assert.equal(root.error, null, text);
    assert.ok(Object.is(value, expected), `${text} is ${expected}, not ${value}`);
  } else {
    assert.match(root.error ?? "", /^\$: expected a number that fits in 64 bits, found /);
  }
  const other = json.parse(text);
  const whole = wholeNumber(text);
  const integer = other.asInteger();
  if (whole !== null && BigInt.asIntN(64, whole) === whole) {
    assert.equal(other.error, null, text);
    assert.equal(integer, whole);
  } else {
    assert.match(
      other.error ?? "",
      /^\$: expected an integer from -9223372036854775808 to 9223372036854775807, found /,
    );
    assert.equal(integer, 0n);
  }
  return whole === null ? "fraction" : "whole";
}

/** The exact value of a number that is whole; `null` for others and for enormous ones. */
function wholeNumber(text: string): bigint | null {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  const digits = BigInt(whole + fraction);
  if (digits === 0n) return 0n;
  const scale = Number(exponent) - fraction.length;
  if (Math.abs(scale) > 10_000) return null;
  const power = 10n ** BigInt(Math.abs(scale));
  if (scale < 0 && digits % power !== 0n) return null;
  return BigInt(`${sign}1`) * (scale < 0 ? digits / power : digits * power);
}

/** A number exactly between two doubles, or a little beside that: the hardest to round. */
function randomTie(random: Random): string {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setUint32(0, random.below(random.once(4) ? 0x0020_0000 : 0x7fe0_0000));
  bits.setUint32(4, random.below(2 ** 32));
  const [high, low] = [bits.getUint32(0), bits.getUint32(4)];
  // The mantissa and one bit more, times two to the power of the exponent.
  const mantissa = (BigInt(high & 0xf_ffff) << 32n) | BigInt(low);
  const biased = high >>> 20;
  const odd = 2n * (biased > 0 ? mantissa | (1n << 52n) : mantissa) + 1n;
  const exponent = Math.max(biased, 1) - 1076;
  const beside = BigInt(random.below(3) - 1);
  if (exponent >= 0) return String(odd * 2n ** BigInt(exponent) + beside);
  // odd / 2^n = odd * 5^n / 10^n
  const digits = odd * 5n ** BigInt(-exponent) * 10n + beside;
  return `${digits}e${exponent - 1}`;
}

const documents = defineFuzz<string>({
  name: "json",
  input(random) {
    const text = randomJson(random);
    return random.once(4) ? text : mutate(text, random);
  },
  async load() {
    const json = await JsonClient.load();
    return {
      compare: (text) => compare(json, text),
      collect: () => {
        json.reset();
      },
    };
  },
  shares: { accepted: 0.25, refused: 0.25 },
});

const numbers = defineFuzz<string>({
  name: "json-numbers",
  input: (random) => (random.once(4) ? randomTie(random) : randomNumber(random)),
  async load() {
    const json = await JsonClient.load();
    return {
      compare: (text) => compareNumber(json, text),
      collect: () => {
        json.reset();
      },
    };
  },
  shares: { whole: 0.1, fraction: 0.1 },
});

export const fuzzes: readonly Fuzz[] = [documents, numbers];

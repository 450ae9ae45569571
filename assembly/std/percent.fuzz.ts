// Fuzzing of percent-coding beside decodeURIComponent, encodeURIComponent and URLSearchParams.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import { bytesResult, textResult, type ResultExports } from "../testing/results.ts";

interface PercentExports extends ResultExports {
  encode(text: number): number;
  encodeForm(text: number): number;
  decode(text: number, plus: number): number;
  decodeBytes(text: number, plus: number): number;
  decodeLoose(text: number, plus: number): number;
}

const MALFORMED = "percent: two hexadecimal digits must follow %";
const BROKEN = ["%", "%4", "%zz", "%C3", "%80", "%ff", "%ED%A0%80", "%F0%9F"] as const;
const WHOLE = ["a", "+", "%2b", "%00", "%C3%A9", "é", "€", "\u{1f600}", "%f0%9F%98%80"] as const;

/** What Node makes of a text; `undefined` when it refuses it. */
function nodeDecode(text: string, plus: boolean): string | undefined {
  try {
    return decodeURIComponent(plus ? text.replaceAll("+", " ") : text);
  } catch {
    return undefined;
  }
}

const percent = defineFuzz<{ readonly text: string; readonly plus: boolean }>({
  name: "percent",
  input: (random) => ({
    text: Array.from({ length: random.below(8) }, () =>
      random.pick<string>(random.once(12) ? BROKEN : WHOLE),
    ).join(""),
    plus: random.once(2),
  }),
  async load() {
    const driver = new Driver<PercentExports>(
      await compileDriver("assembly/std/percent.driver.ts"),
    );
    const { exports } = driver;
    return {
      compare({ text, plus }) {
        const written = driver.writeText(text);
        const form = driver.readText(exports.encodeForm(written));
        assert.equal(form, new URLSearchParams([["", text]]).toString().slice(1));
        const escaped = encodeURIComponent(text);
        assert.equal(driver.readText(exports.encode(written)), escaped);
        // Node 20's URLSearchParams loses what is beyond ASCII and not escaped beside a bad escape.
        const ascii = text.replace(/[^\0-\x7f]+/g, encodeURIComponent);
        const loose = driver.readText(exports.decodeLoose(written, 1));
        assert.equal(loose, new URLSearchParams(`a=${ascii}`).get("a"));

        const expected = nodeDecode(text, plus);
        const result = textResult(driver, exports.decode(written, Number(plus)));
        if (expected !== undefined) {
          assert.equal(result, expected);
          const bytes = bytesResult(driver, exports.decodeBytes(written, Number(plus)));
          assert.deepEqual(bytes, Buffer.from(expected));
          return "decoded";
        }
        assert.ok(typeof result === "object");
        // Up to the fault, all is in order.
        const before = text.slice(0, result.offset);
        if (result.error === MALFORMED) assert.doesNotMatch(before, /%(?![\da-f]{2})/i);
        else assert.notEqual(nodeDecode(before, plus), undefined);
        assert.equal(text[result.offset], "%");
        return "refused";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { decoded: 0.2, refused: 0.15 },
});

export const fuzzes: readonly Fuzz[] = [percent];

// Fuzzing of cookies beside the same rules, written with what Node has.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";

interface CookieExports {
  load(header: number): void;
  get(name: number): number;
  getAll(name: number): number;
  all(): number;
  remove(name: number): number;
}

const PIECES = ["a", "b", "=", "=", ";", "; ", '"', " ", "\t", "é", "\ud800", "%41"] as const;

function reference(header: string): string[][] {
  const trim = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, "");
  return header.split(";").flatMap((part) => {
    const [, name = "", value = ""] = /^([^=]*)=([^]*)$/.exec(part) ?? [];
    const bare = trim(value).replace(/^"([^]*)"$/, "$1");
    return trim(name) ? [[trim(name), bare]] : [];
  });
}

const cookies = defineFuzz<string>({
  name: "cookies",
  input: (random) => Array.from({ length: random.below(12) }, () => random.pick(PIECES)).join(""),
  async load() {
    const driver = new Driver<CookieExports>(await compileDriver("assembly/std/cookies.driver.ts"));
    const { exports } = driver;
    const list = (pointer: number): string[] =>
      (driver.readText(pointer) ?? "").split("\0").slice(0, -1);
    const all = (): string[][] => {
      const texts = list(exports.all());
      return texts.flatMap((name, i) => (i % 2 ? [] : [[name, texts[i + 1] ?? ""]]));
    };
    const a = (): number => driver.writeText("a");
    return {
      compare(header) {
        const expected = reference(header);
        exports.load(driver.writeText(header));
        assert.deepEqual(all(), expected);
        const values = expected.flatMap(([name, value = ""]) => (name === "a" ? [value] : []));
        assert.deepEqual(list(exports.getAll(a())), values);
        assert.equal(driver.readText(exports.get(a())), values[0] ?? null);
        assert.equal(exports.remove(a()) !== 0, values.length > 0);
        assert.deepEqual(
          all(),
          expected.filter(([name]) => name !== "a"),
        );
        return values.length > 0 ? "found" : "absent";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { found: 0.01, absent: 0.2 },
});

export const fuzzes: readonly Fuzz[] = [cookies];

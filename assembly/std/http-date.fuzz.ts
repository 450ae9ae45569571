// Fuzzing of HTTP dates beside JavaScript's.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import { faultOf, type ResultExports } from "../testing/results.ts";

interface DateExports extends ResultExports {
  parse(text: number): bigint;
  parseAt(text: number, now: bigint): bigint;
  format(seconds: bigint): number;
}

/** The first and the last second of the years 0 to 9999. */
const FIRST = -62167219200;
const LAST = 253402300799;

const load = async (): Promise<Driver<DateExports>> =>
  new Driver(await compileDriver("assembly/std/http-date.driver.ts"));

const dates = defineFuzz<{ readonly seconds: number; readonly now: number }>({
  name: "http-date",
  input(random) {
    const seconds = FIRST + random.below(LAST - FIRST + 1);
    // Within 49 years, two digits tell the year.
    return { seconds, now: seconds + (random.below(98) - 49) * 31_556_952 || 1 };
  },
  async load() {
    const driver = await load();
    const { exports } = driver;
    const parse = (text: string, now?: number): number => {
      const pointer = driver.writeText(text);
      const value =
        now === undefined ? exports.parse(pointer) : exports.parseAt(pointer, BigInt(now));
      assert.equal(faultOf(driver, value === 0n), undefined);
      return Number(value);
    };
    return {
      compare({ seconds, now }) {
        const date = new Date(seconds * 1000);
        const text = date.toUTCString();
        assert.equal(driver.readText(exports.format(BigInt(seconds))), text);
        assert.equal(parse(text), seconds);
        if (date.getUTCFullYear() >= 100) assert.equal(Date.parse(text), seconds * 1000);
        const [, day = "", dd = "", month = "", yyyy = "", time = ""] =
          /^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/.exec(text) ?? [];
        assert.equal(parse(`${day} ${month} ${dd.replace(/^0/, " ")} ${time} ${yyyy}`), seconds);
        const long = DAYS[date.getUTCDay()] ?? "";
        assert.equal(parse(`${long}, ${dd}-${month}-${yyyy.slice(2)} ${time} GMT`, now), seconds);
        return "equal";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
});

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const damaged = defineFuzz<string>({
  name: "http-date-damaged",
  input(random) {
    const text = new Date(random.below(4e9) * 1000).toUTCString();
    const at = random.below(text.length);
    const piece = random.pick(["", "0", "1", "3", "9", " ", ",", "S", "\u0130", "-"]);
    return text.slice(0, at) + piece + text.slice(at + random.below(2));
  },
  async load() {
    const driver = await load();
    return {
      compare(text) {
        const value = driver.exports.parse(driver.writeText(text));
        if (faultOf(driver, value === 0n)) return "refused";
        // JavaScript takes years before 100 for later ones.
        if (!/ 00\d\d /.test(text))
          assert.equal(Number(value) * 1000, Date.parse(text.replace(/^\w+, /, "")));
        return "a date";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { refused: 0.5, "a date": 0.04 },
});

export const fuzzes: readonly Fuzz[] = [dates, damaged];

// Fuzzing of paths: dot segments beside URL and RFC 3986 to the letter, and the normal form.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import { textResult, type ResultExports } from "../testing/results.ts";

interface UrlExports extends ResultExports {
  withoutDots(path: number): number;
  normalize(path: number, slashes: number): number;
}

const load = async (): Promise<Driver<UrlExports>> =>
  new Driver(await compileDriver("assembly/std/url.driver.ts"));

/** Node's path, by way of `/.`, as its parser overlooks dot segments after one like `.a` (Ada 2.9). */
function nodePath(path: string): string {
  return new URL(`http://host/.${path}`).pathname;
}

const DOT = "(?:\\.|%2[eE])";
const rule = (text: string): RegExp => new RegExp(`^${text.replaceAll("D", DOT)}`);
const DROPPED = rule("DD?/");
const STAYS = rule("/D(/|$)");
const CLIMBS = rule("/DD(/|$)");
const ONLY_DOTS = rule("DD?$");

/** The steps of RFC 3986, section 5.2.4, to the letter, where each dot may be an escape. */
function rfcRemoveDots(path: string): string {
  let input = path;
  let output = "";
  while (input !== "") {
    if (DROPPED.test(input)) input = input.replace(DROPPED, "");
    else if (STAYS.test(input)) input = input.replace(STAYS, "/");
    else if (CLIMBS.test(input)) {
      input = input.replace(CLIMBS, "/");
      output = output.replace(/(^|\/)[^/]*$/, "");
    } else if (ONLY_DOTS.test(input)) input = "";
    else {
      const [segment = ""] = /^\/?[^/]*/.exec(input) ?? [];
      output += segment;
      input = input.slice(segment.length);
    }
  }
  return output;
}

// prettier-ignore
const DOTTED = ["/", ".", "..", "/..", "/.", "a", "/b", "%2e", "%2E", "%2f", ";", "%"] as const;

const dots = defineFuzz<string>({
  name: "dot-segments",
  input: (random) => Array.from({ length: random.below(10) }, () => random.pick(DOTTED)).join(""),
  async load() {
    const driver = await load();
    const withoutDots = (path: string): string =>
      driver.readText(driver.exports.withoutDots(driver.writeText(path))) ?? "";
    return {
      compare(path) {
        assert.equal(withoutDots(`/x${path}`), nodePath(`/x${path}`));
        const form = withoutDots(path);
        assert.equal(form, rfcRemoveDots(path));
        return form === path ? "kept" : "changed";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { kept: 0.1, changed: 0.3 },
});

const SLASHES = { reject: 0, keep: 1, decode: 2 } as const;
// prettier-ignore
const ESCAPED = ["/", ".", "/..", "a", "%2e", "%2F", "%5c", "%7e", "%c3%A9", "é", "%25"] as const;

const normal = defineFuzz<{ readonly path: string; readonly slashes: keyof typeof SLASHES }>({
  name: "normal-path",
  input: (random) => ({
    path: `/${Array.from({ length: random.below(10) }, () => random.pick(ESCAPED)).join("")}`,
    slashes: random.pick<keyof typeof SLASHES>(["reject", "keep", "decode"]),
  }),
  async load() {
    const driver = await load();
    return {
      compare({ path, slashes }) {
        const normalize = (text: string) =>
          textResult(driver, driver.exports.normalize(driver.writeText(text), SLASHES[slashes]));
        const form = normalize(path);
        if (typeof form === "object") {
          assert.equal(slashes, "reject");
          assert.match(path.slice(form.offset), /^(%2F|%5C)/i);
          assert.doesNotMatch(path.slice(0, form.offset), /%2F|%5C/i);
          return "refused";
        }
        assert.equal(normalize(form), form);
        // As Node keeps escapes and adds some, what they decode to is compared.
        const slashed = slashes === "decode" ? path.replace(/%2F|%5C/gi, "/") : path;
        assert.equal(decodeURIComponent(form), decodeURIComponent(nodePath(slashed)));
        return "normal";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { normal: 0.4, refused: 0.1 },
});

export const fuzzes: readonly Fuzz[] = [dots, normal];

// Fuzzing of Set-Cookie: no field adds an attribute or a header.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import type { Random } from "../testing/random.ts";
import { textResult, type ResultExports } from "../testing/results.ts";

interface SetCookieExports extends ResultExports {
  create(name: number, value: number): void;
  setPath(path: number): void;
  setDomain(domain: number): void;
  setFlags(secure: number, httpOnly: number, partitioned: number): void;
  build(): number;
}

/** A few characters, now and then an odd one. */
function randomField(random: Random, first: string): string {
  let text = first;
  for (let left = random.below(4); left > 0; left--)
    text += random.once(6)
      ? String.fromCharCode(random.below(random.pick([0x80, 0x1_0000])))
      : random.pick(["a", "B", "0", "-", "."]);
  return text;
}

const setCookie = defineFuzz<Record<"name" | "value" | "path" | "domain", string>>({
  name: "set-cookie",
  input: (random) => ({
    name: randomField(random, "a"),
    value: randomField(random, ""),
    path: randomField(random, "/"),
    domain: randomField(random, ""),
  }),
  async load() {
    const driver = new Driver<SetCookieExports>(
      await compileDriver("assembly/std/set-cookie.driver.ts"),
    );
    const { exports } = driver;
    return {
      compare({ name, value, path, domain }) {
        exports.create(driver.writeText(name), driver.writeText(value));
        exports.setPath(driver.writeText(path));
        exports.setDomain(driver.writeText(domain));
        exports.setFlags(0, 1, 0);
        const header = textResult(driver, exports.build());
        const good =
          /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
          /^[!#-+\--:<-[\]-~]*$/.test(value.replace(/^"([^]*)"$/, "$1")) &&
          /^[ -:<-~]*$/.test(path) &&
          /^[a-z\d.-]*$/i.test(domain);
        assert.equal(typeof header === "string", good);
        if (typeof header !== "string") return "refused";
        const attributes = [domain && `Domain=${domain}`, `Path=${path}`, "HttpOnly"];
        assert.equal(header, [`${name}=${value}`, ...attributes.filter(Boolean)].join("; "));
        return "built";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { built: 0.2, refused: 0.05 },
});

export const fuzzes: readonly Fuzz[] = [setCookie];

// Fuzzing of queries and their edits beside URLSearchParams.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import type { Random } from "../testing/random.ts";

interface QueryExports {
  load(text: number): void;
  text(): number;
  get(name: number): number;
  getAll(name: number): number;
  has(name: number): number;
  parameters(): number;
  setTo(name: number, value: number): void;
  add(name: number, value: number): void;
  remove(name: number): number;
}

interface Edit {
  readonly kind: "set" | "add" | "remove";
  readonly name: string;
}

interface Input {
  readonly text: string;
  readonly edits: readonly Edit[];
  /** What is asked for after each edit. */
  readonly asked: string;
}

// prettier-ignore
const PIECES = ["a", "b", "", "aa", "%61", "+", "%20", "%2B", "%C3%A9", "%zz", "%", "%80", "?"] as const;
const NAMES = ["a", "b", "", " ", "é", "a ", "%zz", "\ufffd", "c"] as const;

const randomEdit = (random: Random): Edit => ({
  kind: random.pick(["set", "add", "remove"]),
  name: random.pick(NAMES),
});

const query = defineFuzz<Input>({
  name: "query",
  input: (random) => ({
    text: Array.from(
      { length: random.below(9) },
      () => random.pick(PIECES) + random.pick(["", "=", "&", "="]),
    ).join(""),
    edits: Array.from({ length: random.below(3) }, () => randomEdit(random)),
    asked: random.pick(NAMES),
  }),
  async load() {
    const driver = new Driver<QueryExports>(await compileDriver("assembly/std/query.driver.ts"));
    const { exports } = driver;
    const write = (text: string): number => driver.writeText(text);
    const list = (pointer: number): string[] =>
      (driver.readText(pointer) ?? "").split("\0").slice(0, -1);

    const check = (params: URLSearchParams, asked: string): void => {
      const texts = list(exports.parameters());
      const all = texts.flatMap((name, i) => (i % 2 ? [] : [[name, texts[i + 1] ?? ""]]));
      assert.deepEqual(all, [...params]);
      // What Node reads in the edited text must be the same.
      const text = driver.readText(exports.text()) ?? "";
      assert.deepEqual([...new URLSearchParams(`?${text}`)], [...params], text);
      assert.equal(driver.readText(exports.get(write(asked))), params.get(asked));
      assert.deepEqual(list(exports.getAll(write(asked))), params.getAll(asked));
      assert.equal(exports.has(write(asked)) !== 0, params.has(asked));
    };
    return {
      compare({ text, edits, asked }) {
        const params = new URLSearchParams(`?${text}`);
        exports.load(write(text));
        check(params, asked);
        for (const { kind, name } of edits) {
          if (kind === "set") {
            params.set(name, " é&=+");
            exports.setTo(write(name), write(" é&=+"));
          } else if (kind === "add") {
            params.append(name, "%41");
            exports.add(write(name), write("%41"));
          } else {
            assert.equal(exports.remove(write(name)) !== 0, params.has(name));
            params.delete(name);
          }
          check(params, asked);
        }
        return edits.length > 0 ? "edited" : "read";
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { edited: 0.5, read: 0.2 },
});

export const fuzzes: readonly Fuzz[] = [query];

// The table of what is under way, against a Map.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Driver, compileDriver } from "../testing/asc-driver.ts";
import { Random } from "../testing/random.ts";

interface Exports {
  reset(count: number): void;
  insert(number: number, token: number, owner: number): void;
  find(token: number): number;
  remove(number: number): void;
  isPending(number: number): number;
  removeAllOf(owner: number): void;
  nextRemoved(): number;
}

let table: Exports;
before(async () => {
  table = new Driver<Exports>(await compileDriver("assembly/callout/pending.driver.ts")).exports;
});

function removedOf(owner: number): number[] {
  const numbers: number[] = [];
  table.removeAllOf(owner);
  for (let number = table.nextRemoved(); number >= 0; number = table.nextRemoved())
    numbers.push(number);
  return numbers.sort((left, right) => left - right);
}

/** Tokens as Envoy gives them, as another host might, and as badly spread as can be. */
const TOKENS: Readonly<Record<string, (index: number) => number>> = {
  "in steps of four": (index) => 4 * index + 1,
  "in steps of one": (index) => index,
  "in steps of 65,536": (index) => (index * 65_536 + 7) >>> 0,
  "around the end of their numbers": (index) => (0xffff_fff0 + index) >>> 0,
};

const COUNT = 500;

for (const [how, tokenOf] of Object.entries(TOKENS)) {
  test(`callouts are found by their token and removed with their owner, tokens ${how}`, () => {
    const random = new Random(COUNT);
    table.reset(COUNT);
    const pending = new Map<number, { token: number; owner: number }>();
    let tokens = 0;
    for (let step = 0; step < 20_000; step++) {
      const number = random.below(COUNT);
      const known = pending.get(number);
      assert.equal(Boolean(table.isPending(number)), known !== undefined);
      if (known === undefined) {
        const one = { token: tokenOf(tokens++), owner: 1 + random.below(60) };
        table.insert(number, one.token, one.owner);
        pending.set(number, one);
      } else if (random.once(3)) {
        assert.equal(table.find(known.token), number);
        table.remove(number);
        pending.delete(number);
        assert.equal(table.find(known.token), -1);
      } else if (random.once(50)) {
        const ofOwner = [...pending].filter(([, { owner }]) => owner === known.owner);
        const expected = ofOwner.map(([each]) => each).sort((left, right) => left - right);
        assert.deepEqual(removedOf(known.owner), expected);
        assert.deepEqual(removedOf(known.owner), []);
        for (const each of expected) pending.delete(each);
      }
    }
    for (const [number, { token }] of pending) assert.equal(table.find(token), number);
    for (let owner = 1; owner <= 60; owner++) removedOf(owner);
    for (const { token } of pending.values()) assert.equal(table.find(token), -1);
  });
}

import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { ReplacerClient } from "../testing/replacer-client.ts";
import { fuzzes } from "./stream-replacer.fuzz.ts";

const MIB = 1024 * 1024;

let replacer: ReplacerClient;
before(async () => {
  replacer = await ReplacerClient.load();
});
beforeEach(() => {
  replacer.reset();
  replacer.useNeedles();
});

/** What comes out of a text that is pushed whole. */
function replaceWhole(text: string): string {
  return replacer.replace([Buffer.from(text)], true).toString();
}

describe("which needle is replaced", () => {
  const cases: readonly [needles: [string, string][], text: string, expected: string][] = [
    [[["b", "X"]], "abcb", "aXcX"],
    [[["abc", ""]], "abcabc ababc", " ab"],
    [[["aa", "b"]], "aaaaa", "bba"],
    [[["a", "aa"]], "aba", "aabaa"],
    [
      [
        ["ab", "1"],
        ["abcd", "2"],
      ],
      "abcab abcd",
      "1c1 2",
    ],
    [
      [
        ["abcd", "2"],
        ["bc", "1"],
      ],
      "abcabcd",
      "a12",
    ],
    [
      [
        ["ab", "1"],
        ["bcd", "2"],
      ],
      "abcd",
      "1cd",
    ],
    [[["aaab", "1"]], "aaaaaab", "aaa1"],
    [
      [
        ["é", "e"],
        ["\u{1f600}", ":)"],
      ],
      "né\u{1f600}",
      "ne:)",
    ],
    [[["x", "y"]], "", ""],
  ];
  for (const [needles, text, expected] of cases) {
    test(`${JSON.stringify(needles)} in ${text}`, () => {
      for (const [needle, replacement] of needles) assert.ok(replacer.add(needle, replacement));
      assert.equal(replaceWhole(text), expected);
    });
  }

  test("none, where there are no needles", () => {
    assert.equal(replaceWhole("abc"), "abc");
  });
});

test("a stream that is cut at any one or two places comes out the same", () => {
  for (const needle of ["needle", "needless", "need", "aab", "bb"])
    assert.ok(replacer.add(needle, `<${needle.length}>`));
  const bytes = Buffer.from("aneedle needles needless neneed aaabbb eedle nee");
  const expected = "a<6> <6>s <8> ne<4> a<3><2> eedle nee";
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second++) {
      const cuts = [
        bytes.subarray(0, first),
        bytes.subarray(first, second),
        bytes.subarray(second),
      ];
      const inLast = (first + second) % 2 === 0;
      assert.equal(replacer.replace(cuts, inLast).toString(), expected, `${first}, ${second}`);
      assert.equal(replacer.count, 6);
    }
    replacer.reset();
  }
  const single = Array.from(bytes, (byte) => Buffer.from([byte]));
  assert.equal(replacer.replace(single, false).toString(), expected, "byte by byte");
});

test("only what may be the start of a needle is held back", () => {
  replacer.add("abcd", "X");
  replacer.start();
  const steps: readonly [part: string, out: string, held: number][] = [
    ["xyz", "xyz", 0],
    ["xa", "x", 1],
    ["b", "", 2],
    ["", "", 2],
    ["c", "", 3],
    ["d", "X", 0],
    ["abc", "", 3],
    ["e", "abce", 0],
    ["aab", "a", 2],
  ];
  for (const [part, out, held] of steps) {
    assert.equal(replacer.push(Buffer.from(part)).toString(), out, part);
    assert.equal(replacer.heldBack, held, part);
  }
  assert.equal(replacer.finish().toString(), "ab");
  assert.equal(replacer.finish().length, 0);
});

test("needles that are none are not added", () => {
  assert.equal(replacer.add("", "x"), false);
  assert.ok(replacer.add("a", "x"));
  assert.equal(replacer.add("a", "y"), false);
  assert.equal(replaceWhole("a"), "x");
  replacer.useNeedles(2);
  assert.equal(replacer.add("é!", "x"), false);
  assert.ok(replacer.add("é", "x"));
  replacer.useNeedles(-1);
  assert.equal(replacer.add("a", "x"), false);
});

describe("hostile streams", () => {
  test("what would become too long ends the output, and says so", () => {
    replacer.add("a", "123456789");
    replacer.start(20);
    assert.equal(replacer.push(Buffer.from("aa")).length, 18);
    assert.equal(replacer.isFull, false);
    assert.equal(replacer.push(Buffer.from("aaa")).length, 18);
    assert.equal(replacer.isFull, true);
    assert.equal(replacer.push(Buffer.from("b")).length, 0);
    replacer.useNeedles();
    replacer.add("a", "x".repeat(1000));
    replacer.start();
    assert.ok(replacer.push(Buffer.alloc(MIB, "a")).length <= 16 * MIB);
    assert.equal(replacer.isFull, true);
  });

  test("64 MiB in parts take no more memory than one", () => {
    replacer.add("aab", "x");
    replacer.start();
    const part = Buffer.alloc(64 * 1024, "a");
    let size = 0;
    let memory = 0;
    for (let i = 0; i < 1024; i++) {
      size += replacer.push(part).length;
      replacer.reset();
      if (i === 9) memory = replacer.memorySize;
    }
    assert.equal(size + replacer.finish().length, 64 * MIB);
    assert.equal(replacer.memorySize, memory);
  });

  test("16 MiB in one part", () => {
    replacer.add("ab", "c");
    assert.equal(replacer.replace([Buffer.alloc(16 * MIB, "ab")], true).length, 8 * MIB);
  });
});

for (const fuzz of fuzzes) {
  test("agrees with regular expressions over the whole on 10,000 streams", async () => {
    await fuzz.run({ count: 3000, seed: 1974 });
  });
}

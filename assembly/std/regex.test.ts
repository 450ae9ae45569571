import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { RegexClient, type Limits } from "../testing/regex-client.ts";
import { fuzzes } from "./regex.fuzz.ts";

let regex: RegexClient;
before(async () => {
  regex = await RegexClient.load();
});
beforeEach(() => {
  regex.reset();
});

/** Compiles what must compile. */
function compile(pattern: string, flags = ""): void {
  assert.equal(regex.compile(pattern, flags), undefined, pattern);
}

describe("the match is the one that JavaScript finds", () => {
  const cases: readonly [pattern: string, flags: string, text: string][] = [
    ["a|ab", "", "abc"],
    ["((a)|(ab))((c)|(bc))", "", "abc"],
    ["a[a-z]{2,4}", "", "abcdefghi"],
    ["a[a-z]{2,4}?", "", "abcdefghi"],
    ["(aa|aabaac|ba|b|c)*", "", "aabaac"],
    ["(z)((a+)?(b+)?(c))*", "", "zaacbbbcac"],
    ["(a*)*", "", "b"],
    ["(a*)?", "", ""],
    ["(|a)+", "", "aaa"],
    ["(?:a|())*?b", "", "aab"],
    ["(.*?\\n*){2,}", "", "acaa"],
    ["(a?){0,3}", "", "a"],
    ["(?:(a)|b)*", "", "ab"],
    ["(?:(a)|(b)|c){3}", "", "abc"],
    ["(?<year>\\d{4})-(?<month>\\d\\d)", "", "on 2024-02-29"],
    ["^b", "", "a\nb"],
    ["^b$", "m", "a\nb\r"],
    // Two that failed: a way that ended at one place was in the way of one that began at the next.
    ["x?^y", "m", "x\ny"],
    ["(\\w()|((-?){0,2}?$|){0,2})?^\\w", "m", "-B\rB"],
    ["a.b", "", "a\nb a\u2028b aéb"],
    ["a.b", "s", "a\nb"],
    [".", "", "\u{1f600}"],
    ["^[^x]$", "", "\u{1f600}"],
    ["\\ud83d", "", "\u{1f600}\ud83d"],
    ["\\bfoo\\b", "", "foobar foo"],
    ["\\Boo\\B", "", "foo fooo"],
    ["X-(api|KEY)", "i", "the x-Key"],
    ["[^a]", "i", "Aab"],
    ["[Z-a]+", "i", "xyzAb"],
    ["\\s+\\S", "", "\u00a0\ufeff\u3000x"],
    ["[\\d\\s]+$", "", "x1 2\u2003"],
    ["[\\w.+-]+@[\\w-]+\\.[\\w.-]+", "", "to: jane.doe+x@example.co.uk!"],
    ["(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})", "", "from 10.0.0.255:80"],
    ["[]", "", "a"],
    ["[^]", "", "\n"],
    ["\\cJ\\0\\x41\\u0042\\u{1F600}[\\b]", "", "\n\0AB\u{1f600}\b"],
    ["", "", "abc"],
  ];
  for (const [pattern, flags, text] of cases) {
    test(`/${pattern}/${flags} in ${JSON.stringify(text)}`, () => {
      const expected = new RegExp(pattern, `du${flags}`).exec(text);
      compile(pattern, flags);
      const match = regex.find(text);
      assert.deepEqual(
        match?.groups,
        expected ? Array.from(expected, (g: string | undefined) => g ?? null) : undefined,
      );
      assert.deepEqual(
        match?.places,
        expected ? Array.from(expected.indices ?? [], (place) => place ?? null) : undefined,
      );
      for (const [name, value] of Object.entries(expected?.groups ?? {}))
        assert.equal(regex.named(name), value);
      assert.equal(regex.test(text), expected !== null);
    });
  }
});

describe("where it differs from JavaScript, on purpose", () => {
  test("i ignores the case of ASCII letters only", () => {
    compile("k é", "i");
    assert.equal(regex.test("K é"), true);
    assert.equal(regex.test("k É"), false);
    assert.equal(regex.test("\u212a é"), false);
  });

  test("an empty match is never between the halves of a character", () => {
    compile("\\B");
    assert.equal(regex.find("b\u{1f600}")?.start, 3);
  });

  test("$` and $' stand for themselves in a replacement", () => {
    compile("b");
    assert.equal(regex.replace("abc", "$`$'"), "a$`$'c");
  });
});

describe("a pattern that is none is an error with its place, and matches nothing", () => {
  const cases: readonly [pattern: string, error: string, offset: number][] = [
    ["a(?=b)", "lookahead and lookbehind are not supported", 1],
    ["(?!b)", "lookahead and lookbehind are not supported", 0],
    ["a(?<=b)", "lookahead and lookbehind are not supported", 1],
    ["a(?<!b)", "lookahead and lookbehind are not supported", 1],
    ["(a)\\1", "back references are not supported", 3],
    ["(?<n>a)\\k<n>", "back references are not supported", 7],
    ["[\\1]", "unknown escape", 1],
    ["\\p{L}", "\\p is not supported", 0],
    ["[a\\P{L}]", "\\p is not supported", 2],
    ["(?i:a)", "unknown kind of group", 0],
    ["(?", "unknown kind of group", 0],
    ["(a", "( without )", 0],
    ["ab((c)", "( without )", 2],
    ["a)", ") without (", 1],
    ["[a", "[ without ]", 0],
    ["[a-", "[ without ]", 0],
    ["a]", "] without [", 1],
    ["a}", "} without {", 1],
    ["*a", "nothing to repeat", 0],
    ["a**", "nothing to repeat", 2],
    ["(+)", "nothing to repeat", 1],
    ["^*", "nothing to repeat", 1],
    ["\\b{2}", "nothing to repeat", 2],
    ["{2}", "nothing to repeat", 0],
    ["a{", "{ without a number and }", 1],
    ["a{,5}", "{ without a number and }", 1],
    ["a{2", "{ without a number and }", 1],
    ["a{2,1}", "numbers run backwards", 1],
    ["[b-a]", "range runs backwards", 1],
    ["[\\d-a]", "range of sets", 1],
    ["[a-\\w]", "range of sets", 1],
    ["\\", "unknown escape", 0],
    ["a\\-", "unknown escape", 1],
    ["\\a", "unknown escape", 0],
    ["\\x4", "unknown escape", 0],
    ["\\u12", "unknown escape", 0],
    ["\\u{110000}", "unknown escape", 0],
    ["\\u{}", "unknown escape", 0],
    ["\\01", "unknown escape", 0],
    ["\\c1", "unknown escape", 0],
    ["(?<1>a)", "group name is not [A-Za-z_$][\\w$]*", 3],
    ["(?<n", "group name is not [A-Za-z_$][\\w$]*", 3],
    ["(?<n>a)(?<n>b)", "group name is there twice", 7],
    ["a{1001}", "too many repetitions", 1],
    ["a{99999999999999999999}", "too many repetitions", 1],
    ["(?:a{100}){100}", "program is too long", 10],
    ["()".repeat(33), "too many groups", 64],
    ["(?:".repeat(51) + ")".repeat(51), "groups are nested too deep", 150],
    ["a".repeat(1025), "pattern is too long", 1024],
  ];
  for (const [pattern, error, offset] of cases) {
    test(`${pattern.slice(0, 25)}: ${error}`, () => {
      assert.deepEqual(regex.compile(pattern), { error: `regex: ${error}`, offset });
      for (const text of ["", "a", pattern]) {
        assert.equal(regex.test(text), false);
        assert.equal(regex.find(text), null);
        assert.equal(regex.replaceAll(text, "x"), text);
      }
    });
  }

  test("flags that are none, or there twice", () => {
    const error = "regex: flags are i, m, s and u, each once";
    assert.deepEqual(regex.compile("a", "ig"), { error, offset: 1 });
    assert.deepEqual(regex.compile("a", "imi"), { error, offset: 2 });
    assert.equal(regex.compile("a", "ismu"), undefined);
  });
});

describe("limits are for the caller to say", () => {
  const cases: readonly [pattern: string, limits: Limits, error: string][] = [
    ["abc", { pattern: 2 }, "pattern is too long"],
    ["abc", { pattern: -1 }, "pattern is too long"],
    ["a{5}", { program: 7 }, "program is too long"],
    ["[a-z]", { program: 7 }, "program is too long"],
    ["a{3}", { repetition: 2 }, "too many repetitions"],
    ["a{2,3}", { repetition: 2 }, "too many repetitions"],
    ["(a)", { groups: 0 }, "too many groups"],
    ["((a))", { depth: 1 }, "groups are nested too deep"],
  ];
  for (const [pattern, limits, error] of cases) {
    test(`${pattern} within ${JSON.stringify(limits)}: ${error}`, () => {
      assert.equal(regex.compileWithin(pattern, limits)?.error, `regex: ${error}`);
      assert.equal(regex.compileWithin(pattern, {}), undefined);
    });
  }

  test("more than the defaults", () => {
    assert.equal(regex.compileWithin(`^${"a".repeat(5000)}$`, {}), undefined);
    assert.equal(regex.test("a".repeat(5000)), true);
    assert.equal(regex.compileWithin("^(?:a{100}){100}$", {}), undefined);
    assert.equal(regex.test("a".repeat(10_000)), true);
    assert.equal(regex.test("a".repeat(10_001)), false);
  });

  test("the deepest nesting does not run out of stack", () => {
    const nested = (depth: number): string => "(?:".repeat(depth) + "a" + ")".repeat(depth);
    assert.equal(regex.compileWithin(nested(1000), { depth: 1_000_000 }), undefined);
    assert.equal(regex.test("a"), true);
    const fault = regex.compileWithin(nested(100_000), { depth: 1_000_000 });
    assert.equal(fault?.error, "regex: groups are nested too deep");
  });
});

describe("bytes are read as UTF-8", () => {
  test("positions count bytes", () => {
    compile("(é)(.)$");
    const match = regex.findBytes(Buffer.from("né\u{1f600}"));
    assert.deepEqual(match?.places, [
      [1, 7],
      [1, 3],
      [3, 7],
    ]);
    assert.deepEqual(match.groups, ["é\u{1f600}", "é", "\u{1f600}"]);
  });

  test("each ill-formed part is one U+FFFD", () => {
    compile("^a(.)(.)b$");
    const bytes = Buffer.from([0x61, 0xc0, 0xf0, 0x9f, 0x98, 0x62]);
    assert.equal(regex.testBytes(bytes), true);
    const match = regex.findBytes(bytes);
    assert.deepEqual(match?.groups.slice(1), ["\ufffd", "\ufffd"]);
    assert.deepEqual(match.places.slice(1), [
      [1, 2],
      [2, 5],
    ]);
    compile("/");
    assert.equal(regex.testBytes(Buffer.from([0xc0, 0xaf])), false);
  });

  test("what comes before the start counts for \\b and ^", () => {
    for (const before of ["a", "é", "\u2028", "\u{1f600}", "\ufffd", "-"]) {
      const bytes = Buffer.from(`${before}b`);
      compile("\\bb");
      const isEdge = before !== "a";
      assert.equal(regex.findBytes(bytes, bytes.length - 1) !== null, isEdge, before);
      assert.equal(regex.find(`${before}b`, before.length) !== null, isEdge, before);
      compile("^b", "m");
      const isLine = before === "\u2028";
      assert.equal(regex.findBytes(bytes, bytes.length - 1) !== null, isLine, before);
      assert.equal(regex.find(`${before}b`, before.length) !== null, isLine, before);
    }
  });
});

test("matches that take too long to find one after the other are null, and not left out", () => {
  compile("a.*b|a");
  assert.equal(regex.replaceAll("a".repeat(150), "x"), "x".repeat(150));
  assert.equal(regex.replaceAll("a".repeat(1_000_000), "x"), null);
  assert.equal(regex.replace("a".repeat(1_000_000), ""), "a".repeat(999_999));
});

test("16 MB of text and of bytes are searched to their end", () => {
  const size = 16 * 1024 * 1024;
  compile("[0-9]+x$");
  const text = `${"a".repeat(size)}7x`;
  assert.equal(regex.find(text)?.start, size);
  assert.equal(regex.testBytes(Buffer.from(text)), true);
  assert.equal(regex.test(text.slice(0, -1)), false);
});

describe("careless arguments", () => {
  test("a start before the text, at its end and behind it", () => {
    compile("a*");
    assert.equal(regex.find("ba", -5)?.start, 0);
    assert.equal(regex.find("ba", 2)?.start, 2);
    assert.equal(regex.find("ba", 3), null);
    assert.equal(regex.findBytes(Buffer.from("ba"), -5)?.start, 0);
    assert.equal(regex.findBytes(Buffer.from("ba"), 3), null);
  });

  test("groups that there are not", () => {
    compile("(a)|(?<n>b)");
    assert.ok(regex.find("a"));
    for (const group of [-1, 2, 3, 1_000_000_000])
      assert.deepEqual(regex.group(group), { text: null, start: -1, end: -1 });
    for (const name of ["", "x", "n"]) assert.equal(regex.named(name), null);
  });

  test("no more matches than wanted", () => {
    compile("a");
    assert.equal(regex.findAll("aaaa", 3).length, 3);
    assert.equal(regex.findAll("aaaa", 0).length, 0);
    assert.equal(regex.findAll("aaaa", -1).length, 0);
  });

  test("a result that is too long is null, and not cut", () => {
    compile("a");
    assert.equal(regex.replaceAll("aaa", "xyz", 9), "xyzxyzxyz");
    assert.equal(regex.replaceAll("aaa", "xyz", 8), null);
    assert.equal(regex.replace("aaa", "xyz", 5), "xyzaa");
    assert.equal(regex.replace("aaa", "xyz", 4), null);
    assert.equal(regex.replaceAll("a".repeat(1_000_000), "$&".repeat(10_000)), null);
  });
});

for (const fuzz of fuzzes) {
  test("agrees with RegExp on 3,000 random patterns, each with three texts", async () => {
    await fuzz.run({ count: 1500, seed: 262 });
  });
}

// A host that answers what no Envoy would: whatever it says, the reader stays within the bytes that it
// was given, and stops.
import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver } from "../testing/asc-driver.ts";
import { PairsHost } from "../testing/pairs-host.ts";
import type { Pair } from "../testing/pairs-host.ts";
import { Random } from "../testing/random.ts";

const OK = 0;
const STATUSES_BUT_OK = [1, 2, 3, 4, 6, 7, 8, 10, 12, 99, 0xffffffff];

let host: PairsHost;
before(async () => {
  host = new PairsHost(await compileDriver("assembly/abi/pairs.driver.ts"));
});
beforeEach(() => {
  host.driver.collect();
});

/** The number as four bytes. */
const u32 = (value: number): number[] => [0, 8, 16, 24].map((bits) => (value >>> bits) & 0xff);

/** A map as Envoy writes it. */
function serialised(pairs: readonly Pair[]): Uint8Array {
  const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
  return Uint8Array.from([
    ...u32(pairs.length),
    ...pairs.flatMap(([name, value]) => [...u32(name.length), ...u32(value.length)]),
    ...pairs.flatMap(([name, value]) => [...bytes(name), 0, ...bytes(value), 0]),
  ]);
}

/** What a reader has to find: all entries up to the first that does not lie within the bytes. */
function expected(bytes: Uint8Array): Pair[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 4) return [];
  const count = view.getUint32(0, true);
  if (4 + 8 * count > bytes.length) return [];
  const pairs: Pair[] = [];
  let at = 4 + 8 * count;
  for (let index = 0; index < count; index++) {
    const nameEnd = at + view.getUint32(4 + 8 * index, true);
    const valueEnd = nameEnd + 1 + view.getUint32(8 + 8 * index, true);
    if (valueEnd + 1 > bytes.length) break;
    const text = (from: number, to: number): string =>
      Buffer.from(bytes.subarray(from, to)).toString("latin1");
    pairs.push([text(at, nameEnd), text(nameEnd + 1, valueEnd)]);
    at = valueEnd + 1;
  }
  return pairs;
}

/** That the reader finds what it has to. */
function reads(bytes: Uint8Array): void {
  assert.deepEqual(host.read(bytes), expected(bytes), Buffer.from(bytes).toString("hex"));
}

const PAIRS: readonly Pair[] = [
  [":path", "/a?b=c"],
  ["x-empty", ""],
  ["", "no name"],
  ["x-bytes", "\x00\x80\xff"],
  ["X-Twice", "1"],
  ["x-twice", "2"],
];

describe("a reader of pairs", () => {
  test("finds all that a map holds, in its order", () => {
    assert.deepEqual(host.read(serialised(PAIRS)), PAIRS);
    assert.deepEqual(host.read(serialised([])), []);
    const many = Array.from({ length: 2000 }, (_, index): Pair => [`x-${index}`, String(index)]);
    assert.deepEqual(host.read(serialised(many)), many);
  });

  test("finds nothing in a map of less than four bytes", () => {
    for (const bytes of [[], [1], [1, 0], [1, 0, 0], [0xff, 0xff, 0xff]])
      assert.deepEqual(host.read(Uint8Array.from(bytes)), []);
  });

  test("finds nothing where the host has no map, whatever it left behind", () => {
    const bytes = serialised(PAIRS);
    const { exports } = host.driver;
    for (const status of STATUSES_BUT_OK) {
      const data = host.giveAtEnd(bytes);
      host.answer = (outData, outSize) => {
        host.out(outData, data, outSize, bytes.length);
        return status;
      };
      exports.open(0);
      assert.equal(exports.advance(), 0);
      exports.close(); // frees nothing: the bytes are not the reader's
    }
  });

  test("finds nothing where the host says Ok and gives nothing, also behind a map that it gave", () => {
    const { exports } = host.driver;
    for (const answer of [
      (): number => OK,
      (outData: number, outSize: number): number => {
        host.out(outData, 0, outSize, 0);
        return OK;
      },
    ]) {
      host.give(serialised(PAIRS));
      exports.open(0);
      exports.close();
      host.answer = answer;
      exports.open(0);
      assert.equal(exports.advance(), 0);
      exports.close();
    }
  });

  test("stops where a count is wrong", () => {
    const bytes = serialised(PAIRS);
    // prettier-ignore
    const counts = [0, 1, 5, 7, 8, 12, 100, 0xffff, 0x1fffffff, 0x20000000, 0x20000001, 0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
    for (const count of counts) {
      bytes.set(u32(count));
      reads(bytes);
    }
  });

  test("stops where a size goes past the end", () => {
    // prettier-ignore
    const sizes = [1, 2, 50, 0xffff, 0x10000, 0x7ffffffe, 0x7fffffff, 0x80000000, 0xfffffffd, 0xfffffffe, 0xffffffff];
    for (let place = 4; place < 4 + 8 * PAIRS.length; place += 4) {
      for (const size of sizes) {
        const bytes = serialised(PAIRS);
        bytes.set(u32(size), place);
        reads(bytes);
        if (place % 8 !== 4) continue;
        // Name and value together, so that the sum goes round.
        for (const other of [0, 1, 0x80000000, 0xffffffff]) {
          bytes.set(u32(other), place + 4);
          reads(bytes);
        }
      }
    }
  });

  test("finds what is whole in a map that is cut at any byte", () => {
    const bytes = serialised(PAIRS);
    for (let end = 0; end <= bytes.length; end++) reads(bytes.subarray(0, end));
    const one = serialised([["a", ""]]);
    assert.deepEqual(host.read(one.subarray(0, -1)), [], "the last NUL belongs to it");
  });

  test("does not look for the NULs, which the sizes make needless", () => {
    const bytes = serialised(PAIRS);
    for (let at = 4 + 8 * PAIRS.length; at < bytes.length; at++) {
      if (bytes[at] === 0) bytes[at] = 0x21;
    }
    reads(bytes);
    assert.equal(host.read(bytes).length, PAIRS.length);
  });

  test("stays within random and damaged bytes", () => {
    const random = new Random(10);
    for (let round = 0; round < 20_000; round++) {
      const length = random.below(80);
      const bytes = random.once(2)
        ? Uint8Array.from({ length }, () =>
            random.once(2) ? 0 : random.below(random.once(3) ? 256 : 6),
          )
        : serialised(PAIRS);
      for (let left = random.below(3); left > 0 && bytes.length > 0; left--)
        bytes[random.below(bytes.length)] = random.below(random.once(2) ? 256 : 12);
      reads(bytes);
      if (round % 1000 === 0) host.driver.collect();
    }
  });
});

describe("looking for a name", () => {
  /** The values that are found by a name, one behind the other, in bytes that end the memory. */
  function valuesOf(bytes: Uint8Array, name: string): string[] {
    const { exports } = host.driver;
    const wanted = host.driver.writeBytes(Buffer.from(name, "latin1"));
    const from = host.giveAtEnd(bytes);
    exports.open(0);
    const values: string[] = [];
    while (exports.advanceTo(wanted, name.length) !== 0)
      values.push(host.entry(from, from + bytes.length)[1]);
    assert.equal(exports.advanceTo(wanted, name.length), 0, "the end stays the end");
    return values;
  }

  test("finds each value in its order, without regard to the case of ASCII letters", () => {
    const bytes = serialised(PAIRS);
    for (const name of ["x-twice", "X-TWICE", "x-TWICE"])
      assert.deepEqual(valuesOf(bytes, name), ["1", "2"]);
    assert.deepEqual(valuesOf(bytes, ""), ["no name"]);
    for (const name of ["x-twic", "x-twices", "y", "x\rtwice", ":PAT\x88"])
      assert.deepEqual(valuesOf(bytes, name), []);
  });

  test("takes no two other bytes for the same", () => {
    for (let left = 0; left < 256; left++) {
      const bytes = serialised([[String.fromCharCode(left), "value"]]);
      for (let right = 0; right < 256; right++) {
        const lower = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte);
        const found = valuesOf(bytes, String.fromCharCode(right));
        assert.equal(found.length, lower(left) === lower(right) ? 1 : 0, `${left} and ${right}`);
      }
      host.driver.collect();
    }
  });

  test("stays within damaged bytes", () => {
    const random = new Random(11);
    for (let round = 0; round < 10_000; round++) {
      const bytes = serialised(PAIRS);
      for (let left = 1 + random.below(3); left > 0; left--)
        bytes[random.below(bytes.length)] = random.below(random.once(2) ? 256 : 12);
      const cut = bytes.subarray(0, random.once(2) ? bytes.length : random.below(bytes.length));
      const wanted = expected(cut).filter(([name]) => /^x-twice$/i.test(name));
      assert.deepEqual(
        valuesOf(cut, "x-twice"),
        wanted.map(([, value]) => value),
      );
      if (round % 1000 === 0) host.driver.collect();
    }
  });
});

describe("closing a reader", () => {
  test("frees what the host allocated, whatever it is, and ends the reading", () => {
    const { exports } = host.driver;
    const size = host.driver.memorySize;
    const damaged = serialised(PAIRS);
    damaged.set(u32(0xffffffff));
    const answers = [
      serialised(PAIRS),
      damaged,
      new Uint8Array(0),
      new Uint8Array(3),
      new Uint8Array(5000),
    ];
    for (let round = 0; round < 20_000; round++) {
      host.give(answers[round % answers.length] ?? damaged);
      exports.open(0);
      exports.advance();
      exports.close();
      assert.equal(exports.advance(), 0);
      exports.close(); // a second time, which does nothing
      if (round % 1000 === 0) host.driver.collect();
    }
    assert.equal(host.driver.memorySize, size, "the memory has not grown");
  });
});

import assert from "node:assert/strict";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { dumpWithOracle, tag, varint } from "../testing/protobuf-oracle.ts";
import { fuzzes } from "./protobuf.fuzz.ts";

interface ProtobufExports {
  dump(bytes: number, maxDepth: number): number;
  skim(bytes: number): number;
  error(): number;
  errorOffset(): number;
  askOutside(bytes: number): number;
  begin(maxSize: number): void;
  end(field: number): void;
  repeat(field: number): void;
  writerError(): number;
  finish(): number;
  reset(): void;
  writeBytes(field: number, value: number): void;
  writeString(field: number, value: number): void;
  writeNumber(kind: number, field: number, bits: bigint): void;
}

let driver: Driver<ProtobufExports>;
before(async () => {
  driver = new Driver(await compileDriver("assembly/std/protobuf.driver.ts"));
});
beforeEach(() => {
  driver.exports.reset();
  driver.collect();
});

const dump = (bytes: readonly number[] | Uint8Array, maxDepth = 100): string =>
  driver.readText(driver.exports.dump(driver.writeBytes(Uint8Array.from(bytes)), maxDepth)) ?? "";
const skim = (bytes: Uint8Array): number => driver.exports.skim(driver.writeBytes(bytes));
const error = (): string | null => driver.readText(driver.exports.error());
const finish = (): Buffer => Buffer.from(driver.readBytes(driver.exports.finish()) ?? []);
const writerError = (): string | null => driver.readText(driver.exports.writerError());

/** The dump of a message, its error and the offset; the oracle's must be the same. */
const read = (
  bytes: readonly number[] | Uint8Array,
  maxDepth = 100,
): [string, string | null, number] => {
  const text = dump(bytes, maxDepth);
  const oracle = dumpWithOracle(Uint8Array.from(bytes), maxDepth);
  assert.deepEqual([error(), driver.exports.errorOffset()], [oracle.error, oracle.offset]);
  // What comes after an error is 0 or empty, and worth nothing.
  if (oracle.error === null) assert.equal(text, oracle.text);
  else assert.ok(text.startsWith(oracle.text), `${text} after ${oracle.text}`);
  return [text, oracle.error, oracle.offset];
};

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("the examples of the encoding's documentation", () => {
  test("a varint, a string, a message, -2 as an int32", () => {
    // Test1 { a: 150 }, its field renumbered to one that the driver reads so.
    assert.deepEqual(read(hex("08 96 01")), ["1 150", null, -1]);
    assert.equal(read([...tag(16, 2), ...hex("07 74 65 73 74 69 6e 67")])[0], "16 testing");
    assert.equal(read([...tag(15, 2), ...hex("03 08 96 01")])[0], "15 {\n1 150\n}");
    assert.equal(read(hex("08 fe ff ff ff ff ff ff ff ff 01"))[0], "1 -2");
  });

  test("zigzag", () => {
    const cases = [
      [0, 0],
      [1, -1],
      [2, 1],
      [3, -2],
      [0xffff_fffe, 0x7fff_ffff],
      [0xffff_ffff, -0x8000_0000],
    ];
    for (const [bits = 0, value = 0] of cases) {
      assert.equal(read([...tag(5, 0), ...varint(BigInt(bits))])[0], `5 ${value}`);
      driver.exports.reset();
      driver.exports.begin(-1);
      driver.exports.writeNumber(5, 5, BigInt.asUintN(64, BigInt(value)));
      assert.deepEqual([...finish()], [...tag(5, 0), ...varint(BigInt(bits))]);
    }
    assert.equal(read([...tag(6, 0), ...varint(2n ** 64n - 1n)])[0], `6 ${-(2n ** 63n)}`);
  });

  test("a packed field, and the same one not packed", () => {
    const values = hex("03 8e 02 9e a7 05");
    assert.equal(read([...tag(17, 2), 6, ...values])[0], "17 17:3,270,86942,");
    const single = [...tag(17, 0), 3, ...tag(17, 0), 0x8e, 0x02];
    assert.equal(read(single)[0], "17 17:3,\n17 17:270,");
    assert.equal(read([...tag(18, 2), 8, 1, 0, 0, 0, 2, 0, 0, 0])[0], "18 18:1,2,");
    assert.equal(read([...tag(18, 5), 1, 0, 0, 0])[0], "18 18:1,");
    assert.equal(read([...tag(17, 2), 0])[0], "17 17:");
  });

  test("a group is skipped, and so is one in it", () => {
    const group = [...tag(8, 3), 8, 1, ...tag(2, 3), ...tag(2, 4), ...tag(8, 4)];
    assert.deepEqual(read([...group, 8, 5]), ["1 5", null, -1]);
  });
});

describe("what is wrong has an error and an offset", () => {
  const long = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  const cases: readonly [string, readonly number[], string, number][] = [
    ["a tag cut off", [0x88], "cut off", 0],
    ["a varint cut off", [0x08, 0x80], "cut off", 1],
    ["no value", [0x08], "cut off", 1],
    ["a fixed32 cut off", [8, 1, ...tag(8, 5), 1, 2, 3], "cut off", 3],
    ["a fixed64 cut off", [...tag(11, 1), 1, 2, 3, 4, 5, 6, 7], "cut off", 1],
    ["a length beyond the end", [...tag(14, 2), 2, 1], "cut off", 1],
    ["a length of 2^64 - 1", [...tag(14, 2), ...long, 1], "cut off", 1],
    ["a length of 2^32", [...tag(14, 2), ...varint(2n ** 32n), 1], "cut off", 1],
    ["a varint of 65 bits", [0x08, ...long, 2], "varint beyond 64 bits", 1],
    ["a varint of 11 bytes", [0x08, ...long, 0x81, 0], "varint beyond 64 bits", 1],
    ["field 0", [0x00, 1], "no field number", 0],
    ["field 2^29", [...varint(2n ** 32n), 1], "no field number", 0],
    ["wire type 6", [0x0e], "no wire type", 0],
    ["wire type 7", [0x0f], "no wire type", 0],
    ["the end of no group", [8, 1, ...tag(1, 4)], "end of a group that has not begun", 2],
    [
      "the end of another group",
      [...tag(1, 3), ...tag(2, 4)],
      "end of a group that has not begun",
      1,
    ],
    ["a group without end", [...tag(1, 3), 8, 1], "cut off", 0],
    ["a group cut off", [...tag(1, 3), 8], "cut off", 2],
    [
      "a group that ends in another message",
      [...tag(15, 2), 1, ...tag(1, 3), ...tag(1, 4)],
      "cut off",
      2,
    ],
    ["a string for a varint", [...tag(1, 2), 1, 65], "value is of another type", 2],
    ["a varint for a string", [...tag(16, 0), 1], "value is of another type", 2],
    ["a fixed32 for a fixed64", [...tag(11, 5), 1, 2, 3, 4], "value is of another type", 1],
    ["a string that is no UTF-8", [...tag(16, 2), 3, 65, 0xc0, 0xaf], "string is not UTF-8", 4],
    ["a packed value cut off", [...tag(17, 2), 2, 1, 0x80, 1], "cut off", 4],
    ["packed strings", [...tag(19, 2), 1, 0], "value is of another type", 3],
    [
      "an error in a message in a message",
      [...tag(15, 2), 4, ...tag(15, 2), 2, 8, 0x80, 8, 1],
      "cut off",
      5,
    ],
  ];
  for (const [name, bytes, message, offset] of cases) {
    test(name, () => {
      assert.deepEqual(read(bytes).slice(1), [`protobuf: ${message}`, offset]);
    });
  }

  test("values are 0 or empty before the first field, after the last one and after an error", () => {
    const before = "0 0,0 0,0 0,0 0,0 0,0 0,0 false".split(",");
    for (const bytes of [[], [8, 1], [0x88], [...tag(16, 2), 1, 65], [...tag(18, 5), 1, 2, 3, 4]]) {
      const text = driver.exports.askOutside(driver.writeBytes(Uint8Array.from(bytes)));
      const lines = (driver.readText(text) ?? "").split("\n");
      assert.deepEqual(lines.slice(0, 7), before);
      for (const line of lines) assert.match(line, /^\d+ (0|false||\d+:)$/);
    }
  });
});

describe("limits", () => {
  /** A message in a message and so on: `depth` of them. */
  const nested = (depth: number): number[] => {
    let bytes: number[] = [];
    for (let i = 0; i < depth; i++)
      bytes = [...tag(15, 2), ...varint(BigInt(bytes.length)), ...bytes];
    return bytes;
  };
  const groups = (depth: number): number[] => [
    ...Array.from({ length: depth }, () => tag(1, 3)).flat(),
    ...Array.from({ length: depth }, () => tag(1, 4)).flat(),
  ];

  test("messages and groups are read down to the depth that is allowed", () => {
    for (const make of [nested, groups]) {
      for (const depth of [1, 2, 100]) {
        assert.equal(read(make(depth), depth)[1], null);
        assert.equal(read(make(depth + 1), depth)[1], "protobuf: nested too deep");
      }
      assert.equal(read(make(1), 0)[1], "protobuf: nested too deep");
      assert.equal(read(make(1), -5)[1], "protobuf: nested too deep");
      assert.equal(read([], 0)[1], null);
    }
  });

  test("however much is allowed, a thousand groups in each other are the most", () => {
    assert.equal(read(groups(1000), 1000)[1], null);
    dump(groups(1001), 0x7fff_ffff);
    assert.equal(error(), "protobuf: nested too deep");
    skim(new Uint8Array(16 * 1024 * 1024).fill(0x0b));
    assert.equal(error(), "protobuf: nested too deep");
  });

  test("16 MB are read and written", () => {
    const size = 16 * 1024 * 1024;
    assert.equal(skim(new Uint8Array(size).map((_, i) => (i % 2 === 0 ? 8 : 1))), size / 2);
    assert.equal(error(), null);
    driver.collect();
    assert.equal(skim(new Uint8Array(size).fill(0xff)), 0);
    assert.equal(error(), "protobuf: varint beyond 64 bits");
    driver.collect();
    const bytes = Buffer.alloc(size, "0123456789");
    driver.exports.begin(-1);
    driver.exports.writeBytes(14, driver.writeBytes(bytes));
    assert.equal(finish().subarray(-size).equals(bytes), true);
  });

  test("a writer stops at its size, exactly", () => {
    for (let limit = 0; limit < 300; limit++) {
      driver.exports.reset();
      driver.exports.begin(limit);
      driver.exports.writeBytes(14, driver.writeBytes(new Uint8Array(128)));
      const fits = limit >= 131;
      assert.equal(writerError(), fits ? null : "protobuf: message larger than the limit");
      assert.equal(finish().length, fits ? 131 : 0);
      driver.exports.writeNumber(8, 8, 1n);
      assert.equal(finish().length, fits && limit >= 136 ? 136 : 0);
    }
    driver.exports.reset();
    driver.exports.begin(-1);
    for (let i = 0; i < 24; i++) {
      driver.exports.writeBytes(14, driver.writeBytes(new Uint8Array(3_000_000)));
      driver.collect();
    }
    assert.equal(writerError(), "protobuf: message larger than the limit");
  });
});

describe("writing", () => {
  test("field numbers that there are not are an error, which ends it", () => {
    for (const field of [0, 0x2000_0000, 0xffff_ffff]) {
      driver.exports.reset();
      driver.exports.begin(-1);
      driver.exports.writeNumber(1, 1, 1n);
      driver.exports.begin(-1);
      driver.exports.writeNumber(1, field, 1n);
      assert.equal(writerError(), "protobuf: no field number");
      driver.exports.end(2);
      assert.equal(writerError(), "protobuf: no field number");
      driver.exports.writeNumber(1, 1, 1n);
      assert.deepEqual([...finish()], []);
    }
    driver.exports.reset();
    driver.exports.begin(-1);
    driver.exports.writeNumber(1, 0x1fff_ffff, 1n);
    assert.deepEqual([...finish()], [0xf8, 0xff, 0xff, 0xff, 0x0f, 1]);
  });

  test("a message can be written into itself", () => {
    driver.exports.begin(-1);
    driver.exports.writeString(16, driver.writeText("x".repeat(60)));
    const once = finish();
    driver.exports.repeat(15);
    const twice = [...once, ...tag(15, 2), ...varint(BigInt(once.length)), ...once];
    assert.deepEqual([...finish()], twice);
  });

  test("strings are UTF-8, lone surrogates U+FFFD", () => {
    for (const text of ["", "é€\u{1f600}", "\ud83d", "\ude00\ud83dx", "\u{1f600}".repeat(5000)]) {
      driver.exports.reset();
      driver.exports.begin(-1);
      driver.exports.writeString(16, driver.writeText(text));
      const bytes = Buffer.from(text);
      assert.deepEqual(
        finish(),
        Buffer.from([...tag(16, 2), ...varint(BigInt(bytes.length)), ...bytes]),
      );
    }
  });
});

testFuzzes(fuzzes, 3000, 2008);

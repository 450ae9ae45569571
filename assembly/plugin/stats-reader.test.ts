// What a stats sink is handed, written as Envoy writes it, with all that is odd about it.
// conformance/stats-sink.test.ts has Envoy's own.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Driver, compileDriver } from "../testing/asc-driver.ts";
import { Random } from "../testing/random.ts";

interface Exports {
  malloc(size: number): number;
  readAll(): number;
  line(index: number): number;
}

let driver: Driver<Exports>;
let given: Buffer = Buffer.alloc(0);
before(async () => {
  const binary = await compileDriver("assembly/plugin/stats-reader.driver.ts");
  driver = new Driver<Exports>(binary, {
    env: {
      proxy_get_buffer_bytes: (
        buffer: number,
        start: number,
        length: number,
        outData: number,
        outSize: number,
      ): number => {
        assert.equal(buffer, 8);
        const bytes = given.subarray(start >>> 0, (start >>> 0) + (length >>> 0));
        const data = bytes.length === 0 ? 0 : driver.exports.malloc(bytes.length);
        const { buffer: memory } = driver.exports.memory;
        new Uint8Array(memory).set(bytes, data);
        new DataView(memory).setUint32(outData, data, true);
        new DataView(memory).setUint32(outSize, bytes.length, true);
        return 0;
      },
    },
  });
});

interface Sample {
  readonly name: string;
  readonly value: bigint;
  readonly delta: bigint;
}

const align = (size: number): number => Math.ceil(size / 8) * 8;

/** The head of a block, whose count is too high. */
function head(size: number, type: number, count: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32LE(size % 2 ** 32);
  bytes.writeUInt32LE(type, 4);
  bytes.writeUInt32LE(count + 9, 8);
  return bytes;
}

/** An entry at an offset, with one number or two. */
function entry(offset: number, name: Buffer, ...numbers: readonly bigint[]): Buffer {
  const values = align(offset + 4 + name.length) - offset;
  const bytes = Buffer.alloc(values + 8 * numbers.length, 0xaa);
  bytes.writeUInt32LE(name.length);
  name.copy(bytes, 4);
  numbers.forEach((number, index) => bytes.writeBigUInt64LE(number, values + 8 * index));
  return bytes;
}

/** As Envoy writes it; `plain` as it might one day, with a right size for the gauges. */
function snapshot(
  counters: readonly Sample[],
  gauges: readonly Sample[],
  behind: Buffer,
  plain = false,
): Buffer {
  let offset = 12;
  const parts: Buffer[] = [];
  for (const { name, value, delta } of counters) {
    parts.push(entry(offset, Buffer.from(name), value, delta));
    offset += parts.at(-1)?.length ?? 0;
  }
  parts.unshift(head(offset, 1, counters.length));
  const at = parts.length;
  offset += 12;
  let size = 12;
  for (const { name, value } of gauges) {
    const bytes = Buffer.from(name);
    parts.push(entry(offset, bytes, value));
    offset += parts.at(-1)?.length ?? 0;
    size += 4 + bytes.length;
    size = plain ? align(size + 8) : (size + align(size + 8)) % 2 ** 32;
  }
  parts.splice(at, 0, head(size, 2, gauges.length));
  return Buffer.concat([...parts, behind]);
}

function samples(random: Random, count: number): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${index}.${"ü".repeat(random.below(3))}${"x".repeat(random.below(90))}`,
    value: BigInt(random.below(2 ** 31)) * 0x1_0000_0001n,
    delta: BigInt(random.below(9)),
  }));
}

function lines(counters: readonly Sample[], gauges: readonly Sample[]): string[] {
  const once = [
    ...counters.map(({ name, value, delta }) => `c ${name} ${value} ${delta}`),
    ...gauges.map(({ name, value }) => `g ${name} ${value}`),
  ];
  return [...once, ...once];
}

function read(bytes: Buffer): string[] {
  given = bytes;
  const count = driver.exports.readAll();
  const all = Array.from({ length: count }, (_, index) =>
    driver.readText(driver.exports.line(index)),
  );
  driver.collect();
  return all.map((line) => line ?? "");
}

test("all counters and gauges are read, however many there are, and nothing of what lies behind", () => {
  const random = new Random(3);
  for (const counterCount of [0, 1, 2, 7, 1000]) {
    for (const gaugeCount of [0, 1, 2, 3, 30, 31, 32, 33, 64, 1000]) {
      const counters = samples(random, counterCount);
      const gauges = samples(random, gaugeCount);
      // What was in that memory before: here more of the same kind.
      const old = Buffer.concat([
        ...Array.from({ length: 10 }, () => entry(0, Buffer.from("old"), 1n)),
        Buffer.alloc(70_000, 0xff),
      ]);
      assert.deepEqual(read(snapshot(counters, gauges, old)), lines(counters, gauges));
    }
  }
});

test("gauges whose names are all of one length are all read", () => {
  const gauges = Array.from({ length: 500 }, (_, index) => {
    return { name: `gauge ${index + 1000}`, value: BigInt(index), delta: 0n };
  });
  for (let count = 0; count <= gauges.length; count += 20) {
    const some = gauges.slice(0, count);
    assert.deepEqual(read(snapshot([], some, Buffer.alloc(1000))), lines([], some));
    assert.deepEqual(read(snapshot([], some, Buffer.alloc(1000, 0xff))), lines([], some));
  }
});

test("a host that states the size of the gauges as it is, is understood too", () => {
  const gauges = samples(new Random(5), 40);
  assert.deepEqual(read(snapshot([], gauges, Buffer.alloc(99), true)), lines([], gauges));
});

test("whatever bytes there are, nothing traps, and it ends", () => {
  const random = new Random(11);
  const whole = snapshot(samples(random, 20), samples(random, 20), Buffer.alloc(64));
  assert.deepEqual(read(Buffer.alloc(0)), []);
  for (let length = 1; length < whole.length; length += 3) read(whole.subarray(0, length));
  const before = driver.memorySize;
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.from(whole);
    for (let each = 0; each < 4; each++) bytes[random.below(bytes.length)] = random.below(256);
    for (let each = 0; each < 2; each++) bytes[random.below(24)] = random.below(256);
    read(bytes);
  }
  assert.equal(driver.memorySize, before, "and nothing is left behind");
});

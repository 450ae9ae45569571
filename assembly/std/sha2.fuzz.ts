// Fuzzing of the SHA-2 family and of HMAC beside Node's, in one part and in several.
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import type { Random } from "../testing/random.ts";

interface HashExports {
  oneShot(size: number, bytes: number): number;
  start(size: number): void;
  update(size: number, bytes: number, from: number, to: number): void;
  digest(size: number): number;
}

interface HmacExports {
  prepare(size: number, key: number): void;
  sign(size: number, message: number): number;
  verify(size: number, message: number, mac: number): number;
  start(size: number): void;
  updatePart(bytes: number, from: number, to: number): void;
  digest(): number;
  verifyStream(mac: number): number;
}

interface Input {
  /** The size of the digest in bytes. */
  readonly size: 32 | 48 | 64;
  readonly key: Buffer;
  readonly message: Buffer;
  /** Where the message is cut into parts. */
  readonly cuts: readonly number[];
}

/** Bytes of any length, often around that of a block. */
function randomBytes(random: Random): Buffer {
  const length = random.once(3) ? random.pick([0, 55, 56, 63, 64, 111, 112, 127, 128]) : 0;
  const bytes = Buffer.alloc(length + random.below(random.pick([3, 20, 300])));
  for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(256);
  return bytes;
}

function randomInput(random: Random): Input {
  const message = randomBytes(random);
  const cuts = Array.from({ length: random.below(4) }, () => random.below(message.length + 1));
  const size = random.pick<Input["size"]>([32, 48, 64]);
  return { size, key: randomBytes(random), message, cuts: cuts.sort((a, b) => a - b) };
}

/** The parts of a message, from where to where. */
function* partsOf({ message, cuts }: Input): Generator<readonly [from: number, to: number]> {
  let from = 0;
  for (const to of [...cuts, message.length]) {
    yield [from, to];
    from = to;
  }
}

const sha2 = defineFuzz<Input>({
  name: "sha2",
  input: randomInput,
  async load() {
    const driver = new Driver<HashExports>(await compileDriver("assembly/std/sha2.driver.ts"));
    const { exports } = driver;
    const read = (pointer: number): Buffer => Buffer.from(driver.readBytes(pointer) ?? []);
    return {
      compare(input) {
        const { size, message } = input;
        const expected = createHash(`sha${size * 8}`)
          .update(message)
          .digest();
        const data = driver.writeBytes(message);
        assert.deepEqual(read(exports.oneShot(size, data)), expected);
        exports.start(size);
        for (const [from, to] of partsOf(input)) exports.update(size, data, from, to);
        assert.deepEqual(read(exports.digest(size)), expected);
        return `sha${size * 8}`;
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { sha256: 0.2, sha384: 0.2, sha512: 0.2 },
});

const hmac = defineFuzz<Input>({
  name: "hmac",
  input: randomInput,
  async load() {
    const driver = new Driver<HmacExports>(await compileDriver("assembly/std/hmac.driver.ts"));
    const { exports } = driver;
    const read = (pointer: number): Buffer => Buffer.from(driver.readBytes(pointer) ?? []);
    return {
      compare(input) {
        const { size, key, message } = input;
        const expected = createHmac(`sha${size * 8}`, key)
          .update(message)
          .digest();
        exports.prepare(size, driver.writeBytes(key));
        const data = driver.writeBytes(message);
        assert.deepEqual(read(exports.sign(size, data)), expected);
        exports.start(size);
        for (const [from, to] of partsOf(input)) exports.updatePart(data, from, to);
        assert.deepEqual(read(exports.digest()), expected);
        // Asked twice: a digest ends nothing.
        assert.equal(exports.verifyStream(driver.writeBytes(expected)), 1);
        const other = Buffer.from(expected);
        other.writeUInt8(other.readUInt8(message.length % size) ^ 1, message.length % size);
        assert.equal(exports.verifyStream(driver.writeBytes(other)), 0);
        assert.equal(exports.verify(size, data, driver.writeBytes(other)), 0);
        return `sha${size * 8}`;
      },
      collect: () => {
        driver.collect();
      },
    };
  },
  shares: { sha256: 0.2, sha384: 0.2, sha512: 0.2 },
});

export const fuzzes: readonly Fuzz[] = [sha2, hmac];

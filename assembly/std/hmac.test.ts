import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { before, beforeEach, describe, test } from "node:test";
import { compileDriver, Driver } from "../testing/asc-driver.ts";
import { ExecutionTrace, instrument } from "../testing/execution-trace.ts";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { Random } from "../testing/random.ts";
import { fuzzes } from "./sha2.fuzz.ts";

interface HmacExports {
  oneShot(size: number, key: number, message: number): number;
  prepare(size: number, key: number): void;
  sign(size: number, message: number): number;
  signText(size: number, message: number): number;
  verify(size: number, message: number, mac: number): number;
  verifyText(size: number, message: number, mac: number): number;
  start(size: number): void;
  updatePart(bytes: number, from: number, to: number): void;
  updateText(text: number): void;
  digest(): number;
}

let binary: Uint8Array<ArrayBuffer>;
let driver: Driver<HmacExports>;
before(async () => {
  binary = await compileDriver("assembly/std/hmac.driver.ts");
  driver = new Driver(binary);
});
beforeEach(() => {
  driver.collect();
});

/** The three functions, by the size of their MACs. */
const SIZES = [32, 48, 64] as const;

const node = (size: number, key: Uint8Array, message: Uint8Array): string =>
  createHmac(`sha${size * 8}`, key)
    .update(message)
    .digest("hex");

const hex = (pointer: number): string =>
  Buffer.from(driver.readBytes(pointer) ?? []).toString("hex");

const oneShot = (size: number, key: Uint8Array, message: Uint8Array): string =>
  hex(driver.exports.oneShot(size, driver.writeBytes(key), driver.writeBytes(message)));

const prepare = (size: number, key: Uint8Array): void => {
  driver.exports.prepare(size, driver.writeBytes(key));
};

const verify = (size: number, message: Uint8Array, mac: Uint8Array): boolean =>
  driver.exports.verify(size, driver.writeBytes(message), driver.writeBytes(mac)) !== 0;

const randomBytes = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.below(256));

/** RFC 4231: key, message, and the MACs over SHA-256, SHA-384 and SHA-512. */
const RFC_4231: readonly {
  readonly name: string;
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  readonly macs: readonly [string, string, string];
}[] = [
  {
    name: "test case 1",
    key: Buffer.alloc(20, 0x0b),
    message: Buffer.from("Hi There"),
    macs: [
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
      "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    ],
  },
  {
    name: "test case 2: a short key",
    key: Buffer.from("Jefe"),
    message: Buffer.from("what do ya want for nothing?"),
    macs: [
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ],
  },
  {
    name: "test case 3",
    key: Buffer.alloc(20, 0xaa),
    message: Buffer.alloc(50, 0xdd),
    macs: [
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
      "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
      "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
    ],
  },
  {
    name: "test case 4",
    key: Buffer.from("0102030405060708090a0b0c0d0e0f10111213141516171819", "hex"),
    message: Buffer.alloc(50, 0xcd),
    macs: [
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
      "3e8a69b7783c25851933ab6290af6ca77a9981480850009cc5577c6e1f573b4e6801dd23c4a7d679ccf8a386c674cffb",
      "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
    ],
  },
  {
    name: "test case 5: the first 128 bits",
    key: Buffer.alloc(20, 0x0c),
    message: Buffer.from("Test With Truncation"),
    macs: [
      "a3b6167473100ee06e0c796c2955552b",
      "3abf34c3503b2a23a46efc619baef897",
      "415fad6271580a531d4179bc891d87a6",
    ],
  },
  {
    name: "test case 6: a key longer than a block",
    key: Buffer.alloc(131, 0xaa),
    message: Buffer.from("Test Using Larger Than Block-Size Key - Hash Key First"),
    macs: [
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
      "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
      "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
    ],
  },
  {
    name: "test case 7: key and message longer than a block",
    key: Buffer.alloc(131, 0xaa),
    message: Buffer.from(
      "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
    ),
    macs: [
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
      "6617178e941f020d351e2f254e8fd32c602420feb0b8fb9adccebb82461e99c5a678cc31e799176d3860e6110c46523e",
      "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
    ],
  },
];

/** NIST's examples for FIPS 198-1: by the size of the hash, that of the key, and the MAC. */
const FIPS_198: readonly [256 | 384 | 512, number, string][] = [
  [256, 64, "8bb9a1db9806f20df7f77b82138c7914d174d59e13dc4d0169c9057b133e1d62"],
  [256, 32, "a28cf43130ee696a98f14a37678b56bcfcbdd9e5cf69717fecf5480f0ebdf790"],
  [256, 100, "bdccb6c72ddeadb500ae768386cb38cc41c63dbb0878ddb9c7a38a431b78378d"],
  [
    384,
    128,
    "63c5daa5e651847ca897c95814ab830bededc7d25e83eef9195cd45857a37f448947858f5af50cc2b1b730ddf29671a9",
  ],
  [
    384,
    48,
    "6eb242bdbb582ca17bebfa481b1e23211464d2b7f8c20b9ff2201637b93646af5ae9ac316e98db45d9cae773675eeed0",
  ],
  [
    384,
    200,
    "5b664436df69b0ca22551231a3f0a3d5b4f97991713cfa84bff4d0792eff96c27dccbbb6f79b65d548b40e8564cef594",
  ],
  [
    512,
    128,
    "fc25e240658ca785b7a811a8d3f7b4ca48cfa26a8a366bf2cd1f836b05fcb024bd36853081811d6cea4216ebad79da1cfcb95ea4586b8a0ce356596a55fb1347",
  ],
  [
    512,
    64,
    "fd44c18bda0bb0a6ce0e82b031bf2818f6539bd56ec00bdc10a8a2d730b3634de2545d639b0f2cf710d0692c72a1896f1f211c2b922d1a96c392e07e7ea9fedc",
  ],
  [
    512,
    200,
    "d93ec8d2de1ad2a9957cb9b83f14e76ad6b5e0cce285079a127d3b14bccb7aa7286d4ac0d4ce64215f2bc9e6870b33d97438be4aaa20cda5c5a912b48b8e27f3",
  ],
];

describe("FIPS 198-1", () => {
  for (const [size, length, mac] of FIPS_198) {
    test(`HMAC-SHA-${size} with a key of ${length} bytes`, () => {
      const isShort = length < (size === 256 ? 64 : 128);
      const message = Buffer.from(`Sample message for keylen${isShort ? "<" : "="}blocklen`);
      const key = Buffer.from(Array.from({ length }, (_, i) => i));
      assert.equal(oneShot(size / 8, key, message), mac);
    });
  }
});

describe("RFC 4231", () => {
  for (const { name, key, message, macs } of RFC_4231) {
    test(name, () => {
      SIZES.forEach((size, i) => {
        // Test case 5 is about MACs that are cut to 128 bits.
        const expected = macs[i] ?? "";
        assert.equal(oneShot(size, key, message).slice(0, expected.length), expected);
        prepare(size, key);
        assert.equal(
          hex(driver.exports.sign(size, driver.writeBytes(message))),
          node(size, key, message),
        );
      });
    });
  }
});

test("agrees with Node on keys and messages of all lengths around the blocks'", () => {
  const random = new Random(198);
  const bytes = randomBytes(random, 300);
  for (const size of SIZES) {
    for (let length = 0; length <= 300; length++) {
      const [one, other] = [bytes.subarray(0, length), bytes.subarray(0, random.below(301))];
      assert.equal(oneShot(size, one, other), node(size, one, other), `key of ${length}`);
      assert.equal(oneShot(size, other, one), node(size, other, one), `message of ${length}`);
    }
  }
});

testFuzzes(fuzzes, 2000, 2104);

test("takes texts as UTF-8", () => {
  const random = new Random(3629);
  const key = Buffer.from("Jefe");
  for (const text of ["", "what do ya want for nothing?", "€\u{1f600}\ud83d", "é".repeat(2000)]) {
    for (const size of SIZES) {
      prepare(size, key);
      const mac = node(size, key, Buffer.from(text));
      assert.equal(hex(driver.exports.signText(size, driver.writeText(text))), mac);
      const sent = driver.writeBytes(Buffer.from(mac, "hex"));
      assert.equal(driver.exports.verifyText(size, driver.writeText(text), sent), 1);
      const other = driver.writeText(`${text}${random.below(10)}`);
      assert.equal(driver.exports.verifyText(size, other, sent), 0);
    }
  }
});

test("a message in parts may go on after a digest, beside other messages, and be text", () => {
  const key = Buffer.from("key");
  for (const size of SIZES) {
    prepare(size, key);
    driver.exports.start(size);
    assert.equal(hex(driver.exports.digest()), node(size, key, Buffer.alloc(0)));
    driver.exports.updateText(driver.writeText("é\u{1f600}\ud83d"));
    assert.equal(hex(driver.exports.digest()), node(size, key, Buffer.from("é\u{1f600}\ufffd")));
    // Another message by the same key in between.
    assert.equal(verify(size, Buffer.from("x"), Buffer.alloc(size)), false);
    driver.exports.updatePart(driver.writeBytes(Buffer.from("12345")), 1, 4);
    const whole = Buffer.from("é\u{1f600}\ufffd234");
    assert.equal(hex(driver.exports.digest()), node(size, key, whole));
    // A new key leaves the message with its own.
    prepare(size, Buffer.from("another"));
    assert.equal(hex(driver.exports.digest()), node(size, key, whole));
  }
});

describe("verify", () => {
  const key = Buffer.from("key");
  const message = Buffer.from("message");

  test("refuses a MAC with any bit changed, or cut short, or longer, or empty", () => {
    for (const size of SIZES) {
      prepare(size, key);
      const mac = Buffer.from(node(size, key, message), "hex");
      assert.equal(verify(size, message, mac), true);
      for (let bit = 0; bit < size * 8; bit++) {
        const other = Buffer.from(mac);
        other.writeUInt8(other.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        assert.equal(verify(size, message, other), false);
      }
      for (let length = 0; length < size; length++)
        assert.equal(verify(size, message, mac.subarray(0, length)), false);
      assert.equal(verify(size, message, Buffer.concat([mac, Buffer.alloc(1)])), false);
      assert.equal(verify(size, Buffer.from("messagf"), mac), false);
    }
  });

  test("does the same work wherever the MAC is wrong", () => {
    const trace = new ExecutionTrace();
    const traced = new Driver<HmacExports>(instrument(binary), trace.imports);
    traced.exports.prepare(32, traced.writeBytes(key));
    const mac = Buffer.from(node(32, key, message), "hex");
    const first = Buffer.from(mac);
    first.writeUInt8(first.readUInt8(0) ^ 1, 0);
    const last = Buffer.from(mac);
    last.writeUInt8(last.readUInt8(31) ^ 1, 31);
    const ways = [mac, mac, first, last, Buffer.alloc(32)].map((sent) => {
      const [m, c] = [traced.writeBytes(message), traced.writeBytes(sent)];
      const { blocks, loads } = trace.record(() => void traced.exports.verify(32, m, c));
      return { blocks, loads: loads.length };
    });
    // The first call makes room in memory, the second one shows.
    for (const other of ways.slice(2)) assert.deepEqual(other, ways[1]);
  });
});

test("takes keys and messages of 16 MB", () => {
  const bytes = Buffer.alloc(16 * 1024 * 1024, "0123456789abcdefg");
  for (const size of SIZES) {
    driver.collect();
    assert.equal(oneShot(size, bytes, bytes), node(size, bytes, bytes));
  }
});

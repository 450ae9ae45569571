// Fuzzing of key sets: what becomes of a key beside Node's own import, and signatures beside a DER
// writer of the test's.
import assert from "node:assert/strict";
import { createPublicKey, type JsonWebKey } from "node:crypto";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import { JOSE_EXAMPLES } from "../testing/jose-examples.ts";
import { JwksClient } from "../testing/jwks-client.ts";
import type { Random } from "../testing/random.ts";

type Members = Record<string, unknown>;

const ALGORITHMS = { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" } as const;
const SIZES = { "P-256": 32, "P-384": 48, "P-521": 66 } as const;
const KEYS = JOSE_EXAMPLES.map(({ key }) => key);

const ODD = [null, 1, "", "x", "AA", [], {}, "RSA", "EC", "sig", "enc", "RS256", "ES256"] as const;
const NAMES = ["kty", "alg", "use", "key_ops", "kid", "n", "e", "crv", "x", "y", "d", "k"] as const;

function randomBytes(random: Random, size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, () => random.below(256)));
}

/** An RSA key whose numbers are any, or one of the examples' keys; now and then damaged. */
function randomKey(random: Random): Members {
  const key: Members = random.once(2)
    ? { ...KEYS[random.below(KEYS.length)] }
    : {
        kty: "RSA",
        n: randomBytes(random, random.pick([256, 256, 257, 255, 384, 1024, 1025])).toString(
          "base64url",
        ),
        e: randomBytes(random, random.pick([1, 3, 3, 4, 5])).toString("base64url"),
      };
  if (random.once(4)) key["kid"] = random.pick(["a", "b", "é", "../../key"]);
  if (random.once(4)) key["alg"] = random.pick(["RS256", "RS384", "ES256", "ES512", "PS256"]);
  if (random.once(4)) key["use"] = random.pick(["sig", "sig", "enc"]);
  if (random.once(4))
    key["key_ops"] = random.pick([["verify"], ["sign", "verify"], ["sign"], [], ["verify", 1]]);
  if (random.once(4)) key[random.pick(NAMES)] = random.pick(ODD);
  return key;
}

/** The algorithm of a key that must be taken; `undefined` for one that must be skipped. */
function algorithmOf(key: Members): string | undefined {
  const { kty, alg, use, kid, key_ops: operations } = key;
  if (kid !== undefined && typeof kid !== "string") return undefined;
  if (use !== undefined && use !== "sig") return undefined;
  if (operations !== undefined) {
    if (!Array.isArray(operations) || !operations.includes("verify")) return undefined;
    if (operations.some((operation) => typeof operation !== "string")) return undefined;
  }
  if ("d" in key) return undefined;
  if (kty === "RSA") {
    const algorithm = alg === undefined ? "RS256" : alg;
    if (typeof algorithm !== "string" || !/^RS(256|384|512)$/.test(algorithm)) return undefined;
    const [n, e] = [numberOf(key["n"]), numberOf(key["e"])];
    const bits = n.toString(2).length;
    if (bits < 2048 || bits > 8192 || n % 2n === 0n) return undefined;
    return e > 1n && e < 2n ** 32n && e % 2n === 1n ? algorithm : undefined;
  }
  const curve = key["crv"];
  if (kty !== "EC" || typeof curve !== "string" || !(curve in SIZES)) return undefined;
  const algorithm = ALGORITHMS[curve as keyof typeof ALGORITHMS];
  if (alg !== undefined && alg !== algorithm) return undefined;
  const size = SIZES[curve as keyof typeof SIZES];
  const fits = [key["x"], key["y"]].every((text) => bytesOf(text)?.length === size);
  return fits ? algorithm : undefined;
}

function bytesOf(text: unknown): Buffer | undefined {
  if (typeof text !== "string") return undefined;
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}

/** 0 for what is no number. */
function numberOf(text: unknown): bigint {
  return BigInt(`0x0${bytesOf(text)?.toString("hex") ?? ""}`);
}

const sets = defineFuzz<Members[]>({
  name: "jwks",
  input: (random) => Array.from({ length: 1 + random.below(2) }, () => randomKey(random)),
  async load() {
    const client = await JwksClient.load();
    return {
      compare(keys) {
        const set = client.parse({ keys });
        assert.equal(set.error, null);
        const expected = keys.flatMap((key) => {
          const algorithm = algorithmOf(key);
          if (algorithm === undefined) return [];
          const jwk = { kty: key["kty"], n: key["n"], e: key["e"] } as JsonWebKey;
          const point = { kty: key["kty"], crv: key["crv"], x: key["x"], y: key["y"] };
          const input = key["kty"] === "RSA" ? jwk : (point as JsonWebKey);
          const der = createPublicKey({ key: input, format: "jwk" }).export({
            type: "spki",
            format: "der",
          });
          return [{ algorithm, id: (key["kid"] as string | undefined) ?? null, bytes: der }];
        });
        assert.deepEqual(set.keys, expected);
        assert.equal(set.skipped.length, keys.length - expected.length);
        return expected.length === 0 ? "all skipped" : "some taken";
      },
      collect: () => {
        client.driver.collect();
      },
    };
  },
  shares: { "some taken": 0.3, "all skipped": 0.1 },
});

/** A DER INTEGER by the book. */
function integer(bytes: Buffer): Buffer {
  let hex = BigInt(`0x${bytes.toString("hex")}`).toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  if (/^[89a-f]/.test(hex)) hex = `00${hex}`;
  return Buffer.concat([Buffer.from([2, hex.length / 2]), Buffer.from(hex, "hex")]);
}

const signatures = defineFuzz<{ readonly size: number; readonly bytes: Buffer }>({
  name: "ecdsa-der",
  input(random) {
    const size = random.pick([32, 48, 66]);
    const length = random.once(10) ? random.below(140) : 2 * size;
    const bytes = randomBytes(random, length);
    // Zeros in front of either number, and bits that would be a sign.
    for (const start of [0, size]) {
      if (random.once(3)) bytes.subarray(start, start + random.below(size + 1)).fill(0);
    }
    return { size, bytes };
  },
  async load() {
    const client = await JwksClient.load();
    return {
      compare({ size, bytes }) {
        const der = client.signatureDer(bytes, size);
        if (bytes.length !== 2 * size) {
          assert.equal(der, null);
          return "of another length";
        }
        const both = Buffer.concat([
          integer(bytes.subarray(0, size)),
          integer(bytes.subarray(size)),
        ]);
        const length = both.length < 128 ? [both.length] : [0x81, both.length];
        assert.deepEqual(der, Buffer.concat([Buffer.from([0x30, ...length]), both]));
        return "a signature";
      },
      collect: () => {
        client.driver.collect();
      },
    };
  },
  shares: { "a signature": 0.5, "of another length": 0.01 },
});

export const fuzzes: readonly Fuzz[] = [sets, signatures];

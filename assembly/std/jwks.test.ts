import assert from "node:assert/strict";
import { createPublicKey, generateKeyPairSync, sign, verify, type JsonWebKey } from "node:crypto";
import { before, beforeEach, describe, test } from "node:test";
import { testFuzzes } from "../testing/fuzz-test.ts";
import { JOSE_EXAMPLES } from "../testing/jose-examples.ts";
import { JwksClient, type JwksOptions } from "../testing/jwks-client.ts";
import { fuzzes } from "./jwks.fuzz.ts";

const [RSA = {}, P256 = {}, , P521 = {}] = JOSE_EXAMPLES.map(({ key }) => key);

let jwks: JwksClient;
before(async () => {
  jwks = await JwksClient.load();
});
beforeEach(() => {
  jwks.driver.collect();
});

const der = (key: JsonWebKey): Buffer =>
  createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "der" });

describe("a set", () => {
  for (const { name, algorithm, key } of JOSE_EXAMPLES) {
    test(`${name}: the key is the one that Node reads`, () => {
      assert.deepEqual(jwks.parse({ keys: [key] }), {
        error: null,
        keys: [{ algorithm, id: key["kid"] ?? null, bytes: der(key) }],
        skipped: [],
      });
    });
  }

  test("has its keys in order, and what it is not to know beside them", () => {
    const keys = [
      { ...RSA, kid: "1", alg: "RS512", use: "sig", key_ops: ["verify"], x5c: ["?"], x5t: 1 },
      { ...P256, kid: "2", alg: "ES256" },
      { ...P521, kid: "1" },
    ];
    const set = jwks.parse({ keys, issuer: "?" });
    assert.deepEqual(
      set.keys.map(({ algorithm, id }) => [algorithm, id]),
      [
        ["RS512", "1"],
        ["ES256", "2"],
        ["ES512", "1"],
      ],
    );
    assert.deepEqual(set.skipped, []);
  });

  test("may be empty", () => {
    assert.deepEqual(jwks.parse({ keys: [] }), { error: null, keys: [], skipped: [] });
  });

  test("gives RSA keys without an alg the one that it is told", () => {
    const set = jwks.parse({ keys: [RSA] }, { rsaAlgorithm: "RS384" });
    assert.equal(set.keys[0]?.algorithm, "RS384");
    const wrong = jwks.parse({ keys: [RSA] }, { rsaAlgorithm: "HS256" });
    assert.deepEqual(wrong.skipped, ["keys[0]: alg is not RS256, RS384 or RS512"]);
  });

  const broken: readonly [unknown, string, JwksOptions?][] = [
    ["", "jwks: $: line 1, column 1: expected a value, found the end of the text"],
    ['{"keys":[]', "jwks: $: line 1, column 11: expected ',' or '}', found the end of the text"],
    [[], "jwks: no array of keys"],
    [{}, "jwks: no array of keys"],
    [{ keys: {} }, "jwks: no array of keys"],
    [RSA, "jwks: no array of keys"],
    ['{"keys":[],"keys":[]}', "jwks: $.keys: line 1, column 12: duplicate key"],
    [
      '{"keys":[{"kty":"RSA","kty":"oct"}]}',
      "jwks: $.keys[0].kty: line 1, column 23: duplicate key",
    ],
    [{ keys: Array<object>(65).fill(RSA) }, "jwks: more keys than 64"],
    [{ keys: [RSA, RSA] }, "jwks: more keys than 1", { maxKeys: 1 }],
    [`{"keys":[]}${" ".repeat(262_144)}`, "jwks: text too long"],
    [{ keys: [] }, "jwks: text too long", { maxSize: 5 }],
    ["[".repeat(100_000), "jwks: $[0][0]"],
  ];
  for (const [set, error, options] of broken) {
    const text = typeof set === "string" ? set : JSON.stringify(set);
    test(`${text.slice(0, 50)}: ${error}`, () => {
      const parsed = jwks.parse(set, options);
      assert.ok(parsed.error?.startsWith(error), parsed.error ?? "none");
      assert.deepEqual([parsed.keys, parsed.skipped], [[], []]);
    });
  }
});

describe("a key is left out", () => {
  const of = (bits: number): string =>
    Buffer.concat([Buffer.from([0x80]), Buffer.alloc(bits / 8 - 2), Buffer.from([1])]).toString(
      "base64url",
    );
  const cases: readonly [string, unknown, string][] = [
    ["that is no object", 1, "no object"],
    ["without kty", {}, "kty is not RSA or EC"],
    ["of Edwards curves", { kty: "OKP", crv: "Ed25519", x: "AA" }, "kty is not RSA or EC"],
    ["whose kty has another case", { ...RSA, kty: "rsa" }, "kty is not RSA or EC"],
    ["for encryption", { ...RSA, use: "enc" }, "use is not sig"],
    ["whose use is no string", { ...RSA, use: ["sig"] }, "use is not sig"],
    ["that only signs", { ...RSA, key_ops: ["sign"] }, "key_ops has no verify"],
    ["whose key_ops is no array", { ...RSA, key_ops: "verify" }, "key_ops has no verify"],
    ["whose alg is no string", { ...RSA, alg: 1 }, "alg is no string"],
    ["whose kid is no string", { ...RSA, kid: 1 }, "kid is no string"],
    ["of PS256", { ...RSA, alg: "PS256" }, "alg is not RS256, RS384 or RS512"],
    ["whose alg is of secrets", { ...RSA, alg: "HS256" }, "alg is not RS256, RS384 or RS512"],
    ["whose alg is none", { ...RSA, alg: "none" }, "alg is not RS256, RS384 or RS512"],
    ["whose alg is of points", { ...RSA, alg: "ES256" }, "alg is not RS256, RS384 or RS512"],
    ["that is private", { ...RSA, d: "AQAB" }, "a private key"],
    ["without n", { ...RSA, n: undefined }, "n or e is not base64url"],
    ["with padding", { ...RSA, n: `${RSA["n"]}==` }, "n or e is not base64url"],
    ["of 1024 bits", { ...RSA, n: of(1024) }, "n is even or not of 2048 to 8192 bits"],
    ["of 8200 bits", { ...RSA, n: of(8200) }, "n is even or not of 2048 to 8192 bits"],
    ["with e of 1", { ...RSA, e: "AQ" }, "e is even or not of 2 to 32 bits"],
    ["with an even e", { ...RSA, e: "AQAA" }, "e is even or not of 2 to 32 bits"],
    ["with a huge e", { ...RSA, e: "AQAAAAE" }, "e is even or not of 2 to 32 bits"],
    ["with an empty e", { ...RSA, e: "" }, "e is even or not of 2 to 32 bits"],
    ["on secp256k1", { ...P256, crv: "secp256k1" }, "crv is not P-256, P-384 or P-521"],
    ["of another curve's alg", { ...P256, alg: "ES384" }, "alg is not ES256"],
    ["with x cut short", { ...P256, x: "AAAA" }, "x or y is not base64url of 32 bytes"],
    ["of a P-256 point as P-521", { ...P256, crv: "P-521" }, "x or y is not base64url of 66 bytes"],
    ["that is a secret", { kty: "oct", alg: "HS256", k: "AA" }, "a secret, which is not allowed"],
  ];
  for (const [name, key, reason] of cases) {
    test(`${name}: ${reason}`, () => {
      const set = jwks.parse({ keys: [P256, key, P521] });
      assert.equal(set.error, null);
      assert.deepEqual(set.skipped, [`keys[1]: ${reason}`]);
      assert.deepEqual(
        set.keys.map(({ algorithm }) => algorithm),
        ["ES256", "ES512"],
      );
    });
  }
});

describe("secrets, where they are allowed", () => {
  const secret = Buffer.alloc(64, 7);
  const parse = (key: object) => jwks.parse({ keys: [key] }, { allowSecrets: true });

  test("are taken with their algorithm", () => {
    for (const algorithm of ["HS256", "HS384", "HS512"]) {
      const key = { kty: "oct", alg: algorithm, k: secret.toString("base64url"), kid: "s" };
      assert.deepEqual(parse(key).keys, [{ algorithm, id: "s", bytes: secret }]);
    }
  });

  const cases: readonly [object, string][] = [
    [{ k: secret.toString("base64url") }, "alg is not HS256, HS384 or HS512"],
    [{ alg: "RS256", k: secret.toString("base64url") }, "alg is not HS256, HS384 or HS512"],
    [{ alg: "HS256" }, "k is not base64url"],
    [{ alg: "HS256", k: "AA==" }, "k is not base64url"],
    [
      { alg: "HS256", k: secret.subarray(0, 31).toString("base64url") },
      "k is shorter than 32 bytes",
    ],
    [
      { alg: "HS512", k: secret.subarray(0, 63).toString("base64url") },
      "k is shorter than 64 bytes",
    ],
  ];
  for (const [key, reason] of cases) {
    test(`are left out: ${reason}`, () => {
      assert.deepEqual(parse({ kty: "oct", ...key }).skipped, [`keys[0]: ${reason}`]);
    });
  }
});

describe("ECDSA signatures", () => {
  for (const [namedCurve, hash, size] of [
    ["prime256v1", "sha256", 32],
    ["secp384r1", "sha384", 48],
    ["secp521r1", "sha512", 66],
  ] as const) {
    test(`of ${namedCurve} are those that Node verifies`, () => {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve });
      for (let i = 0; i < 20; i++) {
        const text = Buffer.from(`text ${i}`);
        const raw = sign(hash, text, { key: privateKey, dsaEncoding: "ieee-p1363" });
        const der = jwks.signatureDer(raw, size);
        assert.ok(der !== null && verify(hash, text, publicKey, der));
      }
    });
  }
});

describe("a public key in PEM", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const bytes = publicKey.export({ type: "spki", format: "der" });
  const base64 = bytes.toString("base64");

  test("is its DER, however its lines end and whatever is around it", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
    assert.deepEqual(
      jwks.pemDer(rsa.export({ type: "spki", format: "pem" }).toString()),
      rsa.export({ type: "spki", format: "der" }),
    );
    for (const text of [pem, pem.replaceAll("\n", "\r\n"), `key:\n${pem}${pem}`, pem.trim()])
      assert.deepEqual(jwks.pemDer(text), bytes);
    const one = `-----BEGIN PUBLIC KEY-----${base64}-----END PUBLIC KEY-----`;
    assert.deepEqual(jwks.pemDer(one), bytes);
  });

  const none: readonly [string, string][] = [
    ["nothing", ""],
    ["no end", pem.slice(0, -5)],
    ["no begin", pem.slice(5)],
    ["no key", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----"],
    ["a private key", privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
    ["another character", pem.replace("M", "\u014d")],
    ["no padding", pem.replaceAll("=", "")],
    ["base64 alone", base64],
    ["16 MB", `-----BEGIN PUBLIC KEY-----${"A".repeat(16 * 1024 * 1024)}`],
  ];
  for (const [name, text] of none) {
    test(`${name} is none`, () => {
      assert.equal(jwks.pemDer(text), null);
    });
  }
});

testFuzzes(fuzzes, 500, 7517);

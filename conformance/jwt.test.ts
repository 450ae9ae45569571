// Tokens of public keys, verified by a real Envoy's cryptography.
import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { test } from "node:test";
import { JOSE_EXAMPLES } from "../assembly/testing/jose-examples.ts";
import { BUILDS, buildFilter, proxyFor } from "./support/filters.ts";

const FILTER = "conformance/filters/jwt.ts";
const NOW = 1_700_000_000;
/** The tokens of RFC 7515 are valid then. */
const THEN = 1_300_819_000;

interface Signer {
  readonly algorithm: string;
  readonly kid: string;
  readonly pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
}

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const p256 = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const p384 = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
const p521 = generateKeyPairSync("ec", { namedCurve: "secp521r1" });

const SIGNERS: readonly Signer[] = [
  { algorithm: "RS256", kid: "rsa-256", pair: rsa },
  { algorithm: "RS384", kid: "rsa-384", pair: rsa },
  { algorithm: "RS512", kid: "rsa-512", pair: rsa },
  { algorithm: "ES256", kid: "p-256", pair: p256 },
  { algorithm: "ES384", kid: "p-384", pair: p384 },
  { algorithm: "ES512", kid: "p-521", pair: p521 },
];
const [RS256, , , ES256] = SIGNERS as [Signer, Signer, Signer, Signer];

const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A token that says `header`, signed as `algorithm` wants it, whatever the header says. */
function token(
  { algorithm, pair }: Pick<Signer, "algorithm" | "pair">,
  header: unknown,
  claims: unknown,
): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = sign(`sha${algorithm.slice(2)}`, Buffer.from(input), {
    key: pair.privateKey,
    dsaEncoding: "ieee-p1363",
  });
  return `${input}.${signature.toString("base64url")}`;
}

const headerOf = ({ algorithm, kid }: Signer) => ({ alg: algorithm, kid });
const GOOD = { iss: "us", exp: NOW + 600 };

/** The token with one bit of its signature changed. */
function damaged(text: string, at: number): string {
  const [header = "", claims = "", signature = ""] = text.split(".");
  const bytes = Buffer.from(signature, "base64url");
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return `${header}.${claims}.${bytes.toString("base64url")}`;
}

/** What the filter reads of a request. */
const headersOf = (token: string, now = NOW): readonly (readonly [string, string])[] => [
  ["x-token", token],
  ["x-now", String(now)],
];

interface Case {
  readonly name: string;
  readonly token: string;
  readonly expected: string;
  readonly now?: number;
}

function* rightAndWrong(): Generator<Case> {
  for (const signer of SIGNERS) {
    const { algorithm } = signer;
    const header = headerOf(signer);
    const right = token(signer, header, GOOD);
    yield { name: algorithm, token: right, expected: "0 iss us" };
    const parts = right.split(".");
    const size = Buffer.from(parts[2] ?? "", "base64url").length;
    for (const at of [0, size >> 1, size - 1]) {
      const expected = "10 wrong signature";
      yield { name: `${algorithm}, bit of byte ${at}`, token: damaged(right, at), expected };
    }
    const claims = encode({ ...GOOD, iss: "them" });
    yield {
      name: `${algorithm}, other claims`,
      token: `${parts[0]}.${claims}.${parts[2]}`,
      expected: "10 wrong signature",
    };
    for (const signature of ["", "AAAA", encode(Buffer.alloc(size).toString("latin1"))]) {
      yield {
        name: `${algorithm}, signature ${signature.slice(0, 8)}`,
        token: `${parts[0]}.${parts[1]}.${signature}`,
        expected: "10 wrong signature",
      };
    }
    yield {
      name: `${algorithm}, any kid`,
      token: token(signer, { alg: algorithm }, GOOD),
      expected: "0 iss us",
    };
  }
}

function* attacks(): Generator<Case> {
  const hmac = (secret: string | Buffer, header: object): string => {
    const input = `${encode(header)}.${encode(GOOD)}`;
    return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
  };
  const pem = rsa.publicKey.export({ type: "spki", format: "pem" });
  const der = rsa.publicKey.export({ type: "spki", format: "der" });
  const modulus = Buffer.from(rsa.publicKey.export({ format: "jwk" }).n ?? "", "base64url");
  // Algorithm confusion: a MAC by what everybody knows.
  for (const [name, secret] of Object.entries({ pem, der, modulus })) {
    const header = { alg: "HS256", kid: RS256.kid };
    const expected = "8 no key for this alg";
    yield { name: `HS256 by the ${name}`, token: hmac(secret, header), expected };
    yield {
      name: `HS256 by the ${name}, called RS256`,
      token: hmac(secret, headerOf(RS256)),
      expected: "10 wrong signature",
    };
  }
  const unsigned = `${encode({ alg: "none" })}.${encode(GOOD)}.`;
  yield { name: "alg none", token: unsigned, expected: "6 alg none refused" };
  yield {
    name: "RS512 said, RS256 signed",
    token: token(RS256, { alg: "RS512" }, GOOD),
    expected: "10 wrong signature",
  };
  yield {
    name: "ES256 said, RS256 signed",
    token: token(RS256, { alg: "ES256" }, GOOD),
    expected: "10 wrong signature",
  };
  yield {
    name: "another key's kid",
    token: token(ES256, { alg: "ES256", kid: "p-384" }, GOOD),
    expected: "9 no key with this kid",
  };
  for (const kid of ["../../../../dev/null", "p-256\u0000", "' OR 1=1 --", "P-256", ""]) {
    yield {
      name: `kid ${JSON.stringify(kid)}`,
      token: token(ES256, { alg: "ES256", kid }, GOOD),
      expected: "9 no key with this kid",
    };
  }
  const theirs = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  yield {
    name: "a key in the header",
    token: token(
      { algorithm: "ES256", pair: theirs },
      { alg: "ES256", jwk: theirs.publicKey.export({ format: "jwk" }), jku: "http://127.0.0.1/" },
      GOOD,
    ),
    expected: "10 wrong signature",
  };
  for (const alg of ["PS256", "EdDSA", "ES256K"]) {
    yield {
      name: alg,
      token: token(RS256, { alg }, GOOD),
      expected: "7 alg not supported: PS*, EdDSA and ES256K",
    };
  }
  // The DER form is no signature of a token, however right it is.
  const input = `${encode(headerOf(ES256))}.${encode(GOOD)}`;
  const derSignature = sign("sha256", Buffer.from(input), p256.privateKey).toString("base64url");
  yield { name: "ECDSA in DER", token: `${input}.${derSignature}`, expected: "10 wrong signature" };

  const signed = (claims: unknown): string => token(ES256, headerOf(ES256), claims);
  yield {
    name: "a claim twice",
    token: signed(`{"iss":"us","exp":${NOW + 600},"iss":"root"}`),
    expected: "11 invalid claims",
  };
  yield { name: "huge exp", token: signed({ exp: 1e300 }), expected: "12 invalid exp, nbf or iat" };
  yield { name: "expired", token: signed({ exp: NOW - 61 }), expected: "14 expired" };
  yield { name: "expired within the skew", token: signed({ exp: NOW - 59 }), expected: "0 iss " };
  yield {
    name: "to come",
    token: signed({ exp: NOW + 600, nbf: NOW + 61 }),
    expected: "15 not valid yet",
  };
}

function* published(): Generator<Case> {
  for (const { name, token, hasClaims } of JOSE_EXAMPLES) {
    const expected = hasClaims ? "0 iss joe" : "11 invalid claims";
    yield { name, token, expected, now: THEN };
    yield { name: `${name}, damaged`, token: damaged(token, 5), expected: "10 wrong signature" };
  }
}

for (const [how, stress] of BUILDS) {
  test(`tokens of public keys are verified by Envoy, attacks refused (${how})`, async (t) => {
    const module = await buildFilter(t, FILTER, stress);
    const keys = [
      ...SIGNERS.map(({ algorithm, kid, pair }) => ({
        ...pair.publicKey.export({ format: "jwk" }),
        alg: algorithm,
        kid,
        use: "sig",
      })),
      ...JOSE_EXAMPLES.map(({ key, name }) => ({ ...key, kid: key["kid"] ?? name })),
      { kty: "oct", alg: "HS256", k: encode("a secret that nobody should publish") },
    ];
    const configuration = JSON.stringify({ jwks: JSON.stringify({ keys }), pems: [] });
    const proxy = await proxyFor(t, { module, configuration });
    for (const { name, token, expected, now = NOW } of [
      ...rightAndWrong(),
      ...attacks(),
      ...published(),
    ]) {
      const headers = headersOf(token, now);
      assert.equal((await proxy.send({ path: "/", headers })).body, expected, name);
    }
    assert.ok(
      proxy.envoy.wasmLogs.some(({ text }) => text.includes("a secret, which is not allowed")),
      "the secret is named",
    );
  });
}

test("a key in PEM verifies; one that is no key, or of another curve, refuses and harms nothing", async (t) => {
  const module = await buildFilter(t, FILTER);
  const spki = { type: "spki", format: "pem" } as const;
  const pems = [
    { algorithm: "ES256", kid: "right", pem: p256.publicKey.export(spki) },
    { algorithm: "ES256", kid: "curve", pem: p384.publicKey.export(spki) },
    { algorithm: "ES256", kid: "rsa", pem: rsa.publicKey.export(spki) },
    { algorithm: "RS256", kid: "point", pem: p256.publicKey.export(spki) },
    { algorithm: "RS256", kid: "garbage", pem: "-----BEGIN PUBLIC KEY-----" },
    { algorithm: "RS256", kid: "empty", pem: "" },
    { algorithm: "PS256", kid: "none", pem: rsa.publicKey.export(spki) },
  ];
  // A point that is not on its curve: only Envoy can tell.
  const off = {
    ...p256.publicKey.export({ format: "jwk" }),
    kid: "off",
    y: encode("y".repeat(32)),
  };
  const configuration = JSON.stringify({ jwks: JSON.stringify({ keys: [off] }), pems });
  const proxy = await proxyFor(t, { module, configuration });
  const body = async (kid: string, signer: Signer): Promise<string> => {
    const text = token(signer, { alg: signer.algorithm, kid }, GOOD);
    return (await proxy.send({ path: "/", headers: headersOf(text) })).body;
  };
  assert.equal(await body("right", ES256), "0 iss us");
  for (const kid of ["curve", "rsa", "off"])
    assert.equal(await body(kid, ES256), "10 wrong signature", kid);
  assert.equal(await body("point", RS256), "10 wrong signature");
  for (const kid of ["garbage", "empty"])
    assert.equal(await body(kid, RS256), "9 no key with this kid", kid);
  assert.equal(await body("right", ES256), "0 iss us");
  const logs = new Set(proxy.envoy.wasmLogs.map(({ text }) => text));
  assert.ok(logs.has("no key for PS256") && logs.has("no key for RS256"));
});

test("where Envoy forbids foreign functions every token is refused", async (t) => {
  const module = await buildFilter(t, FILTER);
  const keys = [{ ...p256.publicKey.export({ format: "jwk" }), kid: "p-256" }];
  const proxy = await proxyFor(t, {
    module,
    configuration: JSON.stringify({ jwks: JSON.stringify({ keys }), pems: [] }),
    allowedCapabilities: [
      "proxy_on_context_create",
      "proxy_on_vm_start",
      "proxy_on_configure",
      "proxy_on_request_headers",
      "proxy_on_delete",
      "proxy_get_buffer_bytes",
      "proxy_get_header_map_value",
      "proxy_send_local_response",
    ],
  });
  const headers = headersOf(token(ES256, headerOf(ES256), GOOD));
  assert.equal((await proxy.send({ path: "/", headers })).body, "10 wrong signature");
});

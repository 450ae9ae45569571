// Examples of RFC 7515, 7519 and 7520, and attacks.
import assert from "node:assert/strict";
import { createSign, generateKeyPairSync } from "node:crypto";
import { before, beforeEach, describe, test } from "node:test";
import { base64Url, JwtClient, nanoseconds, signParts, signToken } from "../testing/jwt-client.ts";

const SECRET = Buffer.from("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
const OTHER = Buffer.alloc(64, 0x5a);
const NOW = 1_700_000_000;
const HS256 = { alg: "HS256", typ: "JWT" };

let jwt: JwtClient;
before(async () => {
  jwt = await JwtClient.load();
});
beforeEach(() => {
  jwt.reset();
  jwt.addKey(256, SECRET);
});

/** Verifies a token of SECRET at NOW, or so many seconds later. */
const verify = (claims: unknown, header: unknown = HS256, later = 0): string =>
  jwt.verify(signToken(256, SECRET, header, claims), nanoseconds(NOW + later));

const GOOD = { exp: NOW + 600 };

describe("the examples of the standards", () => {
  const key = Buffer.from(
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
    "base64url",
  );
  const claims =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

  test("RFC 7515 A.1 and RFC 7519 3.1: HS256", () => {
    const token = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${claims}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`;
    jwt.reset({ issuer: "joe", clockSkew: 0 });
    jwt.addKey(256, key);
    assert.equal(jwt.verify(token, nanoseconds(1_300_819_379)), "None");
    assert.equal(jwt.claim("iss"), "joe");
    assert.equal(jwt.headerField("typ"), "JWT");
    assert.equal(jwt.verify(token, nanoseconds(1_300_819_380)), "Expired");
    jwt.reset();
    jwt.addKey(256, SECRET);
    assert.equal(jwt.verify(token, nanoseconds(1_300_819_379)), "BadSignature");
  });

  test("RFC 7515 A.2, A.3 and A.4: RS256, ES256 and ES512 are refused without a key", () => {
    for (const header of ["eyJhbGciOiJSUzI1NiJ9", "eyJhbGciOiJFUzI1NiJ9", "eyJhbGciOiJFUzUxMiJ9"]) {
      assert.equal(jwt.verify(`${header}.${claims}.AAAA`, nanoseconds(NOW)), "WrongAlgorithm");
      assert.equal(jwt.error, "no key for this alg");
    }
  });

  test("RFC 7520 4.2: PS384 is refused", () => {
    const header = "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9";
    assert.equal(jwt.verify(`${header}.${claims}.AAAA`, nanoseconds(NOW)), "UnsupportedAlgorithm");
    assert.equal(jwt.error, "alg not supported: PS*, EdDSA and ES256K");
  });

  test("RFC 7515 A.5 and RFC 7519 6.1: an unsecured token is refused", () => {
    assert.equal(jwt.verify(`eyJhbGciOiJub25lIn0.${claims}.`, nanoseconds(NOW)), "Unsigned");
  });

  test("RFC 7515 appendix E: crit is refused", () => {
    const token =
      "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.";
    assert.equal(jwt.verify(token, nanoseconds(NOW)), "CriticalExtension");
  });

  test("RFC 7520 4.4: the signature is right, the payload holds no claims", () => {
    const id = "018c0ae5-4d9b-471b-bfd6-eef314bc7037";
    const token =
      "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9" +
      ".SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4" +
      ".s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";
    jwt.reset();
    jwt.addKey(256, Buffer.from("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg", "base64url"), id);
    assert.equal(jwt.verify(token, nanoseconds(NOW)), "BadClaims");
    assert.equal(jwt.verify(`${token.slice(0, -1)}4`, nanoseconds(NOW)), "BadSignature");
    assert.equal(jwt.verify(token.replace(".SXT", ".SXS"), nanoseconds(NOW)), "BadSignature");
  });
});

describe("the algorithm is the key's", () => {
  test("each of HS256, HS384 and HS512 verifies its own tokens, and no other's", () => {
    for (const size of [256, 384, 512] as const) {
      jwt.reset();
      jwt.addKey(size, SECRET);
      for (const other of [256, 384, 512] as const) {
        const token = signToken(other, SECRET, { alg: `HS${other}` }, GOOD);
        const expected = size === other ? "None" : "WrongAlgorithm";
        assert.equal(jwt.verify(token, nanoseconds(NOW)), expected);
        // The hash of one under the name of another.
        const disguised = signToken(other, SECRET, { alg: `HS${size}` }, GOOD);
        assert.equal(
          jwt.verify(disguised, nanoseconds(NOW)),
          size === other ? "None" : "BadSignature",
        );
      }
    }
  });

  test("alg none is refused, however it is written and whatever is behind it", () => {
    // A key that takes anything must not be reached either.
    jwt.addCredulousKey("none");
    for (const signature of ["", "AAAA", signToken(256, SECRET, HS256, GOOD).split(".")[2] ?? ""]) {
      const token = `${base64Url('{"alg":"none"}')}.${base64Url(JSON.stringify(GOOD))}.${signature}`;
      assert.equal(jwt.verify(token, nanoseconds(NOW)), "Unsigned");
    }
    assert.equal(jwt.error, "alg none refused");
    assert.equal(verify(GOOD, { alg: "none" }), "Unsigned");
    for (const alg of [
      "None",
      "NONE",
      "nOnE",
      " none",
      "none ",
      "",
      "hs256",
      "HS256 ",
      "HS2560",
      "HS1",
    ])
      assert.equal(verify(GOOD, { alg }), "WrongAlgorithm", alg);
  });

  test("a public key can not be used as a secret: RS256 is not HS256", () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const pem = Buffer.from(publicKey.export({ type: "spki", format: "pem" }));
    // A verifier of RS256 tokens, and a token signed by HMAC with the key that all may know.
    jwt.reset();
    jwt.addCredulousKey("RS256");
    assert.equal(jwt.verify(signToken(256, pem, HS256, GOOD), nanoseconds(NOW)), "WrongAlgorithm");
    // The reverse: a verifier of HS256 tokens, and one that says RS256.
    jwt.reset();
    jwt.addKey(256, pem);
    const input = `${base64Url('{"alg":"RS256"}')}.${base64Url(JSON.stringify(GOOD))}`;
    const signature = createSign("sha256").update(input).sign(privateKey, "base64url");
    const rs256 = `${input}.${signature}`;
    assert.equal(jwt.verify(rs256, nanoseconds(NOW)), "WrongAlgorithm");
    const disguised = signToken(256, pem, { alg: "RS256" }, GOOD);
    assert.equal(jwt.verify(disguised, nanoseconds(NOW)), "WrongAlgorithm");
  });

  test("what nothing here can verify is named so", () => {
    for (const alg of ["PS256", "PS384", "PS512", "ES256K", "EdDSA", "Ed25519"])
      assert.equal(verify(GOOD, { alg }), "UnsupportedAlgorithm");
  });

  test("a class of the author's own takes its algorithm's tokens, and no others", () => {
    jwt.addCredulousKey("RS256", "a");
    assert.equal(verify(GOOD, { alg: "RS256" }), "None");
    assert.equal(verify(GOOD, { alg: "RS256", kid: "b" }), "UnknownKey");
    assert.equal(verify(GOOD, { alg: "ES256" }), "WrongAlgorithm");
    assert.equal(jwt.verify(signToken(256, OTHER, HS256, GOOD), nanoseconds(NOW)), "BadSignature");
  });

  test("a verifier without keys refuses everything", () => {
    jwt.reset();
    assert.equal(verify(GOOD), "WrongAlgorithm");
    assert.equal(verify(GOOD, { alg: "none" }), "Unsigned");
  });
});

describe("keys", () => {
  test("a secret shorter than the hash is refused, unless allowed; an empty one always is", () => {
    for (const size of [256, 384, 512] as const) {
      jwt.reset();
      const bytes = size / 8;
      assert.equal(jwt.addKey(size, SECRET.subarray(0, bytes - 1)), false);
      assert.equal(jwt.addTextKey(size, "x".repeat(bytes - 1)), false);
      assert.equal(jwt.addKey(size, SECRET.subarray(0, 0), undefined, 0), false);
      assert.equal(jwt.addKey(size, SECRET.subarray(0, 1), undefined, 2), false);
      assert.equal(jwt.addKey(size, SECRET.subarray(0, 1), undefined, 0), true);
      const token = signToken(size, SECRET.subarray(0, 1), { alg: `HS${size}` }, GOOD);
      assert.equal(jwt.verify(token, nanoseconds(NOW)), "None");
      jwt.reset();
      assert.equal(jwt.addKey(size, SECRET.subarray(0, bytes)), true);
      assert.equal(jwt.addTextKey(size, "é".repeat(bytes / 2)), true);
      const text = signToken(size, Buffer.from("é".repeat(bytes / 2)), { alg: `HS${size}` }, GOOD);
      assert.equal(jwt.verify(text, nanoseconds(NOW)), "None");
    }
  });

  test("kid selects; a key without id serves any kid, and a token without kid any key", () => {
    const having = (kid?: unknown, secret = SECRET): string =>
      jwt.verify(signToken(256, secret, { alg: "HS256", kid }, GOOD), nanoseconds(NOW));
    jwt.reset();
    jwt.addKey(256, SECRET, "a");
    jwt.addKey(256, OTHER, "b");
    assert.equal(having("a"), "None");
    assert.equal(having("b", OTHER), "None");
    assert.equal(having("b"), "BadSignature");
    assert.equal(having("a", OTHER), "BadSignature");
    assert.equal(having("c"), "UnknownKey");
    assert.equal(having(), "None");
    assert.equal(having(undefined, OTHER), "None");
    assert.equal(having(undefined, Buffer.alloc(32)), "BadSignature");
    jwt.addKey(256, Buffer.alloc(32));
    assert.equal(having("c", Buffer.alloc(32)), "None");
    assert.equal(having("c"), "BadSignature");
  });

  test("kid is compared and nothing else: paths, queries and code in it are a text", () => {
    jwt.reset();
    jwt.addKey(256, SECRET, "key");
    const kids = [
      "../../../../dev/null",
      "/dev/null",
      "./key",
      "key\u0000",
      "key/../key",
      "' UNION SELECT 'key",
      "| whoami",
      "https://evil.example/key",
      "KEY",
      "",
      "k\u00e9y",
      "x".repeat(5000),
    ];
    for (const kid of kids) {
      // As if the empty file, or what the attacker knows, were the secret.
      for (const secret of [Buffer.alloc(0), Buffer.alloc(1), SECRET]) {
        const token = signToken(256, secret, { alg: "HS256", kid }, GOOD);
        assert.equal(jwt.verify(token, nanoseconds(NOW)), "UnknownKey", kid);
      }
    }
    for (const kid of [1, null, true, ["key"], { key: "key" }])
      assert.equal(verify(GOOD, { alg: "HS256", kid }), "BadHeader");
  });

  test("keys that the token brings along are not looked at", () => {
    const k = base64Url(OTHER);
    const header = { alg: "HS256", jwk: { kty: "oct", k }, jku: "https://evil.example", x5c: [k] };
    assert.equal(jwt.verify(signToken(256, OTHER, header, GOOD), nanoseconds(NOW)), "BadSignature");
  });
});

describe("the form", () => {
  const token = signToken(256, SECRET, HS256, GOOD);
  const [header = "", claims = "", signature = ""] = token.split(".");
  const at = (text: string): string => jwt.verify(text, nanoseconds(NOW));

  test("is three parts", () => {
    assert.equal(at(token), "None");
    const texts = ["", ".", "a", header, `${header}.${claims}`, `${token}.`, `.${token}`];
    const more = [`${token}.${signature}`, `${header}..${claims}.${signature}`, "....", "Bearer"];
    for (const text of [...texts, ...more]) assert.equal(at(text), "Malformed", text);
    for (const text of ["..", `.${claims}.${signature}`]) assert.equal(at(text), "BadHeader", text);
    assert.equal(at(`${header}..${signature}`), "BadSignature");
    assert.equal(at(signParts(256, SECRET, `${header}.`)), "BadClaims");
    assert.equal(at(`${header}.${claims}.`), "BadSignature");
  });

  test("cut anywhere is refused", () => {
    for (let length = 0; length < token.length; length++) {
      assert.notEqual(at(token.slice(0, length)), "None");
      assert.notEqual(at(token.slice(length + 1)), "None");
    }
  });

  test("is refused with any character changed", () => {
    for (let i = 0; i < token.length; i++) {
      for (const other of ["A", "_", ".", "=", " ", "\u0000", "é", "\ud800"]) {
        if (token[i] === other) continue;
        assert.notEqual(at(token.slice(0, i) + other + token.slice(i + 1)), "None");
      }
    }
  });

  test("is base64url without padding, spaces or bits left over", () => {
    const parts = [header, claims, signature];
    for (const bad of [
      "=",
      "==",
      " ",
      "\n",
      "+",
      "/",
      "A",
      "%3D",
      "\u0000",
      "é",
      "\ud800",
      "\u017f",
    ]) {
      parts.forEach((part, i) => {
        const text = parts.with(
          i,
          bad === "A" ? part + "A".repeat(5 - (part.length % 4)) : part + bad,
        );
        const reason = at(text.join("."));
        // The claims are decoded after the signature has failed.
        assert.equal(reason, i === 1 ? "BadSignature" : "BadEncoding", JSON.stringify(text));
      });
      if (bad !== "A")
        assert.equal(at(signParts(256, SECRET, `${header}.${claims}${bad}`)), "BadEncoding");
    }
    // 32 bytes are 42 characters and 4 bits: the last character has two bits too many.
    const last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const index = last.indexOf(signature.slice(-1));
    for (let other = index - (index % 4); other < index - (index % 4) + 4; other++) {
      const text = token.slice(0, -1) + (last[other] ?? "");
      assert.equal(at(text), other === index ? "None" : "BadEncoding");
    }
  });

  test("is not longer than the limit", () => {
    jwt.reset({ maxSize: token.length });
    jwt.addKey(256, SECRET);
    assert.equal(at(token), "None");
    assert.equal(at(`${token}A`), "TooLong");
    jwt.reset({ maxSize: token.length - 1 });
    assert.equal(at(token), "TooLong");
    jwt.reset({ maxSize: -1 });
    assert.equal(at(""), "TooLong");
    jwt.reset();
    assert.equal(at("A".repeat(16_384)), "Malformed");
    assert.equal(at("A".repeat(16_385)), "TooLong");
    // A text of fewer characters than the limit, but of more bytes.
    assert.equal(at("€".repeat(6000)), "TooLong");
  });

  test("may have 16 MB where the limit allows it", () => {
    jwt.reset({ maxSize: 100_000_000 });
    jwt.addKey(256, SECRET);
    const huge = signToken(256, SECRET, HS256, { ...GOOD, text: "x".repeat(12_000_000) });
    assert.equal(at(huge), "None");
    assert.equal(at(".".repeat(16 * 1024 * 1024)), "Malformed");
    const deep = "[".repeat(8_000_000);
    assert.equal(at(signToken(256, SECRET, HS256, deep)), "BadClaims");
  });
});

describe("the header", () => {
  test("is a JSON object in UTF-8 with an alg", () => {
    const bad = [
      "",
      "{",
      "[]",
      "null",
      '"HS256"',
      "{}",
      '{"alg":1}',
      '{"alg":null}',
      '{"alg":["HS256"]}',
    ];
    const more = [
      '{"ALG":"HS256"}',
      '{"alg":"HS256"} x',
      "\ufeff{}",
      '{"alg":"HS256",}',
      "{'alg':'HS256'}",
    ];
    for (const header of [...bad, ...more]) assert.equal(verify(GOOD, header), "BadHeader", header);
    const ill = Buffer.concat([
      Buffer.from('{"alg":"HS256","x":"'),
      Buffer.of(0xff),
      Buffer.from('"}'),
    ]);
    const token = signParts(256, SECRET, `${base64Url(ill)}.${base64Url(JSON.stringify(GOOD))}`);
    assert.equal(jwt.verify(token, nanoseconds(NOW)), "BadHeader");
    assert.equal(verify(GOOD, String.raw`{"\u0061lg":"HS256","b64":true}`), "None");
  });

  test("has no key twice", () => {
    for (const header of ['{"alg":"HS256","alg":"none"}', '{"alg":"none","alg":"HS256"}'])
      assert.equal(verify(GOOD, header), "BadHeader");
    assert.equal(verify(GOOD, String.raw`{"alg":"HS256","\u0061lg":"HS256"}`), "BadHeader");
  });

  test("demands nothing", () => {
    for (const crit of [["exp"], [], ["b64"], null, "x", false])
      assert.equal(verify(GOOD, { ...HS256, crit }), "CriticalExtension");
    assert.equal(verify(GOOD, { ...HS256, crit: ["b64"], b64: false }), "CriticalExtension");
  });
});

describe("the claims", () => {
  test("are a JSON object in UTF-8", () => {
    const bad = ["", "[]", "null", "1", '"a"', "{", '{"exp":}', "\ufeff{}"];
    for (const claims of bad) assert.equal(verify(claims), "BadClaims", claims);
    const header = base64Url(JSON.stringify(HS256));
    for (const ill of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98]]) {
      const text = Buffer.concat([
        Buffer.from(`{"exp":${NOW + 600},"sub":"`),
        Buffer.from(ill),
        Buffer.from('"}'),
      ]);
      const token = signParts(256, SECRET, `${header}.${base64Url(text)}`);
      assert.equal(jwt.verify(token, nanoseconds(NOW)), "BadClaims");
    }
    assert.equal(verify({ ...GOOD, sub: "\u{1f600}\ufffd" }), "None");
    assert.equal(jwt.claim("sub"), "\u{1f600}\ufffd");
  });

  test("have no name twice, at any depth", () => {
    const past = NOW - 600;
    assert.equal(verify(`{"exp":${past},"exp":${NOW + 600}}`), "BadClaims");
    assert.equal(verify(`{"exp":${NOW + 600},"exp":${NOW + 600}}`), "BadClaims");
    assert.equal(verify(`{"sub":"a","exp":${NOW + 600},"\\u0073ub":"b"}`), "BadClaims");
    assert.equal(verify(`{"exp":${NOW + 600},"x":[{"a":1,"a":2}]}`), "BadClaims");
  });

  test("end by exp: not a moment later, but for the clocks' difference", () => {
    for (const skew of [0, 60, 3600]) {
      jwt.reset({ clockSkew: skew });
      jwt.addKey(256, SECRET);
      assert.equal(verify({ exp: NOW }, HS256, skew - 0.001), "None");
      assert.equal(verify({ exp: NOW }, HS256, skew), "Expired");
      assert.equal(verify({ exp: NOW }, HS256, skew + 0.001), "Expired");
      assert.equal(verify({ exp: NOW + 0.5 }, HS256, skew + 0.499), "None");
      assert.equal(verify({ exp: NOW + 0.5 }, HS256, skew + 0.5), "Expired");
    }
    jwt.reset({ clockSkew: 0xffff_ffff });
    jwt.addKey(256, SECRET);
    assert.equal(verify({ exp: 1 }), "None");
  });

  test("begin by nbf, and iat is not to come", () => {
    for (const [name, reason] of [
      ["nbf", "NotYetValid"],
      ["iat", "IssuedInFuture"],
    ] as const) {
      for (const skew of [0, 60]) {
        jwt.reset({ clockSkew: skew });
        jwt.addKey(256, SECRET);
        assert.equal(verify({ ...GOOD, [name]: NOW }, HS256, -skew), "None");
        assert.equal(verify({ ...GOOD, [name]: NOW }, HS256, -skew - 0.001), reason);
        assert.equal(verify({ ...GOOD, [name]: NOW + 0.25 }, HS256, 0.25 - skew), "None");
        assert.equal(verify({ ...GOOD, [name]: NOW + 0.25 }, HS256, 0.2 - skew), reason);
        assert.equal(verify({ ...GOOD, [name]: 0 }), "None");
        assert.equal(verify({ ...GOOD, [name]: -0 }), "None");
      }
    }
  });

  test("have times that are numbers, not negative, and before the year 10000", () => {
    const bad = ["-1", "-0.5", "253402300800", "1700000000000", "18446744073711251616", "1e300"];
    const more = [
      "1e400",
      "-1e400",
      '"1700000600"',
      "null",
      "true",
      "[1700000600]",
      "{}",
      `1${"0".repeat(5000)}`,
    ];
    for (const time of [...bad, ...more]) {
      assert.equal(verify(`{"exp":${time}}`), "BadTime", time);
      assert.equal(verify(`{"exp":${NOW + 600},"nbf":${time}}`), "BadTime", time);
      assert.equal(verify(`{"exp":${NOW + 600},"iat":${time}}`), "BadTime", time);
    }
    assert.equal(verify('{"exp":253402300799}'), "None");
    assert.equal(verify('{"exp":1.7000006e9}'), "None");
    assert.equal(verify('{"exp":0}'), "Expired");
    assert.equal(verify('{"exp":1e-400}'), "Expired");
  });

  test("have an exp, unless that is not asked for", () => {
    assert.equal(verify({ nbf: 1 }), "NoExpiration");
    jwt.reset({ requireExpiration: false });
    jwt.addKey(256, SECRET);
    assert.equal(verify({}), "None");
    assert.equal(verify({ exp: NOW - 600 }), "Expired");
  });

  test("are checked by a clock in nanoseconds: any other unit is refused", () => {
    const token = signToken(256, SECRET, HS256, GOOD);
    for (const now of [0n, BigInt(NOW), BigInt(NOW) * 1000n, BigInt(NOW) * 1_000_000n])
      assert.equal(jwt.verify(token, now), "BadClock");
    assert.equal(jwt.verify(token, 2n ** 64n - 1n), "Expired");
  });

  test("name the issuer that is wanted", () => {
    assert.equal(verify({ ...GOOD, iss: "anyone" }), "None");
    assert.equal(verify({ ...GOOD, iss: 5 }), "None");
    jwt.reset({ issuer: "https://issuer.example" });
    jwt.addKey(256, SECRET);
    assert.equal(verify({ ...GOOD, iss: "https://issuer.example" }), "None");
    const others = [
      "https://issuer.example/",
      "https://ISSUER.example",
      "",
      "https://issuer.exampl",
    ];
    for (const iss of [...others, undefined, null, 1, ["https://issuer.example"]])
      assert.equal(verify({ ...GOOD, iss }), "WrongIssuer");
  });

  test("are for us: one of our names in aud, a string or strings", () => {
    jwt.reset({ audiences: ["api", "web"] });
    jwt.addKey(256, SECRET);
    for (const aud of ["api", "web", ["api"], ["x", "web"], ["api", "web"]])
      assert.equal(verify({ ...GOOD, aud }), "None");
    const others = ["", "ap", "apiX", "API", "api,web", "api web"];
    const shapes = [
      undefined,
      null,
      1,
      true,
      {},
      { api: "api" },
      [],
      ["x"],
      [["api"]],
      ["api", 1],
      [null, "api"],
    ];
    for (const aud of [...others, ...shapes])
      assert.equal(verify({ ...GOOD, aud }), "WrongAudience", JSON.stringify(aud));
  });

  test("for somebody are for nobody when we have no name, unless any will do", () => {
    assert.equal(verify(GOOD), "None");
    for (const aud of ["api", ["api"], [], ""])
      assert.equal(verify({ ...GOOD, aud }), "WrongAudience");
    for (const audiences of [undefined, ["web"]]) {
      jwt.reset({ anyAudience: true, ...(audiences && { audiences }) });
      jwt.addKey(256, SECRET);
      for (const aud of [undefined, "api", ["api"], []])
        assert.equal(verify({ ...GOOD, aud }), "None");
    }
  });
});

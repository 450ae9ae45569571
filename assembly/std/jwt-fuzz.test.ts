// Differential fuzzing against a verifier made of Node's own parts, from a fixed seed.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  base64Url,
  type HmacSize,
  JwtClient,
  type JwtOptions,
  nanoseconds,
  type Reason,
  signParts,
} from "../testing/jwt-client.ts";
import { type OracleKey, verifyWithNode } from "../testing/jwt-oracle.ts";
import { Random } from "../testing/random.ts";

const TOKENS = 20_000;
const NOW = 1_700_000_000;

const KEYS: readonly [OracleKey, ...OracleKey[]] = [
  { size: 256, secret: Buffer.alloc(64, 1), id: "a" },
  { size: 256, secret: Buffer.alloc(64, 2), id: "b" },
  { size: 384, secret: Buffer.alloc(64, 3) },
  { size: 512, secret: Buffer.alloc(200, 4), id: "b" },
];

type Choice = readonly [unknown, ...unknown[]];

const TIMES: Choice = [
  NOW,
  NOW - 61,
  NOW + 61,
  NOW - 60,
  NOW + 60,
  NOW + 0.5,
  0,
  -1,
  1e12,
  "1",
  null,
];
const NAMES: Choice = ["us", "them", "", 5, null, "ú\u{1f600}"];
const PIECES = [
  "",
  ".",
  "=",
  "A",
  "_",
  "-",
  "+",
  "é",
  " ",
  "\u0000",
  "eyJ",
  "fQ",
  "\ud800",
] as const;

const OPTIONS: readonly [JwtOptions, ...JwtOptions[]] = [
  {},
  { issuer: "us", audiences: ["us", "we"] },
  { clockSkew: 0, requireExpiration: false },
  { anyAudience: true, clockSkew: 1, maxSize: 150 },
];

/** A token, most of the time a right one but for something. */
function randomToken(random: Random): string {
  const key = random.pick(KEYS);
  const header: Record<string, unknown> = { alg: `HS${key.size}` };
  if (random.once(2)) header["kid"] = random.once(4) ? random.pick(["a", "b", "c", 1]) : key.id;
  if (random.once(20))
    header["alg"] = random.pick(["HS256", "HS384", "none", "RS256", "PS256", "x", 1]);
  if (random.once(40)) header["crit"] = [];
  const claims: Record<string, unknown> = {};
  if (!random.once(8)) claims["exp"] = random.once(2) ? NOW + 600 : random.pick(TIMES);
  if (random.once(4)) claims["nbf"] = random.pick(TIMES);
  if (random.once(4)) claims["iat"] = random.pick(TIMES);
  if (random.once(2)) claims["iss"] = random.once(2) ? "us" : random.pick(NAMES);
  if (random.once(2))
    claims["aud"] = random.once(2)
      ? random.pick(NAMES)
      : Array.from({ length: random.below(3) }, () => random.pick(NAMES));
  let [front, back] = [JSON.stringify(header), JSON.stringify(claims)];
  if (random.once(20))
    back = damage(random, back, ['"', "{", "}", ",", '"exp":1,', "\\", "\ufeff"]);
  if (random.once(20)) front = damage(random, front, ['"', "{", "}", ",", '"alg":"none",', "\\"]);
  const size: HmacSize = random.once(20) ? random.pick([256, 384, 512]) : key.size;
  const input = `${base64Url(front)}.${base64Url(random.once(50) ? Buffer.from(back, "latin1") : back)}`;
  const token = signParts(
    size,
    key.secret,
    random.once(20) ? damage(random, input, PIECES) : input,
  );
  return random.once(3) ? damage(random, token, PIECES) : token;
}

/** The text with a few characters replaced by a piece. */
function damage(random: Random, text: string, pieces: readonly [string, ...string[]]): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(pieces) + text.slice(at + random.below(3));
}

let jwt: JwtClient;
before(async () => {
  jwt = await JwtClient.load();
});

test(`gives ${TOKENS} tokens the reason that a verifier made of Node's parts gives`, () => {
  const random = new Random(7519);
  const seen = new Map<Reason, number>();
  for (let i = 0; i < TOKENS; i++) {
    const options = OPTIONS[Math.floor((i * OPTIONS.length) / TOKENS)] ?? {};
    if (i % 200 === 0) {
      jwt.reset(options);
      for (const { size, secret, id } of KEYS) jwt.addKey(size, secret, id);
    }
    const token = randomToken(random);
    const expected = verifyWithNode(token, KEYS, options, NOW);
    const reason = jwt.verify(token, nanoseconds(NOW));
    if (reason !== expected)
      throw new Error(`token ${i}: ${reason}, not ${expected}: ${JSON.stringify(token)}`);
    seen.set(reason, (seen.get(reason) ?? 0) + 1);
  }
  // Enough of every kind; the other tests have the time in other units.
  assert.equal(seen.size, 19, JSON.stringify([...seen]));
  assert.ok((seen.get("None") ?? 0) > TOKENS / 20, JSON.stringify([...seen]));
});

// Fuzzing of tokens beside a verifier made of Node's own parts.
import {
  base64Url,
  type HmacSize,
  JwtClient,
  type JwtOptions,
  nanoseconds,
  REASONS,
  signParts,
} from "../testing/jwt-client.ts";
import { type OracleKey, verifyWithNode } from "../testing/jwt-oracle.ts";
import { defineFuzz, type Fuzz } from "../testing/fuzz.ts";
import type { Random } from "../testing/random.ts";

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

const jwt = defineFuzz<{ readonly token: string; readonly options: JwtOptions }>({
  name: "jwt",
  input: (random) => ({ options: random.pick(OPTIONS), token: randomToken(random) }),
  async load() {
    const client = await JwtClient.load();
    // A verifier is made anew where another one is wanted, and after garbage was collected.
    let current: JwtOptions | undefined;
    return {
      compare({ token, options }) {
        if (current !== options) {
          client.reset(options);
          for (const { size, secret, id } of KEYS) client.addKey(size, secret, id);
          current = options;
        }
        const expected = verifyWithNode(token, KEYS, options, NOW);
        const reason = client.verify(token, nanoseconds(NOW));
        if (reason !== expected) throw new Error(`${reason}, not ${expected}`);
        return reason;
      },
      collect: () => {
        client.driver.collect();
      },
    };
  },
  // All reasons but the one that the clock gives.
  shares: Object.fromEntries(
    REASONS.filter((reason) => reason !== "BadClock").map((reason) => [
      reason,
      reason === "None" ? 0.05 : 0.0001,
    ]),
  ),
});

export const fuzzes: readonly Fuzz[] = [jwt];

// A verifier of tokens made of Node's own parts, to compare with.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { HmacSize, JwtOptions, Reason } from "./jwt-client.ts";

export interface OracleKey {
  readonly size: HmacSize;
  readonly secret: Uint8Array;
  readonly id?: string;
}

type Members = Readonly<Record<string, unknown>>;

/** The reason for which a token is refused at `now`, in seconds. */
export function verifyWithNode(
  token: string,
  keys: readonly OracleKey[],
  options: JwtOptions,
  now: number,
): Reason {
  if (Buffer.byteLength(token) > (options.maxSize ?? 16_384)) return "TooLong";
  const parts = token.split(".");
  const [first, second, third] = parts;
  if (first === undefined || second === undefined || third === undefined || parts.length > 3)
    return "Malformed";
  const header = decodeObject(first);
  if (header === "encoding") return "BadEncoding";
  if (header === "json") return "BadHeader";
  const signature = decodeBase64Url(third);
  if (!signature) return "BadEncoding";
  const fault = checkSignature(header, `${first}.${second}`, signature, keys);
  if (fault !== "None") return fault;
  const claims = decodeObject(second);
  if (claims === "encoding") return "BadEncoding";
  if (claims === "json") return "BadClaims";
  return checkClaims(claims, options, now);
}

function checkSignature(
  header: Members,
  input: string,
  signature: Uint8Array,
  keys: readonly OracleKey[],
): Reason {
  const { alg, kid } = header;
  if (typeof alg !== "string") return "BadHeader";
  if ("kid" in header && typeof kid !== "string") return "BadHeader";
  if ("crit" in header) return "CriticalExtension";
  if (alg === "none") return "Unsigned";
  if (/^(PS|Ed|ES256K$)/.test(alg)) return "UnsupportedAlgorithm";
  const sameAlgorithm = keys.filter(({ size }) => alg === `HS${size}`);
  if (sameAlgorithm.length === 0) return "WrongAlgorithm";
  const fitting = sameAlgorithm.filter(
    ({ id }) => id === undefined || kid === undefined || id === kid,
  );
  if (fitting.length === 0) return "UnknownKey";
  const right = fitting.some(({ size, secret }) => {
    const mac = createHmac(`sha${size}`, secret).update(input).digest();
    return mac.length === signature.length && timingSafeEqual(mac, signature);
  });
  return right ? "None" : "BadSignature";
}

function checkClaims(claims: Members, options: JwtOptions, now: number): Reason {
  const { exp, nbf, iat, iss, aud } = claims;
  const skew = options.clockSkew ?? 60;
  for (const time of [exp, nbf, iat]) {
    if (time === undefined) continue;
    if (typeof time !== "number" || time < 0 || time > Date.UTC(9999, 11, 31, 23, 59, 59) / 1000)
      return "BadTime";
  }
  if (exp === undefined && (options.requireExpiration ?? true)) return "NoExpiration";
  if (typeof exp === "number" && now >= exp + skew) return "Expired";
  if (typeof nbf === "number" && now < nbf - skew) return "NotYetValid";
  if (typeof iat === "number" && now < iat - skew) return "IssuedInFuture";
  if (options.issuer !== undefined && iss !== options.issuer) return "WrongIssuer";
  if (options.anyAudience) return "None";
  const ours: readonly unknown[] = options.audiences ?? [];
  const theirs: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (aud === undefined) return ours.length === 0 ? "None" : "WrongAudience";
  if (theirs.some((name) => typeof name !== "string")) return "WrongAudience";
  return theirs.some((name) => ours.includes(name)) ? "None" : "WrongAudience";
}

function decodeBase64Url(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : null;
}

function decodeObject(text: string): Members | "encoding" | "json" {
  const bytes = decodeBase64Url(text);
  if (!bytes) return "encoding";
  try {
    const json = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(json) as unknown;
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject && !hasDuplicateName(json) ? (value as Members) : "json";
  } catch {
    return "json";
  }
}

/** Whether an object in a valid JSON text has a name twice. */
function hasDuplicateName(json: string): boolean {
  const open: Set<string>[] = [];
  for (const [token, name] of json.matchAll(/[{}]|("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (name !== undefined) {
      const names = open.at(-1);
      const key = JSON.parse(name) as string;
      if (names?.has(key)) return true;
      names?.add(key);
    }
  }
  return false;
}

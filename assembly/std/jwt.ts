// JSON Web Tokens (RFC 7519) in the compact serialisation of JWS (RFC 7515), verified as RFC 8725
// advises: the key says which algorithm it is for, never the token; nothing that a header points to
// (`jku`, `x5u`, `jwk`, `x5c`) is looked at; claims are not read before the signature is right.
import { base64UrlDecodeBytes } from "./base64";
import { Json, JsonKind } from "./json";
import { textOf } from "./jwt/fields";
import { JwtKey } from "./jwt/key";
import { describeReason, JwtReason } from "./jwt/reason";
import { utf8Decode, utf8Encode } from "./utf8";
import { isUtf8 } from "./utf8-validate";

export { Hs256Key, Hs384Key, Hs512Key, JwtKey } from "./jwt/key";
export { JwtReason } from "./jwt/reason";

// @ts-ignore: decorator
@inline
const DOT: u8 = 0x2e;

/** The end of the year 9999 in seconds: later times are slips (milliseconds) or attacks. */
// @ts-ignore: decorator
@inline
const MAX_TIME: f64 = 253_402_300_799;

/** 2001-09-09 in nanoseconds; today's time in seconds, milliseconds or microseconds is below. */
// @ts-ignore: decorator
@inline
const MIN_NOW: u64 = 1_000_000_000_000_000_000;

/** What `JwtVerifier.verify` answers: the claims, or a reason. */
@final
export class JwtResult {
  constructor(
    /** Why the token was refused; `JwtReason.None` when it was not. */
    readonly reason: JwtReason,
    /** The claims of a token that is right in every respect; else `null`. */
    readonly claims: Json | null,
    /** The header of such a token; else `null`. */
    readonly header: Json | null,
  ) {}

  /** The reason in words, for a log; `null` when the token is right. It quotes nothing of it. */
  get error(): string | null {
    return describeReason(this.reason);
  }
}

/**
 * Verifies tokens against keys. Make it once, in `onConfigure`:
 *
 * ```ts
 * const key = Hs256Key.fromText(config.string("secret", ""));
 * if (!key) return false; // shorter than 32 bytes
 * this.verifier.keys.push(key);
 * this.verifier.issuer = "https://issuer.example";
 * this.verifier.audiences = ["api"];
 * ```
 *
 * and for each request:
 *
 * ```ts
 * const result = verifier.verify(token, now);
 * const claims = result.claims;
 * if (!claims) return deny(result.error);
 * const subject = claims.string("sub", "");
 * ```
 */
export class JwtVerifier {
  /**
   * The keys. Used for a token are those of its `alg`, and where both it and the key have an id,
   * only those of its `kid`, which is compared and nothing else. One that fits is enough.
   */
  keys: JwtKey[] = [];

  /** What `iss` must be; `null`: anything. */
  issuer: string | null = null;

  /**
   * Names of ours, one of which `aud` must have. Empty: tokens that have an `aud` are not for us
   * (RFC 7519, section 4.1.3) and are refused.
   */
  audiences: string[] = [];

  /** True: any `aud` will do, or none, whatever `audiences` holds. */
  anyAudience: bool = false;

  /** How far the clocks may differ, in seconds. */
  clockSkew: u32 = 60;

  /** Whether tokens without `exp`, which never end, are refused. */
  requireExpiration: bool = true;

  /** How long a token may be, in bytes. */
  maxSize: i32 = 16_384;

  /**
   * Verifies a token, without `Bearer ` in front of it. `now` is the time in nanoseconds since 1970,
   * as Envoy tells it. Never traps.
   */
  verify(token: string, now: u64): JwtResult {
    // Before anything is copied; no text has more units than bytes.
    if (token.length > this.maxSize) return refuse(JwtReason.TooLong);
    return this.verifyBytes(utf8Encode(token), now);
  }

  /** As `verify`, with the characters as bytes. */
  verifyBytes(token: Uint8Array, now: u64): JwtResult {
    if (token.length > this.maxSize) return refuse(JwtReason.TooLong);
    const first = token.indexOf(DOT);
    const second = first < 0 ? -1 : token.indexOf(DOT, first + 1);
    if (second < 0 || token.indexOf(DOT, second + 1) >= 0) return refuse(JwtReason.Malformed);

    const header = decodeObject(token, 0, first, JwtReason.BadHeader);
    if (!header) return refuse(decodeFault);
    const signature = base64UrlDecodeBytes(token.subarray(second + 1));
    if (signature.error != null) return refuse(JwtReason.BadEncoding);
    const keyFault = this.checkSignature(header, token.subarray(0, second), signature.value);
    if (keyFault) return refuse(keyFault);

    const claims = decodeObject(token, first + 1, second, JwtReason.BadClaims);
    if (!claims) return refuse(decodeFault);
    const fault = this.checkClaims(claims, now);
    return fault ? refuse(fault) : new JwtResult(JwtReason.None, claims, header);
  }

  private checkSignature(header: Json, input: Uint8Array, signature: Uint8Array): JwtReason {
    const algorithm = textOf(header.get("alg"));
    const kid = header.get("kid");
    const id = textOf(kid);
    if (algorithm == null || (kid && id == null)) return JwtReason.BadHeader;
    if (header.has("crit")) return JwtReason.CriticalExtension;
    // Whatever the keys are.
    if (algorithm == "none") return JwtReason.Unsigned;

    let fault = isUnsupported(algorithm)
      ? JwtReason.UnsupportedAlgorithm
      : JwtReason.WrongAlgorithm;
    for (let i = 0; i < this.keys.length; i++) {
      const key = this.keys[i];
      if (key.algorithm != algorithm) continue;
      if (id != null && key.id != null && key.id != id) {
        if (fault != JwtReason.BadSignature) fault = JwtReason.UnknownKey;
        continue;
      }
      if (key.verify(input, signature)) return JwtReason.None;
      fault = JwtReason.BadSignature;
    }
    return fault;
  }

  private checkClaims(claims: Json, now: u64): JwtReason {
    if (now < MIN_NOW) return JwtReason.BadClock;
    // In two parts: as one number the nanoseconds are more than a double holds.
    const seconds = <f64>(now / 1_000_000_000) + <f64>(now % 1_000_000_000) / 1e9;
    const skew = <f64>this.clockSkew;
    const expiration = timeOf(claims, "exp", Infinity);
    const notBefore = timeOf(claims, "nbf", 0);
    const issuedAt = timeOf(claims, "iat", 0);
    if (isNaN(expiration + notBefore + issuedAt)) return JwtReason.BadTime;
    if (this.requireExpiration && expiration == Infinity) return JwtReason.NoExpiration;
    if (seconds >= expiration + skew) return JwtReason.Expired;
    if (seconds < notBefore - skew) return JwtReason.NotYetValid;
    if (seconds < issuedAt - skew) return JwtReason.IssuedInFuture;

    const issuer = this.issuer;
    if (issuer != null && textOf(claims.get("iss")) != issuer) return JwtReason.WrongIssuer;
    return this.anyAudience || this.isAudience(claims.get("aud"))
      ? JwtReason.None
      : JwtReason.WrongAudience;
  }

  /** Whether `aud` names us; without one, whether we want none. */
  private isAudience(aud: Json | null): bool {
    if (!aud) return this.audiences.length == 0;
    if (aud.kind != JsonKind.Array) return this.hasAudience(aud);
    let found = false;
    for (let i = 0; i < aud.length; i++) {
      const one = aud.at(i);
      if (one.kind != JsonKind.String) return false;
      found = found || this.hasAudience(one);
    }
    return found;
  }

  private hasAudience(name: Json): bool {
    const text = textOf(name);
    return text != null && this.audiences.includes(text);
  }
}

function refuse(reason: JwtReason): JwtResult {
  return new JwtResult(reason, null, null);
}

// AssemblyScript functions have one result: why the last `decodeObject` answered `null`.
// @ts-ignore: decorator
@lazy
let decodeFault: JwtReason = JwtReason.None;

/** The JSON object in a part of the token; `null`, and the reason in `decodeFault`. */
function decodeObject(token: Uint8Array, start: i32, end: i32, otherwise: JwtReason): Json | null {
  const bytes = base64UrlDecodeBytes(token.subarray(start, end));
  decodeFault = bytes.error != null ? JwtReason.BadEncoding : otherwise;
  if (bytes.error != null || !isUtf8(bytes.value)) return null;
  const json = Json.parse(utf8Decode(bytes.value));
  return json.kind == JsonKind.Object ? json : null;
}

/** A NumericDate in seconds; `fallback` when it is absent, NaN when it is none. */
function timeOf(claims: Json, name: string, fallback: f64): f64 {
  const node = claims.get(name);
  if (!node) return fallback;
  if (node.kind != JsonKind.Number) return NaN;
  const time = node.asNumber();
  // A number beyond all doubles is an error of the document.
  return claims.error == null && time >= 0 && time <= MAX_TIME ? time : NaN;
}

/** Whether `alg` is one of RFC 7518 and RFC 8037 that no key here is for. */
function isUnsupported(algorithm: string): bool {
  return algorithm.startsWith("PS") || algorithm.startsWith("Ed") || algorithm == "ES256K";
}

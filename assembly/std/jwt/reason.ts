/** Why a token was refused: the closed set. `describeReason` has the words. */
export const enum JwtReason {
  /** It was not. */
  None = 0,
  /** Longer than the verifier's `maxSize`. */
  TooLong = 1,
  /** Not three parts with dots between them. */
  Malformed = 2,
  /** A part is not base64url as RFC 7515 wants it: other characters, padding, bits left over. */
  BadEncoding = 3,
  /** The header is no JSON object in UTF-8, has a key twice, or an `alg` or `kid` of wrong type. */
  BadHeader = 4,
  /** The header has `crit`: it demands an extension, and none is known here. */
  CriticalExtension = 5,
  /** `alg` is `none`: the token is not signed. */
  Unsigned = 6,
  /** `alg` is one that nothing here can verify: PS*, EdDSA, ES256K. */
  UnsupportedAlgorithm = 7,
  /** No key of the verifier is for the token's `alg`. */
  WrongAlgorithm = 8,
  /** Keys for the `alg` there are, but none for the token's `kid`. */
  UnknownKey = 9,
  /** The signature is not that of any key that fits. */
  BadSignature = 10,
  /** Signed, but the claims are no JSON object in UTF-8, or have a key twice. */
  BadClaims = 11,
  /** `exp`, `nbf` or `iat` is no number, negative or beyond the year 9999. */
  BadTime = 12,
  /** It has no `exp`, and the verifier wants one. */
  NoExpiration = 13,
  /** `exp` is over. */
  Expired = 14,
  /** `nbf` is still to come. */
  NotYetValid = 15,
  /** `iat` is still to come. */
  IssuedInFuture = 16,
  /** `iss` is not the verifier's issuer, absent, or no string. */
  WrongIssuer = 17,
  /** `aud` has none of the verifier's audiences, is absent, or neither string nor strings. */
  WrongAudience = 18,
  /** The time that the caller gave is before 2001: it is not in nanoseconds. */
  BadClock = 19,
}

/** A reason in words; `null` for None. They hold nothing of the token. */
export function describeReason(reason: JwtReason): string | null {
  switch (reason) {
    case JwtReason.None:
      return null;
    case JwtReason.TooLong:
      return "token too long";
    case JwtReason.Malformed:
      return "not a compact JWS";
    case JwtReason.BadEncoding:
      return "not base64url";
    case JwtReason.BadHeader:
      return "invalid header";
    case JwtReason.CriticalExtension:
      return "crit not supported";
    case JwtReason.Unsigned:
      return "alg none refused";
    case JwtReason.UnsupportedAlgorithm:
      return "alg not supported: PS*, EdDSA and ES256K";
    case JwtReason.WrongAlgorithm:
      return "no key for this alg";
    case JwtReason.UnknownKey:
      return "no key with this kid";
    case JwtReason.BadSignature:
      return "wrong signature";
    case JwtReason.BadClaims:
      return "invalid claims";
    case JwtReason.BadTime:
      return "invalid exp, nbf or iat";
    case JwtReason.NoExpiration:
      return "exp missing";
    case JwtReason.Expired:
      return "expired";
    case JwtReason.NotYetValid:
      return "not valid yet";
    case JwtReason.IssuedInFuture:
      return "issued in the future";
    case JwtReason.WrongIssuer:
      return "wrong issuer";
    case JwtReason.WrongAudience:
      return "wrong audience";
  }
  return "clock not in nanoseconds";
}

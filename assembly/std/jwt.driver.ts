// What jwt.test.ts and jwt-fuzz.test.ts call: one verifier, and the result of its last call.
import { Hs256Key, Hs384Key, Hs512Key, JwtKey, JwtReason, JwtResult, JwtVerifier } from "./jwt";

let verifier: JwtVerifier = new JwtVerifier();
let result: JwtResult = new JwtResult(JwtReason.None, null, null);

/** A key that takes any signature, of an algorithm that is the author's. */
@final
class CredulousKey extends JwtKey {
  constructor(algorithm: string, id: string | null) {
    super(algorithm, id);
  }

  override verify(input: Uint8Array, signature: Uint8Array): bool {
    return input.length > 0 && signature.length >= 0;
  }
}

/** A verifier with its defaults and no keys. */
export function reset(): void {
  verifier = new JwtVerifier();
  result = new JwtResult(JwtReason.None, null, null);
}

function add(key: JwtKey | null): bool {
  if (key) verifier.keys.push(key);
  return key != null;
}

/** Adds a key; false when it is refused. `minSize` -1: the default. */
export function addKey(size: i32, secret: ArrayBuffer, id: string | null, minSize: i32): bool {
  const bytes = Uint8Array.wrap(secret);
  if (minSize < 0) {
    if (size == 256) return add(Hs256Key.fromBytes(bytes, id));
    if (size == 384) return add(Hs384Key.fromBytes(bytes, id));
    return add(Hs512Key.fromBytes(bytes, id));
  }
  if (size == 256) return add(Hs256Key.fromBytes(bytes, id, minSize));
  if (size == 384) return add(Hs384Key.fromBytes(bytes, id, minSize));
  return add(Hs512Key.fromBytes(bytes, id, minSize));
}

export function addTextKey(size: i32, secret: string, id: string | null): bool {
  if (size == 256) return add(Hs256Key.fromText(secret, id));
  if (size == 384) return add(Hs384Key.fromText(secret, id));
  return add(Hs512Key.fromText(secret, id));
}

export function addCredulousKey(algorithm: string, id: string | null): void {
  add(new CredulousKey(algorithm, id));
}

export function setIssuer(issuer: string | null): void {
  verifier.issuer = issuer;
}

/** `audiences` parted by line breaks. */
export function setAudiences(audiences: string): void {
  verifier.audiences = audiences.split("\n");
}

export function setAnyAudience(any: bool): void {
  verifier.anyAudience = any;
}

export function setClockSkew(seconds: u32): void {
  verifier.clockSkew = seconds;
}

export function setRequireExpiration(required: bool): void {
  verifier.requireExpiration = required;
}

export function setMaxSize(size: i32): void {
  verifier.maxSize = size;
}

export function verify(token: string, now: u64): i32 {
  result = verifier.verify(token, now);
  return result.reason;
}

export function verifyBytes(token: ArrayBuffer, now: u64): i32 {
  result = verifier.verifyBytes(Uint8Array.wrap(token), now);
  return result.reason;
}

export function error(): string | null {
  return result.error;
}

/** Whether there are claims and a header; both or none. */
export function hasClaims(): bool {
  return result.claims != null && result.header != null;
}

export function hasAnything(): bool {
  return result.claims != null || result.header != null;
}

/** A claim that is a string; `null` when there is none. */
export function claim(name: string): string | null {
  const claims = result.claims;
  if (!claims) return null;
  const value = claims.get(name);
  return value ? value.asString() : null;
}

/** The error that verifying has left on the claims. */
export function claimsError(): string | null {
  const claims = result.claims;
  return claims ? claims.error : "no claims";
}

export function headerField(name: string): string {
  const header = result.header;
  return header ? header.string(name, "") : "";
}

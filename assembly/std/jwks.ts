// JSON Web Key Sets (RFC 7517, 7518): the keys that an issuer publishes, ready to verify tokens by.
import { base64UrlDecode } from "./base64";
import { Json, JsonKind } from "./json";
import { decimal } from "./json/path";
import { pointToDer, rsaToDer } from "./jwt/der";
import { textOf } from "./jwt/fields";

/** What `JwkSet.parse` allows. */
export class JwksOptions {
  /** How many keys a set may have: a token without a `kid` is tried with all of its `alg`. */
  maxKeys: i32 = 64;
  /** How long a set may be, in UTF-16 code units. */
  maxSize: i32 = 262_144;
  /** The algorithm of RSA keys that name none: RS256, RS384 or RS512. */
  rsaAlgorithm: string = "RS256";
  /** How short the modulus of an RSA key may be, in bits. RFC 7518 wants 2048 at least. */
  minRsaBits: i32 = 2048;
  /**
   * Whether secrets (`"kty":"oct"`, for HS256, HS384 and HS512) are taken. Not from a set that is
   * published: whoever can read it could sign.
   */
  allowSecrets: bool = false;
}

/** A key that verifies tokens of one algorithm. */
@final
export class Jwk {
  constructor(
    /** RS256, RS384, RS512, ES256, ES384, ES512; HS256, HS384 or HS512 for secrets. */
    readonly algorithm: string,
    /** The `kid`; `null` when it has none. */
    readonly id: string | null,
    /** A public key as SubjectPublicKeyInfo in DER; the bytes of a secret. */
    readonly bytes: Uint8Array,
  ) {}
}

/**
 * A set of keys.
 *
 * ```ts
 * const set = JwkSet.parse(text);
 * const error = set.error;
 * if (error != null) {
 *   log.error(error);
 *   return false;
 * }
 * for (let i = 0; i < set.skipped.length; i++) log.warn(set.skipped[i]);
 * verifier.keys = jwtKeysOf(set);
 * ```
 */
@final
export class JwkSet {
  /** The keys that can verify tokens, in the order of the text. */
  readonly keys: Jwk[] = [];
  /**
   * Why keys were left out, one text for each: `keys[1]: use is not sig`. RFC 7517 wants sets to be
   * used that have keys nobody here understands.
   */
  readonly skipped: string[] = [];

  private constructor(
    /** Why there are no keys at all: the text is no set, or beyond a limit; else `null`. */
    readonly error: string | null,
  ) {}

  /**
   * Reads a set. A key is left out unless it is an RSA key of 2048 to 8192 bits or one on P-256,
   * P-384 or P-521, and its `alg`, `use` and `key_ops`, where it has them, say that it verifies
   * signatures of an algorithm that is its own; a private key is left out too, it should not be
   * here. Whether a point is on its curve is found out when a token is verified. Never traps.
   */
  static parse(text: string, options: JwksOptions = new JwksOptions()): JwkSet {
    if (text.length > options.maxSize) return new JwkSet("jwks: text too long");
    const root = Json.parse(text);
    const error = root.error;
    if (error != null) return new JwkSet("jwks: " + error);
    const keys = root.kind == JsonKind.Object ? root.get("keys") : null;
    if (!keys || keys.kind != JsonKind.Array) return new JwkSet("jwks: no array of keys");
    const count = keys.length;
    if (count > options.maxKeys) {
      return new JwkSet("jwks: more keys than " + decimal(options.maxKeys));
    }
    const set = new JwkSet(null);
    for (let i = 0; i < count; i++) {
      const key = readKey(keys.at(i), options);
      if (key) set.keys.push(key);
      else set.skipped.push("keys[" + decimal(i) + "]: " + fault);
    }
    return set;
  }
}

// AssemblyScript functions have one result: why the last `readKey` answered `null`.
// @ts-ignore: decorator
@lazy
let fault: string = "";

function skip(reason: string): Jwk | null {
  fault = reason;
  return null;
}

function readKey(key: Json, options: JwksOptions): Jwk | null {
  if (key.kind != JsonKind.Object) return skip("no object");
  const type = textOf(key.get("kty"));
  const algorithm = textOf(key.get("alg"));
  const id = textOf(key.get("kid"));
  if (algorithm == null && key.has("alg")) return skip("alg is no string");
  if (id == null && key.has("kid")) return skip("kid is no string");
  if (key.has("use") && textOf(key.get("use")) != "sig") return skip("use is not sig");
  if (!mayVerify(key.get("key_ops"))) return skip("key_ops has no verify");
  if (type == "oct") return readSecret(key, algorithm, id, options);
  if (key.has("d")) return skip("a private key");
  if (type == "RSA") return readRsa(key, algorithm, id, options);
  if (type == "EC") return readPoint(key, algorithm, id);
  return skip("kty is not RSA or EC");
}

function readRsa(
  key: Json,
  alg: string | null,
  id: string | null,
  options: JwksOptions,
): Jwk | null {
  const algorithm = alg != null ? alg : options.rsaAlgorithm;
  if (!isOneOf(algorithm, "RS")) return skip("alg is not RS256, RS384 or RS512");
  const modulus = bytesOf(key, "n");
  const exponent = bytesOf(key, "e");
  if (!modulus || !exponent) return skip("n or e is not base64url");
  const bits = bitsOf(modulus);
  if (bits < options.minRsaBits || bits > 8192 || !isOdd(modulus)) {
    return skip("n is even or not of " + decimal(options.minRsaBits) + " to 8192 bits");
  }
  const exponentBits = bitsOf(exponent);
  if (exponentBits < 2 || exponentBits > 32 || !isOdd(exponent)) {
    return skip("e is even or not of 2 to 32 bits");
  }
  return new Jwk(algorithm, id, rsaToDer(modulus, exponent));
}

function readPoint(key: Json, alg: string | null, id: string | null): Jwk | null {
  const curve = textOf(key.get("crv"));
  let algorithm: string;
  let size: i32;
  if (curve == "P-256") {
    algorithm = "ES256";
    size = 32;
  } else if (curve == "P-384") {
    algorithm = "ES384";
    size = 48;
  } else if (curve == "P-521") {
    algorithm = "ES512";
    size = 66;
  } else {
    return skip("crv is not P-256, P-384 or P-521");
  }
  if (alg != null && alg != algorithm) return skip("alg is not " + algorithm);
  const x = bytesOf(key, "x");
  const y = bytesOf(key, "y");
  if (!x || !y || x.length != size || y.length != size) {
    return skip("x or y is not base64url of " + decimal(size) + " bytes");
  }
  return new Jwk(algorithm, id, pointToDer(x, y));
}

function readSecret(
  key: Json,
  alg: string | null,
  id: string | null,
  options: JwksOptions,
): Jwk | null {
  if (!options.allowSecrets) return skip("a secret, which is not allowed");
  if (alg == null || !isOneOf(alg, "HS")) return skip("alg is not HS256, HS384 or HS512");
  const secret = bytesOf(key, "k");
  if (!secret) return skip("k is not base64url");
  const size = alg == "HS256" ? 32 : alg == "HS384" ? 48 : 64;
  if (secret.length < size) return skip("k is shorter than " + decimal(size) + " bytes");
  return new Jwk(alg, id, secret);
}

/** Whether a key's `key_ops`, if it has them, are strings and have `verify`. */
function mayVerify(operations: Json | null): bool {
  if (!operations) return true;
  if (operations.kind != JsonKind.Array) return false;
  let found = false;
  for (let i = 0; i < operations.length; i++) {
    const operation = textOf(operations.at(i));
    if (operation == null) return false;
    found = found || operation == "verify";
  }
  return found;
}

/** Whether it is one of the three algorithms of a family. */
function isOneOf(algorithm: string, family: string): bool {
  return algorithm == family + "256" || algorithm == family + "384" || algorithm == family + "512";
}

/** The bytes of a member in base64url; `null` when it is not. */
function bytesOf(key: Json, name: string): Uint8Array | null {
  const text = textOf(key.get(name));
  if (text == null) return null;
  const bytes = base64UrlDecode(text);
  return bytes.error == null ? bytes.value : null;
}

/** How many bits a number has, from its first 1 on. */
function bitsOf(bytes: Uint8Array): i32 {
  let i = 0;
  while (i < bytes.length && !unchecked(bytes[i])) i++;
  if (i == bytes.length) return 0;
  return ((bytes.length - i) << 3) - (<i32>clz<u32>(unchecked(bytes[i])) - 24);
}

function isOdd(bytes: Uint8Array): bool {
  return bytes.length > 0 && (unchecked(bytes[bytes.length - 1]) & 1) != 0;
}

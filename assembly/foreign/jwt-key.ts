// Tokens that are signed with a private key (RS256, ES256 ...), verified by Envoy's own cryptography.
import { JwtKey } from "../std/jwt/key";
import { ecdsaToDer } from "../std/jwt/der";
import { publicKeyFromPem } from "../std/jwt/pem";
import { JwkSet } from "../std/jwks";
import { HashFunction, PublicKey, verifySignature } from "./signature";

/**
 * A public key for RS256, RS384, RS512, ES256, ES384 or ES512. It is Envoy that verifies, by a call
 * to its `verify_signature`: in the in-process host every token is refused, as where Envoy forbids
 * the call.
 *
 * ```ts
 * const key = PublicJwtKey.fromPem("RS256", config.string("publicKey", ""));
 * if (!key) return false; // no such algorithm, or no PEM
 * this.verifier.keys.push(key);
 * ```
 */
@final
export class PublicJwtKey extends JwtKey {
  private constructor(
    algorithm: string,
    id: string | null,
    private readonly key: PublicKey,
  ) {
    super(algorithm, id);
  }

  /**
   * The key of a SubjectPublicKeyInfo in PEM (`-----BEGIN PUBLIC KEY-----`); `null` when `algorithm`
   * is none of the six, or the text no PEM. A key for another algorithm refuses all tokens.
   */
  static fromPem(algorithm: string, pem: string, id: string | null = null): PublicJwtKey | null {
    // Not left to Envoy, which learned to read PEM late: 1.36 takes DER only.
    const der = publicKeyFromPem(pem);
    return der ? PublicJwtKey.fromDer(algorithm, der, id) : null;
  }

  /** As `fromPem`, in DER; what is no key refuses all tokens. */
  static fromDer(
    algorithm: string,
    der: Uint8Array,
    id: string | null = null,
  ): PublicJwtKey | null {
    return hashOf(algorithm) < 0 ? null : new PublicJwtKey(algorithm, id, PublicKey.fromDer(der));
  }

  override verify(input: Uint8Array, signature: Uint8Array): bool {
    const hash = <HashFunction>hashOf(this.algorithm);
    if (this.algorithm.startsWith("RS")) {
      return verifySignature(hash, this.key, signature, input).ok;
    }
    const size = hash == HashFunction.Sha256 ? 32 : hash == HashFunction.Sha384 ? 48 : 66;
    const der = ecdsaToDer(signature, size);
    return der ? verifySignature(hash, this.key, der, input).ok : false;
  }
}

/**
 * The public keys of a set, for `JwtVerifier.keys`. Secrets are left out, so that a module pays for
 * HMAC only where it is wanted: `Hs256Key.fromBytes(jwk.bytes, jwk.id)` makes a key of one.
 */
export function jwtKeysOf(set: JwkSet): JwtKey[] {
  const keys: JwtKey[] = [];
  for (let i = 0; i < set.keys.length; i++) {
    const jwk = set.keys[i];
    const key = PublicJwtKey.fromDer(jwk.algorithm, jwk.bytes, jwk.id);
    if (key) keys.push(key);
  }
  return keys;
}

/** The hash function of an algorithm; -1 when it is none of RS* and ES*. */
function hashOf(algorithm: string): i32 {
  if (algorithm == "RS256" || algorithm == "ES256") return HashFunction.Sha256;
  if (algorithm == "RS384" || algorithm == "ES384") return HashFunction.Sha384;
  if (algorithm == "RS512" || algorithm == "ES512") return HashFunction.Sha512;
  return -1;
}

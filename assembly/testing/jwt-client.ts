// The API of `JwtVerifier` as a test in Node sees it, and tokens to verify.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { compileDriver, Driver } from "./asc-driver.ts";

interface JwtExports {
  reset(): void;
  addKey(size: number, secret: number, id: number, minSize: number): number;
  addTextKey(size: number, secret: number, id: number): number;
  addCredulousKey(algorithm: number, id: number): void;
  setIssuer(issuer: number): void;
  setAudiences(audiences: number): void;
  setAnyAudience(any: number): void;
  setClockSkew(seconds: number): void;
  setRequireExpiration(required: number): void;
  setMaxSize(size: number): void;
  verify(token: number, now: bigint): number;
  verifyBytes(token: number, now: bigint): number;
  error(): number;
  hasClaims(): number;
  hasAnything(): number;
  claim(name: number): number;
  claimsError(): number;
  headerField(name: number): number;
}

/** `JwtReason` of assembly/std/jwt/reason.ts. */
export const REASONS = [
  "None",
  "TooLong",
  "Malformed",
  "BadEncoding",
  "BadHeader",
  "CriticalExtension",
  "Unsigned",
  "UnsupportedAlgorithm",
  "WrongAlgorithm",
  "UnknownKey",
  "BadSignature",
  "BadClaims",
  "BadTime",
  "NoExpiration",
  "Expired",
  "NotYetValid",
  "IssuedInFuture",
  "WrongIssuer",
  "WrongAudience",
  "BadClock",
] as const;

export type Reason = (typeof REASONS)[number];

/** The size of a hash function, by the name of the algorithm. */
export type HmacSize = 256 | 384 | 512;

/** Seconds since 1970 as the nanoseconds that verifying takes. */
export function nanoseconds(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e6)) * 1000n;
}

export const base64Url = (data: string | Uint8Array): string =>
  Buffer.from(data).toString("base64url");

/** A token with a right signature over whatever the two first parts are. */
export function signParts(size: HmacSize, secret: Uint8Array, input: string): string {
  return `${input}.${createHmac(`sha${size}`, secret).update(input).digest("base64url")}`;
}

/** A signed token; the header and the claims are JSON texts or values. */
export function signToken(
  size: HmacSize,
  secret: Uint8Array,
  header: unknown,
  claims: unknown,
): string {
  const json = (value: unknown): string =>
    base64Url(typeof value === "string" ? value : JSON.stringify(value));
  return signParts(size, secret, `${json(header)}.${json(claims)}`);
}

/** What a verifier can be told. */
export interface JwtOptions {
  readonly issuer?: string;
  readonly audiences?: readonly string[];
  readonly anyAudience?: boolean;
  readonly clockSkew?: number;
  readonly requireExpiration?: boolean;
  readonly maxSize?: number;
}

/** A driver with one verifier. */
export class JwtClient {
  readonly driver: Driver<JwtExports>;

  private constructor(driver: Driver<JwtExports>) {
    this.driver = driver;
  }

  static async load(): Promise<JwtClient> {
    return new JwtClient(new Driver(await compileDriver("assembly/std/jwt.driver.ts")));
  }

  /** Makes a new verifier without keys. */
  reset(options: JwtOptions = {}): void {
    const { exports } = this.driver;
    exports.reset();
    this.driver.collect();
    const { issuer, audiences, anyAudience, clockSkew, requireExpiration, maxSize } = options;
    if (issuer !== undefined) exports.setIssuer(this.driver.writeText(issuer));
    if (audiences) exports.setAudiences(this.driver.writeText(audiences.join("\n")));
    if (anyAudience !== undefined) exports.setAnyAudience(Number(anyAudience));
    if (clockSkew !== undefined) exports.setClockSkew(clockSkew);
    if (requireExpiration !== undefined) exports.setRequireExpiration(Number(requireExpiration));
    if (maxSize !== undefined) exports.setMaxSize(maxSize);
  }

  /** Adds a key; false when it is refused. */
  addKey(size: HmacSize, secret: Uint8Array, id?: string, minSize = -1): boolean {
    const pointer = this.driver.writeBytes(secret);
    return this.driver.exports.addKey(size, pointer, this.#optional(id), minSize) !== 0;
  }

  /** Adds a key whose secret is a text; false when it is refused. */
  addTextKey(size: HmacSize, secret: string, id?: string): boolean {
    const pointer = this.driver.writeText(secret);
    return this.driver.exports.addTextKey(size, pointer, this.#optional(id)) !== 0;
  }

  /** Adds a key of the test's own class, which takes any signature. */
  addCredulousKey(algorithm: string, id?: string): void {
    this.driver.exports.addCredulousKey(this.driver.writeText(algorithm), this.#optional(id));
  }

  /**
   * Verifies a token as a text and as bytes, which must come to the same, and answers the reason.
   * With any but None there are no claims and there is a text; with None it is the reverse.
   */
  verify(token: string, now: bigint): Reason {
    const { exports } = this.driver;
    const reason = exports.verify(this.driver.writeText(token), now);
    const fromBytes = exports.verifyBytes(this.driver.writeBytes(Buffer.from(token)), now);
    assert.equal(fromBytes, reason, "bytes and text");
    assert.equal(exports.hasClaims() !== 0, reason === 0, "claims");
    assert.equal(exports.hasAnything() !== 0, reason === 0, "claims or header");
    assert.equal(this.driver.readText(exports.error()) === null, reason === 0, "error");
    if (reason === 0) assert.equal(this.driver.readText(exports.claimsError()), null);
    return REASONS[reason] ?? assert.fail(`reason ${reason}`);
  }

  /** The reason of the last call in words. */
  get error(): string | null {
    return this.driver.readText(this.driver.exports.error());
  }

  /** A claim of the last token that is a string. */
  claim(name: string): string | null {
    return this.driver.readText(this.driver.exports.claim(this.driver.writeText(name)));
  }

  /** A field of the last token's header. */
  headerField(name: string): string | null {
    return this.driver.readText(this.driver.exports.headerField(this.driver.writeText(name)));
  }

  #optional(text: string | undefined): number {
    return text === undefined ? 0 : this.driver.writeText(text);
  }
}

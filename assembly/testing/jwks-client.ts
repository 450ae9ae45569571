// `JwkSet` as a test in Node sees it.
import { compileDriver, Driver } from "./asc-driver.ts";

interface JwksExports {
  parse(text: number): number;
  parseWith(
    text: number,
    maxKeys: number,
    maxSize: number,
    minRsaBits: number,
    rsaAlgorithm: number,
    allowSecrets: number,
  ): number;
  error(): number;
  algorithm(index: number): number;
  id(index: number): number;
  bytes(index: number): number;
  skipped(): number;
  signatureDer(signature: number, size: number): number;
  pemDer(pem: number): number;
}

/** What `JwksOptions` has, with its defaults. */
export interface JwksOptions {
  readonly maxKeys?: number;
  readonly maxSize?: number;
  readonly minRsaBits?: number;
  readonly rsaAlgorithm?: string;
  readonly allowSecrets?: boolean;
}

/** What became of a set. */
export interface ParsedSet {
  readonly error: string | null;
  readonly keys: readonly {
    readonly algorithm: string | null;
    readonly id: string | null;
    readonly bytes: Buffer;
  }[];
  readonly skipped: readonly string[];
}

/** A driver with one set. */
export class JwksClient {
  readonly driver: Driver<JwksExports>;

  private constructor(driver: Driver<JwksExports>) {
    this.driver = driver;
  }

  static async load(): Promise<JwksClient> {
    return new JwksClient(new Driver(await compileDriver("assembly/std/jwks.driver.ts")));
  }

  /** `JwkSet.parse` of a text or of a value in JSON. */
  parse(set: unknown, options?: JwksOptions): ParsedSet {
    const { exports } = this.driver;
    const text = this.driver.writeText(typeof set === "string" ? set : JSON.stringify(set));
    let count: number;
    if (options) {
      const { maxKeys = 64, maxSize = 262_144, minRsaBits = 2048 } = options;
      const { rsaAlgorithm = "RS256", allowSecrets = false } = options;
      const name = this.driver.writeText(rsaAlgorithm);
      count = exports.parseWith(text, maxKeys, maxSize, minRsaBits, name, Number(allowSecrets));
    } else {
      count = exports.parse(text);
    }
    return {
      error: this.driver.readText(exports.error()),
      keys: Array.from({ length: count }, (_, i) => ({
        algorithm: this.driver.readText(exports.algorithm(i)),
        id: this.driver.readText(exports.id(i)),
        bytes: Buffer.from(this.driver.readBytes(exports.bytes(i)) ?? []),
      })),
      skipped: (this.driver.readText(exports.skipped()) ?? "").split("\n").filter(Boolean),
    };
  }

  /** A signature of r and s, each of `size` bytes, in DER; `null` when its length is another. */
  signatureDer(signature: Uint8Array, size: number): Buffer | null {
    const der = this.driver.exports.signatureDer(this.driver.writeBytes(signature), size);
    const bytes = this.driver.readBytes(der);
    return bytes && Buffer.from(bytes);
  }

  /** The DER in a PEM text; `null` when there is none. */
  pemDer(pem: string): Buffer | null {
    const bytes = this.driver.readBytes(this.driver.exports.pemDer(this.driver.writeText(pem)));
    return bytes && Buffer.from(bytes);
  }
}

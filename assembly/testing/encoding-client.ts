// Base64 and hexadecimal as tests in Node see them: all forms of a call at once, which must agree.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "./asc-driver.ts";
import { bytesResult, type Fault, type ResultExports } from "./results.ts";

interface Base64Exports extends ResultExports {
  encode(bytes: number, url: number, padding: number): number;
  encodeText(text: number, url: number, padding: number): number;
  encodeBytes(bytes: number, url: number, padding: number): number;
  encodeDefault(bytes: number, url: number): number;
  decode(text: number, url: number, padding: number): number;
  decodeText(text: number, url: number, padding: number): number;
  decodeBytes(characters: number, url: number, padding: number): number;
  decodeDefault(text: number, url: number): number;
}

const PADDING = { required: 0, forbidden: 1, optional: 2 } as const;
export type Padding = keyof typeof PADDING;
export const ALPHABETS = ["base64", "base64url"] as const;
export type Alphabet = (typeof ALPHABETS)[number];

/** A driver of assembly/std/base64.ts. */
export class Base64Client {
  readonly driver: Driver<Base64Exports>;

  private constructor(driver: Driver<Base64Exports>) {
    this.driver = driver;
  }

  static async load(): Promise<Base64Client> {
    return new Base64Client(new Driver(await compileDriver("assembly/std/base64.driver.ts")));
  }

  encode(bytes: Uint8Array, alphabet: Alphabet, padding: boolean): string {
    const { driver } = this;
    const url = Number(alphabet === "base64url");
    const data = driver.writeBytes(bytes);
    const text = driver.readText(driver.exports.encode(data, url, Number(padding)));
    const characters = driver.readBytes(driver.exports.encodeBytes(data, url, Number(padding)));
    assert.equal(Buffer.from(characters ?? []).toString("latin1"), text);
    return text ?? "";
  }

  decode(text: string, alphabet: Alphabet, padding: Padding): Buffer | Fault {
    const { driver } = this;
    const { exports } = driver;
    const url = Number(alphabet === "base64url");
    const result = bytesResult(
      driver,
      exports.decode(driver.writeText(text), url, PADDING[padding]),
    );
    const latin1 = Buffer.from(text, "latin1");
    if (latin1.toString("latin1") === text) {
      const characters = driver.writeBytes(latin1);
      assert.deepEqual(
        bytesResult(driver, exports.decodeBytes(characters, url, PADDING[padding])),
        result,
      );
    }
    return result;
  }
}

/** Node's encoding. */
export function nodeEncode(bytes: Uint8Array, alphabet: Alphabet, padding: boolean): string {
  const text = Buffer.from(bytes).toString("base64").replace(/=+$/, "");
  const filled = padding ? text + "=".repeat(-text.length & 3) : text;
  return alphabet === "base64" ? filled : filled.replaceAll("+", "-").replaceAll("/", "_");
}

/** What must come of a text: Node takes anything, so only what it would write itself is right. */
export function nodeDecode(text: string, alphabet: Alphabet, padding: Padding): Buffer | undefined {
  const bytes = Buffer.from(text, alphabet);
  const forms = { required: [true], forbidden: [false], optional: [true, false] }[padding];
  return forms.some((form) => nodeEncode(bytes, alphabet, form) === text) ? bytes : undefined;
}

interface HexExports extends ResultExports {
  encode(bytes: number, upperCase: number): number;
  encodeBytes(bytes: number, upperCase: number): number;
  decode(text: number): number;
  decodeBytes(digits: number): number;
}

/** A driver of assembly/std/hex.ts. */
export class HexClient {
  readonly driver: Driver<HexExports>;

  private constructor(driver: Driver<HexExports>) {
    this.driver = driver;
  }

  static async load(): Promise<HexClient> {
    return new HexClient(new Driver(await compileDriver("assembly/std/hex.driver.ts")));
  }

  encode(bytes: Uint8Array, upperCase: boolean): string {
    const { driver } = this;
    const data = driver.writeBytes(bytes);
    const text = driver.readText(driver.exports.encode(data, Number(upperCase))) ?? "";
    const digits = driver.readBytes(driver.exports.encodeBytes(data, Number(upperCase))) ?? [];
    assert.equal(Buffer.from(digits).toString("latin1"), text);
    return text;
  }

  decode(text: string): Buffer | Fault {
    const { driver } = this;
    const result = bytesResult(driver, driver.exports.decode(driver.writeText(text)));
    const latin1 = Buffer.from(text, "latin1");
    if (latin1.toString("latin1") === text) {
      const digits = driver.exports.decodeBytes(driver.writeBytes(latin1));
      assert.deepEqual(bytesResult(driver, digits), result);
    }
    return result;
  }
}

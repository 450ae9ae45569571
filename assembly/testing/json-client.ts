// The API of `Json` as a test in Node sees it: each node of a document that the driver
// assembly/std/json.driver.ts has parsed is an object here.
import { Driver, compileDriver } from "./asc-driver.ts";

interface JsonExports {
  reset(): void;
  parse(text: number): number;
  parseWith(text: number, maxDepth: number, maxValues: number, duplicates: number): number;
  error(node: number): number;
  errorOffset(node: number): number;
  kind(node: number): number;
  isNull(node: number): number;
  path(node: number): number;
  length(node: number): number;
  at(node: number, index: number): number;
  keyAt(node: number, index: number): number;
  has(node: number, key: number): number;
  get(node: number, key: number): number;
  required(node: number, key: number): number;
  array(node: number, key: number): number;
  object(node: number, key: number): number;
  stringOf(node: number, key: number, fallback: number): number;
  boolOf(node: number, key: number, fallback: number): number;
  integerOf(node: number, key: number, fallback: bigint): bigint;
  integerOfWithin(node: number, key: number, fallback: bigint, min: bigint, max: bigint): bigint;
  numberOf(node: number, key: number, fallback: number): number;
  durationOf(node: number, key: number, fallback: bigint): bigint;
  durationOfWithin(node: number, key: number, fallback: bigint, min: bigint, max: bigint): bigint;
  nanosecondsOf(node: number, key: number, fallback: bigint): bigint;
  asDuration(node: number): bigint;
  asNanosecondsWithin(node: number, min: bigint, max: bigint): bigint;
  asString(node: number): number;
  asBool(node: number): number;
  asInteger(node: number): bigint;
  asIntegerWithin(node: number, min: bigint, max: bigint): bigint;
  asNumber(node: number): number;
  asArray(node: number): number;
  asObject(node: number): number;
  onlyKeys(node: number, keys: number): void;
  fail(node: number, message: number): void;
  dump(node: number): number;
}

/** `JsonKind` of assembly/std/json.ts. */
export const KINDS = ["None", "Null", "Boolean", "Number", "String", "Array", "Object"] as const;

export interface ParseOptions {
  readonly maxDepth?: number;
  readonly maxValues?: number;
  readonly allowDuplicateKeys?: boolean;
}

/** A driver that parses. */
export class JsonClient {
  readonly driver: Driver<JsonExports>;

  private constructor(driver: Driver<JsonExports>) {
    this.driver = driver;
  }

  static async load(): Promise<JsonClient> {
    return new JsonClient(
      new Driver<JsonExports>(await compileDriver("assembly/std/json.driver.ts")),
    );
  }

  /** Forgets all nodes and frees them. */
  reset(): void {
    this.driver.exports.reset();
    this.driver.collect();
  }

  /** `Json.parse` with its defaults, or with other limits. */
  parse(text: string, options?: ParseOptions): JsonNode {
    const { exports } = this.driver;
    const pointer = this.driver.writeText(text);
    if (!options) return new JsonNode(this.driver, exports.parse(pointer));
    const { maxDepth = 64, maxValues = 1_000_000, allowDuplicateKeys = false } = options;
    return new JsonNode(
      this.driver,
      exports.parseWith(pointer, maxDepth, maxValues, Number(allowDuplicateKeys)),
    );
  }
}

/** One node, with the methods of `Json`. */
export class JsonNode {
  readonly #driver: Driver<JsonExports>;
  readonly #handle: number;

  constructor(driver: Driver<JsonExports>, handle: number) {
    this.#driver = driver;
    this.#handle = handle;
  }

  get error(): string | null {
    return this.#driver.readText(this.#exports.error(this.#handle));
  }
  get errorOffset(): number {
    return this.#exports.errorOffset(this.#handle);
  }
  get kind(): (typeof KINDS)[number] | undefined {
    return KINDS[this.#exports.kind(this.#handle)];
  }
  get isNull(): boolean {
    return this.#exports.isNull(this.#handle) !== 0;
  }
  get path(): string {
    return this.#text(this.#exports.path(this.#handle));
  }
  get length(): number {
    return this.#exports.length(this.#handle);
  }

  at(index: number): JsonNode {
    return this.#node(this.#exports.at(this.#handle, index));
  }
  keyAt(index: number): string {
    return this.#text(this.#exports.keyAt(this.#handle, index));
  }
  has(key: string): boolean {
    return this.#exports.has(this.#handle, this.#driver.writeText(key)) !== 0;
  }
  get(key: string): JsonNode | null {
    const handle = this.#exports.get(this.#handle, this.#driver.writeText(key));
    return handle < 0 ? null : this.#node(handle);
  }
  required(key: string): JsonNode {
    return this.#node(this.#exports.required(this.#handle, this.#driver.writeText(key)));
  }
  array(key: string): JsonNode {
    return this.#node(this.#exports.array(this.#handle, this.#driver.writeText(key)));
  }
  object(key: string): JsonNode {
    return this.#node(this.#exports.object(this.#handle, this.#driver.writeText(key)));
  }

  string(key: string, fallback: string): string {
    const [name, other] = [this.#driver.writeText(key), this.#driver.writeText(fallback)];
    return this.#text(this.#exports.stringOf(this.#handle, name, other));
  }
  bool(key: string, fallback: boolean): boolean {
    return this.#exports.boolOf(this.#handle, this.#driver.writeText(key), Number(fallback)) !== 0;
  }
  integer(key: string, fallback: bigint, min?: bigint, max?: bigint): bigint {
    const name = this.#driver.writeText(key);
    if (min === undefined || max === undefined)
      return this.#exports.integerOf(this.#handle, name, fallback);
    return this.#exports.integerOfWithin(this.#handle, name, fallback, min, max);
  }
  number(key: string, fallback: number): number {
    return this.#exports.numberOf(this.#handle, this.#driver.writeText(key), fallback);
  }
  duration(key: string, fallback: bigint, min?: bigint, max?: bigint): bigint {
    const name = this.#driver.writeText(key);
    if (min === undefined || max === undefined)
      return this.#exports.durationOf(this.#handle, name, fallback);
    return this.#exports.durationOfWithin(this.#handle, name, fallback, min, max);
  }
  nanoseconds(key: string, fallback: bigint): bigint {
    return this.#exports.nanosecondsOf(this.#handle, this.#driver.writeText(key), fallback);
  }

  asDuration(): bigint {
    return this.#exports.asDuration(this.#handle);
  }
  asNanoseconds(min: bigint, max: bigint): bigint {
    return this.#exports.asNanosecondsWithin(this.#handle, min, max);
  }
  asString(): string {
    return this.#text(this.#exports.asString(this.#handle));
  }
  asBool(): boolean {
    return this.#exports.asBool(this.#handle) !== 0;
  }
  asInteger(min?: bigint, max?: bigint): bigint {
    if (min === undefined || max === undefined) return this.#exports.asInteger(this.#handle);
    return this.#exports.asIntegerWithin(this.#handle, min, max);
  }
  asNumber(): number {
    return this.#exports.asNumber(this.#handle);
  }
  asArray(): JsonNode {
    return this.#node(this.#exports.asArray(this.#handle));
  }
  asObject(): JsonNode {
    return this.#node(this.#exports.asObject(this.#handle));
  }

  onlyKeys(keys: readonly string[]): void {
    this.#exports.onlyKeys(this.#handle, this.#driver.writeText(keys.join("\n")));
  }
  fail(message: string): void {
    this.#exports.fail(this.#handle, this.#driver.writeText(message));
  }

  /** The whole value below this node, read through the API. */
  value(): Value {
    return new DumpReader(this.#text(this.#exports.dump(this.#handle))).value();
  }

  get #exports(): Driver<JsonExports>["exports"] {
    return this.#driver.exports;
  }
  #text(pointer: number): string {
    return this.#driver.readText(pointer) ?? "";
  }
  #node(handle: number): JsonNode {
    return new JsonNode(this.#driver, handle);
  }
}

/** A JSON value. An object is its list of members, in the order of the text. */
export type Value =
  null | boolean | number | string | Value[] | { readonly members: [string, Value][] };

/** Reads what the driver's `dump` writes. */
class DumpReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): Value {
    const letter = this.#text[this.#at++];
    switch (letter) {
      case "z":
        return null;
      case "t":
        return true;
      case "f":
        return false;
      case "n": {
        const bits = new DataView(new ArrayBuffer(8));
        bits.setBigUint64(0, BigInt(`0x${this.#take(16)}`));
        return bits.getFloat64(0);
      }
      case "s":
        return this.#take(this.#count());
      case "a":
        return Array.from({ length: this.#count() }, () => this.value());
      case "o":
        return {
          members: Array.from({ length: this.#count() }, () => [this.#key(), this.value()]),
        };
      default:
        throw new Error(`the dump is broken at ${this.#at}`);
    }
  }

  #key(): string {
    this.#at++;
    return this.#take(this.#count());
  }

  #count(): number {
    const end = this.#text.indexOf(":", this.#at);
    const count = Number(this.#take(end - this.#at));
    this.#at++;
    return count;
  }

  #take(length: number): string {
    this.#at += length;
    return this.#text.slice(this.#at - length, this.#at);
  }
}

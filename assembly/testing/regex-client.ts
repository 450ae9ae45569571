// Regular expressions of the SDK, as tests see them.
import { compileDriver, Driver } from "./asc-driver.ts";
import { faultOf, type Fault, type ResultExports } from "./results.ts";

interface RegexExports extends ResultExports {
  compile(pattern: number, flags: number): void;
  compileWithin(
    pattern: number,
    length: number,
    program: number,
    repetition: number,
    groups: number,
    depth: number,
  ): void;
  test(text: number): number;
  testBytes(bytes: number): number;
  find(text: number, start: number): number;
  findBytes(bytes: number, start: number): number;
  findAll(text: number, limit: number): number;
  choose(index: number): void;
  start(): number;
  end(): number;
  groupCount(): number;
  groupStart(group: number): number;
  groupEnd(group: number): number;
  group(group: number): number;
  named(name: number): number;
  replace(text: number, replacement: number, maxLength: number): number;
  replaceAll(text: number, replacement: number, maxLength: number): number;
}

/** One match. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** Group 0 is the whole match; `null` for those that are not part of it. */
  readonly groups: readonly (string | null)[];
  /** Where each group begins and ends. */
  readonly places: readonly (readonly [start: number, end: number] | null)[];
}

/** Limits in the order of `RegexLimits`. */
export interface Limits {
  readonly pattern?: number;
  readonly program?: number;
  readonly repetition?: number;
  readonly groups?: number;
  readonly depth?: number;
}

const DRIVER = "assembly/std/regex.driver.ts";

// As in the sources.
const MAX_LENGTH = 16 * 1024 * 1024;

/** One pattern at a time: `compile` first, the others are about that. */
export class RegexClient {
  readonly #driver: Driver<RegexExports>;

  constructor(driver: Driver<RegexExports>) {
    this.#driver = driver;
  }

  /** `change` makes something else of the module before it runs, with the imports that needs. */
  static async load(
    change: (binary: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> = (binary) => binary,
    imports: WebAssembly.Imports = {},
  ): Promise<RegexClient> {
    return new RegexClient(new Driver<RegexExports>(change(await compileDriver(DRIVER)), imports));
  }

  /** Frees what earlier calls left. */
  reset(): void {
    this.#driver.collect();
  }

  /** The error of the pattern when it has one. */
  compile(pattern: string, flags = ""): Fault | undefined {
    const driver = this.#driver;
    const text = driver.writeText(pattern);
    driver.exports.compile(text, driver.writeText(flags));
    return faultOf(driver, true);
  }

  compileWithin(pattern: string, limits: Limits): Fault | undefined {
    const driver = this.#driver;
    const { pattern: length = 1e9, program = 1e7, repetition = 1e6 } = limits;
    const { groups = 1000, depth = 1000 } = limits;
    const text = driver.writeText(pattern);
    driver.exports.compileWithin(text, length, program, repetition, groups, depth);
    return faultOf(driver, true);
  }

  test(text: string): boolean {
    return this.#driver.exports.test(this.#driver.writeText(text)) !== 0;
  }

  testBytes(bytes: Uint8Array): boolean {
    return this.#driver.exports.testBytes(this.#driver.writeBytes(bytes)) !== 0;
  }

  find(text: string, start = 0): Match | null {
    return this.#driver.exports.find(this.#driver.writeText(text), start) ? this.#match() : null;
  }

  findBytes(bytes: Uint8Array, start = 0): Match | null {
    const found = this.#driver.exports.findBytes(this.#driver.writeBytes(bytes), start);
    return found ? this.#match() : null;
  }

  findAll(text: string, limit = 1000): Match[] {
    const matches: Match[] = [];
    const count = this.#driver.exports.findAll(this.#driver.writeText(text), limit);
    for (let i = 0; i < count; i++) {
      this.#driver.exports.choose(i);
      matches.push(this.#match());
    }
    return matches;
  }

  replace(text: string, replacement: string, maxLength = MAX_LENGTH): string | null {
    return this.#replaced("replace", text, replacement, maxLength);
  }

  replaceAll(text: string, replacement: string, maxLength = MAX_LENGTH): string | null {
    return this.#replaced("replaceAll", text, replacement, maxLength);
  }

  /** A group of the last match by its name. */
  named(name: string): string | null {
    return this.#driver.readText(this.#driver.exports.named(this.#driver.writeText(name)));
  }

  /** A group of the last match by any number. */
  group(group: number): { text: string | null; start: number; end: number } {
    const { exports } = this.#driver;
    const text = this.#driver.readText(exports.group(group));
    return { text, start: exports.groupStart(group), end: exports.groupEnd(group) };
  }

  #replaced(
    how: "replace" | "replaceAll",
    text: string,
    replacement: string,
    maxLength: number,
  ): string | null {
    const driver = this.#driver;
    const input = driver.writeText(text);
    return driver.readText(driver.exports[how](input, driver.writeText(replacement), maxLength));
  }

  #match(): Match {
    const { exports } = this.#driver;
    const groups: (string | null)[] = [];
    const places: (readonly [number, number] | null)[] = [];
    for (let i = 0; i < exports.groupCount(); i++) {
      const { text, start, end } = this.group(i);
      groups.push(text);
      places.push(end < 0 ? null : [start, end]);
    }
    return { start: exports.start(), end: exports.end(), groups, places };
  }
}

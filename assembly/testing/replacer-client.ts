// The streaming replacer of the SDK, as tests see it.
import { compileDriver, Driver } from "./asc-driver.ts";

interface ReplacerExports {
  useNeedles(maxLength: number): void;
  add(needle: number, replacement: number): number;
  addBytes(needle: number, replacement: number): number;
  start(maxOutput: number): void;
  push(part: number, isLast: number): number;
  finish(): number;
  heldBack(): number;
  count(): number;
  isFull(): number;
}

/** One set of needles and one stream at a time. */
export class ReplacerClient {
  readonly #driver: Driver<ReplacerExports>;

  constructor(driver: Driver<ReplacerExports>) {
    this.#driver = driver;
  }

  static async load(): Promise<ReplacerClient> {
    return new ReplacerClient(
      new Driver(await compileDriver("assembly/std/stream-replacer.driver.ts")),
    );
  }

  /** Frees what earlier calls left. */
  reset(): void {
    this.#driver.collect();
  }

  /** How much memory the driver has. */
  get memorySize(): number {
    return this.#driver.memorySize;
  }

  /** Forgets all needles. */
  useNeedles(maxLength = 1024): void {
    this.#driver.exports.useNeedles(maxLength);
  }

  add(needle: string, replacement: string): boolean {
    const text = this.#driver.writeText(needle);
    return this.#driver.exports.add(text, this.#driver.writeText(replacement)) !== 0;
  }

  addBytes(needle: Uint8Array, replacement: Uint8Array): boolean {
    const bytes = this.#driver.writeBytes(needle);
    return this.#driver.exports.addBytes(bytes, this.#driver.writeBytes(replacement)) !== 0;
  }

  start(maxOutput = 16 * 1024 * 1024): void {
    this.#driver.exports.start(maxOutput);
  }

  push(part: Uint8Array, isLast = false): Buffer {
    const output = this.#driver.exports.push(this.#driver.writeBytes(part), Number(isLast));
    return Buffer.from(this.#driver.readBytes(output) ?? []);
  }

  finish(): Buffer {
    return Buffer.from(this.#driver.readBytes(this.#driver.exports.finish()) ?? []);
  }

  get heldBack(): number {
    return this.#driver.exports.heldBack();
  }

  get count(): number {
    return this.#driver.exports.count();
  }

  get isFull(): boolean {
    return this.#driver.exports.isFull() !== 0;
  }

  /** A whole stream; `inLast`: the last part says so, else `finish` does. */
  replace(parts: readonly Uint8Array[], inLast: boolean): Buffer {
    this.start();
    const outputs = parts.map((part, i) => this.push(part, inLast && i === parts.length - 1));
    return Buffer.concat(inLast ? outputs : [...outputs, this.finish()]);
  }
}

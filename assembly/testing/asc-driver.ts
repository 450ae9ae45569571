// Compiles an AssemblyScript file for a test and calls it from Node. The file (a "driver") exports
// what its test needs; it is compiled in memory, with the code generation of a released filter.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import asc from "assemblyscript/asc";
import { packageRoot } from "../../sdk/package-root.ts";

// The ids that AssemblyScript gives to these two classes in every module.
const ARRAY_BUFFER_ID = 1;
const STRING_ID = 2;

// Where AssemblyScript keeps the size of an object, seen from its pointer.
const SIZE_OFFSET = -4;

/** What every driver exports (`--exportRuntime`). */
interface RuntimeExports {
  readonly memory: WebAssembly.Memory;
  __new(size: number, id: number): number;
  __collect(): void;
}

export interface CompileOptions {
  /** More of the compiler's flags. */
  readonly flags?: readonly string[];
  /** Compiled in place of what is in the file, which need not exist. */
  readonly source?: string;
}

/** The drivers that were compiled as they are in their files. */
const compiled = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

/**
 * Compiles a driver to WebAssembly. `path` counts from the package's folder:
 * `assembly/std/json.driver.ts`. Throws with the compiler's own text when it does not compile.
 */
export async function compileDriver(
  path: string,
  options?: CompileOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (options) return compile(path, options);
  const binary = compiled.get(path) ?? compile(path, {});
  compiled.set(path, binary);
  return binary;
}

async function compile(
  path: string,
  { flags = [], source }: CompileOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const settings = ["-O3", "--shrinkLevel", "1", "--runtime", "minimal", "--exportRuntime"];
  const files = ["--config", "none", "--baseDir", packageRoot(), "--outFile", "driver.wasm"];
  const stderr = asc.createMemoryStream();
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error } = await asc.main([path, ...files, ...settings, ...flags], {
    stdout: asc.createMemoryStream(),
    stderr,
    readFile: (name, baseDir) => {
      return name === path && source !== undefined ? source : readText(resolve(baseDir, name));
    },
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") binary = new Uint8Array(contents);
    },
  });
  if (error || !binary)
    throw new Error(`${path} does not compile:\n${stderr.toString()}`, { cause: error });
  return binary;
}

/** The text of a file; `null` when there is none. */
async function readText(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch(() => null);
}

/**
 * An instance of a compiled driver. `Exports` are the functions that it exports: numbers, `bigint`
 * for i64, pointers for objects. A trap throws; `abort` (failed assertions, bounds checks) throws
 * with its message and its place in the source.
 */
export class Driver<Exports> {
  readonly exports: Exports & RuntimeExports;

  /** `imports` serves drivers that import more than `env.abort`. */
  constructor(binary: Uint8Array<ArrayBuffer>, imports: WebAssembly.Imports = {}) {
    const abort = (message: number, file: number, line: number, column: number): never => {
      const place = `${this.readText(file) ?? "?"}:${line}:${column}`;
      throw new Error(`abort: ${this.readText(message) ?? "no message"} at ${place}`);
    };
    const module = new WebAssembly.Module(binary);
    const instance = new WebAssembly.Instance(module, {
      ...imports,
      env: { abort, ...imports["env"] },
    });
    this.exports = instance.exports as unknown as Exports & RuntimeExports;
  }

  /** The size of the driver's memory in bytes. */
  get memorySize(): number {
    return this.exports.memory.buffer.byteLength;
  }

  /**
   * Frees what the driver cannot reach from its globals. Pointers that this class answered before
   * are void then.
   */
  collect(): void {
    this.exports.__collect();
  }

  /** Copies a text into the driver, lone surrogates and all, as a `string`. */
  writeText(text: string): number {
    const pointer = this.exports.__new(text.length * 2, STRING_ID);
    const units = new Uint16Array(this.exports.memory.buffer, pointer, text.length);
    for (let i = 0; i < units.length; i++) units[i] = text.charCodeAt(i);
    return pointer;
  }

  /** The text of a `string`, or `null` for a null pointer. */
  readText(pointer: number): string | null {
    if (pointer === 0) return null;
    const { buffer } = this.exports.memory;
    const size = new DataView(buffer).getUint32(pointer + SIZE_OFFSET, true);
    const units = new Uint16Array(buffer, pointer, size / 2);
    let text = "";
    for (let i = 0; i < units.length; i += 8192)
      text += String.fromCharCode(...units.subarray(i, i + 8192));
    return text;
  }

  /** Copies bytes into the driver, as an `ArrayBuffer`. */
  writeBytes(bytes: Uint8Array): number {
    const pointer = this.exports.__new(bytes.length, ARRAY_BUFFER_ID);
    new Uint8Array(this.exports.memory.buffer, pointer, bytes.length).set(bytes);
    return pointer;
  }

  /** A copy of the bytes of an `ArrayBuffer`, or `null` for a null pointer. */
  readBytes(pointer: number): Uint8Array<ArrayBuffer> | null {
    if (pointer === 0) return null;
    const { buffer } = this.exports.memory;
    const size = new DataView(buffer).getUint32(pointer + SIZE_OFFSET, true);
    return new Uint8Array(buffer.slice(pointer, pointer + size));
  }
}

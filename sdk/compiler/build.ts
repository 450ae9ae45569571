import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import { ToolError, messageOf } from "../errors.ts";
import { checkModule } from "../inspect/check.ts";
import { inspectModule } from "../inspect/inspect.ts";
import { entryFiles, findEntry } from "./entry.ts";
import type { Entry } from "./entry.ts";
import type { Stress } from "./runtime-library.ts";

/** What a module is made of. */
export interface ModuleOptions {
  /** The filter's file, or its folder. */
  readonly entry: string;
  /** Also make a source map. */
  readonly debug?: boolean;
  /** What relative paths are relative to; default the current folder. */
  readonly cwd?: string;
  /** For tests: make faults of memory handling show. */
  readonly stress?: Stress;
  /** Put before each line that the filter logs where it was logged; `readLogPosition` takes it off. */
  readonly logPositions?: boolean;
  /**
   * Told of each file before it is looked for, by its absolute path, also of those that are not
   * there: what a build depends on. Not of the SDK's own files.
   */
  readonly onRead?: (path: string) => void;
}

export interface BuildOptions extends ModuleOptions {
  /** Where the module goes, and its source map as `<out>.map`; default `build/<name>.wasm` below `cwd`. */
  readonly out?: string;
}

/** A module that Envoy takes. */
export interface BuiltModule {
  readonly wasm: Uint8Array;
  readonly sourceMap: string | null;
  /** The callbacks that Envoy will call. */
  readonly callbacks: readonly string[];
  /** The names that the module registers, in the order of the source. */
  readonly registrations: readonly string[];
}

export interface BuildResult extends BuiltModule {
  /** `hello` for `hello/filter.ts`. */
  readonly name: string;
  /** The absolute path of the module. */
  readonly out: string;
  readonly milliseconds: number;
}

/**
 * Builds one filter: compiles it, leaves out the callbacks that it does not override, optimises,
 * checks that Envoy will take it, and writes it. Throws a ToolError for everything that is wrong
 * with the source; nothing is written then. Always compiles: what people ship comes from their
 * sources, and from no cache.
 */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const started = performance.now();
  const cwd = resolve(options.cwd ?? process.cwd());
  const { onRead } = options;
  if (onRead !== undefined) entryFiles(options.entry, cwd).forEach(onRead);
  const entry = findEntry(options.entry, cwd);
  const out = resolve(cwd, options.out ?? join("build", `${entry.name}.wasm`));
  const { wasm, sourceMap, callbacks, registrations } = await makeModule(entry, options, out);
  await writeWhole(out, wasm);
  if (sourceMap !== null) await writeWhole(`${out}.map`, sourceMap);
  const milliseconds = performance.now() - started;
  return { name: entry.name, wasm, sourceMap, out, callbacks, registrations, milliseconds };
}

/** A module and what it was made from. */
export interface MadeModule extends BuiltModule {
  /** Every file that the compiler asked for, by its absolute path; null where there was none. */
  readonly files: ReadonlyMap<string, string | null>;
}

/** Compiles and checks, and writes nothing; `shown` is what messages call the module. */
export async function makeModule(
  entry: Entry,
  options: ModuleOptions,
  shown: string,
): Promise<MadeModule> {
  // Loading the compiler takes half a second, which `--help` should not.
  const { compile } = await import("./compile.ts");
  const { wasm, sourceMap, registrations, files } = await compile({
    baseDir: entry.baseDir,
    file: entry.file,
    debug: options.debug ?? false,
    stress: options.stress ?? {},
    logPositions: options.logPositions ?? false,
    ...(options.onRead === undefined ? {} : { onRead: options.onRead }),
  });
  const names = registrations.map((registration) => registration.name);
  checkRegistrations(names, entry.file);
  const info = inspectModule(wasm, shown);
  checkModule(info);
  return {
    wasm,
    sourceMap,
    callbacks: info.exports
      .map((each) => each.name)
      .filter((name) => /^(?:proxy|envoy)_on_/.test(name)),
    registrations: names,
    files,
  };
}

function checkRegistrations(names: readonly string[], file: string): void {
  if (names.length === 0) {
    throw new ToolError("ERR_NO_FILTER", `${file} registers no filter`, {
      hint: 'End the file with registerHttpFilter<YourFilter>("name") or registerPlugin<YourPlugin>("name").',
    });
  }
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate !== undefined) {
    throw new ToolError("ERR_DUPLICATE_NAME", `two registrations are called '${duplicate}'`, {
      hint: "A root_id selects a registration by its name: give each its own.",
    });
  }
}

/** Writes a file so that nobody ever reads half of it. */
async function writeWhole(path: string, contents: Uint8Array | string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, contents);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new ToolError("ERR_FILE_WRITE", `${path} cannot be written: ${messageOf(error)}`, {
      hint: "Name another place with -o.",
      cause: error,
    });
  }
}

import { readFile } from "node:fs/promises";
import { cachedBuild } from "../compiler/cached-build.ts";
import { inspectModule } from "../inspect/inspect.ts";
import { ModuleSources, sourcesOf } from "../trap/index.ts";
import type { Backend, Filter, TestScope } from "./api.ts";
import type { FilterOptions, Protocol } from "./options.ts";
import { checkOptions } from "./check-options.ts";
import { findFilter } from "./find-filter.ts";
import { keepHistory } from "./histories.ts";
import { checkNeeds } from "./not-applicable.ts";
import { protocolOf } from "./protocol.ts";
import { currentRun } from "./test-run.ts";

/** A module that is ready to be loaded, and what it is called. */
export interface LoadedModule {
  readonly name: string;
  readonly wasm: Uint8Array;
  /** The names of its exports. */
  readonly exports: readonly string[];
  /** Where in the source a trap was; null where that is not known. */
  readonly sources: () => ModuleSources | null;
}

/** A filter as a backend makes it. */
export interface BackendFilter extends Filter {
  /** What happened to it so far, for people. */
  history(): string;
}

/** Loads a module and configures its plugin, as a filter of that protocol. */
export type LoadOn = (
  module: LoadedModule,
  options: FilterOptions,
  protocol: Protocol,
) => Promise<BackendFilter>;

/**
 * Builds a filter, or takes it as it was built from the same sources, and loads it for a test, with
 * which it ends.
 *
 * @param t the test's context
 * @param filter the name of a folder with a filter.ts, beside the test or in `examples/`; or the path of
 *   a folder, a .ts file or a .wasm file, from the test file or the current folder
 */
export type LoadFilter = (t: TestScope, filter: string, options?: FilterOptions) => Promise<Filter>;

/** `loadFilter` for tests in a folder, on these backends. */
export function loaderFor(
  folder: string,
  backends: Readonly<Record<Backend, () => Promise<LoadOn>>>,
): LoadFilter {
  return async (t, filter, options = {}) => {
    const run = currentRun();
    if (options.host?.now !== undefined) checkNeeds(run.on, ["virtual time"]);
    if (options.host?.properties !== undefined) checkNeeds(run.on, ["properties"]);
    const { workers, seed } = options.host ?? {};
    if (workers !== undefined || seed !== undefined) checkNeeds(run.on, ["several workers"]);
    const path = findFilter(filter, [folder, process.cwd()]);
    const load = await backends[run.on]();
    const module = await moduleAt(path);
    checkOptions(module.name, options);
    const loaded = await load(module, options, protocolOf(module.exports, options));
    const keep = keepHistory(t.name, () => loaded.history());
    t.after(async () => {
      try {
        keep();
      } finally {
        await loaded.close();
      }
    });
    return loaded;
  };
}

interface ReadModule {
  readonly module: LoadedModule;
  /** What it was made from. */
  readonly files: readonly string[];
}

/** What this process has read, by its path: sources do not change under tests that run. */
const modules = new Map<string, Promise<ReadModule>>();

async function moduleAt(path: string): Promise<LoadedModule> {
  const { loads } = currentRun();
  // What there is to say of a source that does not build.
  loads([path]);
  const reading = modules.get(path) ?? readModule(path);
  modules.set(path, reading);
  const { module, files } = await reading;
  loads(files);
  return module;
}

async function readModule(path: string): Promise<ReadModule> {
  if (path.endsWith(".wasm")) {
    const sources = await sourcesOf(path);
    const wasm = await readFile(path);
    const module = { name: "filter", wasm, exports: exportsOf(wasm), sources: () => sources };
    return { module, files: [] };
  }
  const { stress } = currentRun();
  const read: string[] = [];
  const onRead = (file: string): void => void read.push(file);
  const building = cachedBuild({ entry: path, stress, debug: true, onRead });
  const built = await building.catch((error: unknown) => {
    // A change of any of them may mend it.
    currentRun().loads(read);
    throw error;
  });
  const { name, wasm, sourceMap } = built;
  // Read when there is a trap: most tests have none.
  const sources = (): ModuleSources | null =>
    sourceMap === null ? null : new ModuleSources(wasm, sourceMap);
  return { module: { name, wasm, exports: exportsOf(wasm), sources }, files: built.sources };
}

function exportsOf(wasm: Uint8Array): readonly string[] {
  return inspectModule(wasm, "the module").exports.map(({ name }) => name);
}

// Builds for tests: milliseconds where nothing changed.
import { resolve } from "node:path";
import { makeModule } from "./build.ts";
import type { BuiltModule, MadeModule, ModuleOptions } from "./build.ts";
import { BuildCache } from "./build-cache.ts";
import { projectCacheFolder } from "./cache-folder.ts";
import { findEntry } from "./entry.ts";
import type { Entry } from "./entry.ts";

export interface CachedBuildOptions extends ModuleOptions {
  /** Where modules are kept; default: that of the project which `cwd` is in. */
  readonly cacheFolder?: string;
}

export interface CachedBuild extends BuiltModule {
  /** `hello` for `hello/filter.ts`. */
  readonly name: string;
  /** The absolute paths of the files that it was made from, the SDK's own included. */
  readonly sources: readonly string[];
  /** Whether it had been built before. */
  readonly cached: boolean;
}

/** The module of a filter, in memory: as `build` makes it, or as it was made before from the same. */
export function cachedBuild(options: CachedBuildOptions): Promise<CachedBuild> {
  const { debug = false, logPositions = false, stress = {} } = options;
  const { collectAlways = false, poisonFreed = false } = stress;
  const how = JSON.stringify(["filter", debug, logPositions, collectAlways, poisonFreed]);
  return cached(options, how, (entry) => makeModule(entry, options, entry.file));
}

/** A file of tests in AssemblyScript as a module that runs them, or as it was made before from the same. */
export function cachedSpec(options: Where): Promise<CachedBuild> {
  return cached(options, "spec", async (entry) => {
    // Loading the compiler takes half a second: not where nothing is compiled.
    const { compileSpec } = await import("./compile-spec.ts");
    return compileSpec(entry, options.onRead);
  });
}

/** What is built, and where what is built is kept. */
type Where = Pick<CachedBuildOptions, "entry" | "cwd" | "cacheFolder" | "onRead">;

async function cached(
  options: Where,
  how: string,
  make: (entry: Entry) => Promise<MadeModule>,
): Promise<CachedBuild> {
  const cwd = resolve(options.cwd ?? process.cwd());
  const entry = findEntry(options.entry, cwd);
  const cache = new BuildCache(options.cacheFolder ?? projectCacheFolder(cwd));
  const found = await cache.find(entry, how);
  if (found !== null) return { ...found, name: entry.name, cached: true };
  const { files, ...module } = await make(entry);
  await cache.keep(entry, how, { ...module, files });
  const sources = [...files].flatMap(([path, text]) => (text === null ? [] : [path]));
  return { ...module, name: entry.name, sources, cached: false };
}

// Builds for tests: milliseconds where nothing changed.
import { resolve } from "node:path";
import { makeModule } from "./build.ts";
import type { BuiltModule, ModuleOptions } from "./build.ts";
import { BuildCache } from "./build-cache.ts";
import { projectCacheFolder } from "./cache-folder.ts";
import { findEntry } from "./entry.ts";

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
export async function cachedBuild(options: CachedBuildOptions): Promise<CachedBuild> {
  const cwd = resolve(options.cwd ?? process.cwd());
  const entry = findEntry(options.entry, cwd);
  const cache = new BuildCache(options.cacheFolder ?? projectCacheFolder(cwd));
  const found = await cache.find(entry, options);
  if (found !== null) return { ...found, name: entry.name, cached: true };
  const { files, ...module } = await makeModule(entry, options, entry.file);
  await cache.keep(entry, options, { ...module, files });
  const sources = [...files].flatMap(([path, text]) => (text === null ? [] : [path]));
  return { ...module, name: entry.name, sources, cached: false };
}

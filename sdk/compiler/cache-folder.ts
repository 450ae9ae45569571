import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";

/**
 * Where this package keeps what it can make again: `node_modules/.cache/as-proxy-wasm` of the project
 * that `cwd` is in, and where that has no node_modules, the user's own cache. Never a folder for
 * everybody's temporary files: whoever can write there could hand us modules. The folder may not exist.
 */
export function projectCacheFolder(cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const modules = join(folder, "node_modules");
    if (existsSync(modules)) return join(modules, ".cache", "as-proxy-wasm");
    if (dirname(folder) === folder) return userCacheFolder(env);
  }
}

/** This package's folder in the user's cache, as the system and the XDG specification have it. */
export function userCacheFolder(env: NodeJS.ProcessEnv): string {
  const configured = env["XDG_CACHE_HOME"] ?? "";
  const home = env["HOME"] ?? homedir();
  const system =
    process.platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
  // The XDG specification wants a relative path to be ignored.
  return join(isAbsolute(configured) ? configured : system, "as-proxy-wasm");
}

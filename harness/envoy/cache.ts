// The downloaded Envoy in the user's cache: found whole or not at all.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { userCacheFolder } from "../../sdk/compiler/cache-folder.ts";
import type { ReleaseBinary } from "./release.ts";

/** The folder in which a version of Envoy is cached. */
export function cacheFolder(env: NodeJS.ProcessEnv, version: string): string {
  return join(userCacheFolder(env), "envoy", version);
}

/** Says whether the file has the size and the SHA-256 that are expected of it, or what it has. */
export async function verify(file: string, expected: ReleaseBinary): Promise<string | null> {
  const { size } = await stat(file);
  if (size !== expected.size) return `it has ${size} bytes instead of ${expected.size}`;
  const sum = await sha256(file);
  return sum === expected.sha256 ? null : `its SHA-256 is ${sum} instead of ${expected.sha256}`;
}

/** The SHA-256 of a file, in hex: some 0.2 s for an Envoy. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest("hex");
}

// Files that this process has found whole, with what would change if they were touched: tests look
// for their Envoy a hundred times in one process.
const known = new Map<string, string>();

/** The cached binary if it is whole. A damaged one is removed, and `damaged` told so. */
export async function cached(
  folder: string,
  expected: ReleaseBinary,
  damaged: (why: string) => void,
): Promise<string | null> {
  const file = join(folder, "envoy");
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(file);
    const identity = [ino, size, mtimeMs, ctimeMs, expected.sha256].join(" ");
    const why = known.get(file) === identity ? null : await verify(file, expected);
    if (why === null) {
      known.set(file, identity);
      return file;
    }
    damaged(why);
    await rm(file, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return null;
}

/**
 * Moves a verified binary of the same file system into the cache. The move is atomic: of two at
 * once the later wins, and a reader sees either a whole file or none.
 */
export async function store(binary: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, "envoy");
  await chmod(binary, 0o755);
  await rename(binary, file);
  return file;
}

// Modules that were built before, found again by what they were made from. Two kinds of file:
//
//   inputs-<key>   for an entry and how it is built: which files the compiler asked for the last time
//   module-<key>   for those and the contents of all these files: the module
//
// The second key has all that a module depends on, so what is found under it is what a build would
// make, whoever made it and wherever that was. Files are written whole (made aside, then renamed), carry
// a hash of what they hold, and are rebuilt when they do not fit it.
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative, resolve, sep } from "node:path";
import { packageRoot, packageVersion } from "../package-root.ts";
import type { BuiltModule, MadeModule } from "./build.ts";
import type { Entry } from "./entry.ts";
import { toolchain } from "./toolchain.ts";

/** How many files are kept: the oldest go first. A filter has two for each way it is built. */
const MOST_FILES = 400;
/** A file that was made aside and is older than this belongs to a process that was killed. */
const ABANDONED_MS = 60 * 60 * 1000;

/** A module that was found, and the files that it was made from. */
export interface CachedModule extends BuiltModule {
  /** The absolute paths of the files that exist. */
  readonly sources: readonly string[];
}

/** The modules in one folder. */
export class BuildCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The module that a build of these sources would make; null when it is to be built. `how` names all
   * that decides what is made of them.
   */
  async find(entry: Entry, how: string): Promise<CachedModule | null> {
    const key = entryKey(entry, how);
    if (key === null) return null;
    const names: unknown = await this.#read(`inputs-${key}`);
    if (!isTexts(names)) return null;
    // One by one and at once: some hundred small files, which the system has in memory.
    const texts = names.map((name): [string, string | null] => [name, textAt(pathOf(name, entry))]);
    const stored: unknown = await this.#read(`module-${moduleKey(key, texts)}`);
    if (!isStored(stored)) return null;
    const { wasm, sourceMap, callbacks, registrations } = stored;
    return {
      wasm: Buffer.from(wasm, "base64"),
      sourceMap,
      callbacks,
      registrations,
      sources: texts.flatMap(([name, text]) => (text === null ? [] : [pathOf(name, entry)])),
    };
  }

  /** Keeps a module. A folder that cannot be written is no failure: the next build takes its time. */
  async keep(entry: Entry, how: string, made: MadeModule): Promise<void> {
    const key = entryKey(entry, how);
    if (key === null) return;
    const texts = [...made.files]
      .map(([path, text]): [string, string | null] => [nameOf(path, entry), text])
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const stored: Stored = {
      wasm: Buffer.from(made.wasm).toString("base64"),
      sourceMap: made.sourceMap,
      callbacks: made.callbacks,
      registrations: made.registrations,
    };
    try {
      await mkdir(this.#folder, { recursive: true });
      await this.#write(`module-${moduleKey(key, texts)}`, stored);
      await this.#write(
        `inputs-${key}`,
        texts.map(([name]) => name),
      );
      await this.#prune();
    } catch {
      // As above.
    }
  }

  async #read(name: string): Promise<unknown> {
    const path = join(this.#folder, name);
    const text = await readFile(path, "utf8").catch(() => "");
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    if (end < 0 || sha256(body) !== text.slice(0, end)) return null;
    // What is used is young, whenever it was made.
    const now = new Date();
    await utimes(path, now, now).catch(() => undefined);
    return JSON.parse(body) as unknown;
  }

  async #write(name: string, value: unknown): Promise<void> {
    const body = JSON.stringify(value);
    const aside = join(this.#folder, `${name}.${process.pid}.tmp`);
    await writeFile(aside, `${sha256(body)}\n${body}`);
    await rename(aside, join(this.#folder, name));
  }

  async #prune(): Promise<void> {
    const names = await readdir(this.#folder);
    if (names.length <= MOST_FILES) return;
    const files: { readonly path: string; readonly used: number }[] = [];
    for (const name of names) {
      if (!/^(?:inputs|module)-/.test(name)) continue;
      const path = join(this.#folder, name);
      // Another process may have removed it meanwhile.
      const found = await stat(path).catch(() => null);
      if (found === null) continue;
      if (!name.endsWith(".tmp")) files.push({ path, used: found.mtimeMs });
      else if (found.mtimeMs < Date.now() - ABANDONED_MS) await rm(path, { force: true });
    }
    files.sort((a, b) => b.used - a.used);
    // A quarter at once, so that not every build prunes.
    for (const { path } of files.slice((MOST_FILES / 4) * 3)) await rm(path, { force: true });
  }
}

interface Stored {
  readonly wasm: string;
  readonly sourceMap: string | null;
  readonly callbacks: readonly string[];
  readonly registrations: readonly string[];
}

/** What is to be built with what; null when the toolchain does not know its own version. */
function entryKey(entry: Entry, how: string): string | null {
  const code = toolchain();
  return code === null ? null : sha256(JSON.stringify([code, versions(), entry.file, how]));
}

function moduleKey(key: string, texts: readonly (readonly [string, string | null])[]): string {
  const hash = createHash("sha256").update(key);
  for (const [name, text] of texts) {
    // With their lengths: no two lists of files are the same bytes.
    hash.update(`\0${name.length} ${name} ${text?.length ?? "none"} `).update(text ?? "");
  }
  return hash.digest("hex");
}

let known: readonly string[] | null = null;

/** Of this package and of what compiles. */
function versions(): readonly string[] {
  if (known !== null) return known;
  const require = createRequire(import.meta.url);
  const versionOf = (name: string): string => {
    const manifest = require(`${name}/package.json`) as { readonly version: string };
    return manifest.version;
  };
  known = [packageVersion(), versionOf("assemblyscript"), versionOf("binaryen")];
  return known;
}

/** How a file is called in keys, so that they are the same wherever project and package lie. */
function nameOf(path: string, { baseDir }: Entry): string {
  const root = packageRoot();
  const ours = path.startsWith(root + sep);
  const name = relative(ours ? root : baseDir, path).replaceAll(sep, "/");
  return `${ours ? "sdk" : "project"}:${name}`;
}

function pathOf(name: string, { baseDir }: Entry): string {
  const at = name.indexOf(":");
  return resolve(name.slice(0, at) === "sdk" ? packageRoot() : baseDir, name.slice(at + 1));
}

function textAt(path: string): string | null {
  // Most that do not exist are asked for again and again: a stat costs less than an exception.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null;
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

function isStored(value: unknown): value is Stored {
  return (
    typeof value === "object" &&
    value !== null &&
    "wasm" in value &&
    "sourceMap" in value &&
    "callbacks" in value &&
    "registrations" in value
  );
}

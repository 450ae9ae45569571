// The files of one compilation, as asc asks for them: from disk, from this package, from memory.
import { readFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import asc from "assemblyscript/asc";
import { packageRoot } from "../package-root.ts";

/** The package's own name, as filters import it. */
export const PACKAGE = "as-proxy-wasm";

const LIBRARY_PREFIX = "~lib/";

/** Reads sources for asc and remembers them under the path that asc's diagnostics use. */
export class Sources {
  /** What was read, by absolute path: both compilations of a build see the same text. */
  readonly #files = new Map<string, string | null>();
  readonly #texts = new Map<string, string>();
  readonly #virtual: ReadonlyMap<string, string>;
  readonly #onRead: (path: string) => void;

  /**
   * @param virtual files that are not on disk, by their path relative to the base folder
   * @param onRead told of each file on disk before it is looked for, but for the SDK's own
   */
  constructor(
    virtual: ReadonlyMap<string, string>,
    onRead: (path: string) => void = () => undefined,
  ) {
    this.#virtual = virtual;
    this.#onRead = onRead;
  }

  /** asc's `readFile`: null where there is no such file. */
  readonly read = async (name: string, baseDir: string): Promise<string | null> => {
    const normalized = name.replaceAll(sep, "/");
    const virtual = this.#virtual.get(normalized);
    if (virtual !== undefined) return virtual;
    const packaged = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\/(.*)$/.exec(normalized);
    // The SDK is always this package's own, wherever the filter lies: compiler, SDK and toolchain
    // are of one version.
    const path =
      packaged?.[1] === PACKAGE ? join(packageRoot(), packaged[2] ?? "") : resolve(baseDir, name);
    // asc also asks for configurations of its own, which `--config none` keeps from having effect.
    if (packaged?.[1] !== PACKAGE && path.endsWith(".ts")) this.#onRead(path);
    let text = this.#files.get(path);
    if (text === undefined) {
      text = await readFile(path, "utf8").catch(() => null);
      this.#files.set(path, text);
    }
    if (text === null) return null;
    const known = packaged
      ? `${LIBRARY_PREFIX}${packaged[1] ?? ""}/${packaged[2] ?? ""}`
      : normalized;
    this.#texts.set(known, text);
    return text;
  };

  /** Every file that was asked for, by its absolute path; null where there was none. */
  get asked(): ReadonlyMap<string, string | null> {
    return this.#files;
  }

  /** The text behind a path of asc's diagnostics; null when it is not known. */
  textOf(normalizedPath: string): string | null {
    const known = this.#texts.get(normalizedPath) ?? this.#virtual.get(normalizedPath);
    if (known !== undefined) return known;
    if (!normalizedPath.startsWith(LIBRARY_PREFIX)) return null;
    const library = normalizedPath.slice(LIBRARY_PREFIX.length).replace(/\.ts$/, "");
    return asc.libraryFiles[library] ?? null;
  }

  /** Whether a path of asc's is the author's, not a library's and not made here. */
  isAuthors(normalizedPath: string): boolean {
    return !normalizedPath.startsWith(LIBRARY_PREFIX) && !this.#virtual.has(normalizedPath);
  }
}

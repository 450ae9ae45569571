// What `run`, `dev` and `bench` take for a filter: a module, a source that is built on the way, or the
// name of one of this package's examples.
import { mkdtemp, open, readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { build } from "../sdk/compiler/build.ts";
import { ToolError } from "../sdk/errors.ts";
import { packageRoot } from "../sdk/package-root.ts";

/** A filter that is ready for Envoy. */
export interface ResolvedModule {
  /** What it is called in messages and tables. */
  readonly name: string;
  /** The absolute path of the .wasm file. */
  readonly path: string;
  /** The folder's `config.json`, where it has one: the configuration when none is given. */
  readonly configuration?: string;
}

/** The magic number of WebAssembly and the version of a core module (a component has another). */
const HEADER = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

/** Where a filter comes from, before anything is read or built. */
export interface FilterSource {
  /** A module, or what to build one from. */
  readonly kind: "module" | "source";
  /** The absolute path of a .wasm file, of a .ts file or of a folder. */
  readonly path: string;
  /** The folder's `config.json`, which may not be there; null where no folder was named. */
  readonly defaults: string | null;
}

/**
 * Finds what a user calls a filter: a `.wasm` file, a `.ts` file or a folder, else the name of an
 * example. Fails with ERR_FILE_NOT_FOUND.
 */
export async function findSource(argument: string): Promise<FilterSource> {
  const path = resolve(argument);
  const kind = await kindOf(path);
  if (kind === "file" && !argument.endsWith(".ts")) return { kind: "module", path, defaults: null };
  if (kind === "file") return { kind: "source", path, defaults: null };
  if (kind === "folder") return folderSource(path);
  if (!/^[\w-]+$/.test(argument)) {
    throw new ToolError("ERR_FILE_NOT_FOUND", `there is no file or folder ${argument}`, {
      hint: "name a .wasm file, a .ts file or a folder with a filter, or one of the examples",
    });
  }
  const examples = join(packageRoot(), "examples");
  const example = join(examples, argument);
  if ((await kindOf(example)) !== "folder") {
    throw new ToolError("ERR_FILE_NOT_FOUND", `${argument} is neither a file nor an example`, {
      hint: `the examples are: ${(await foldersIn(examples)).join(", ")}`,
    });
  }
  return folderSource(example);
}

function folderSource(path: string): FilterSource {
  return { kind: "source", path, defaults: join(path, "config.json") };
}

/**
 * Resolves what a user calls a filter, and builds it into `folder` where it is a source. Fails with
 * ERR_FILE_NOT_FOUND, ERR_NOT_WASM, ERR_USAGE and all that `build` fails with.
 */
export async function resolveModule(argument: string, folder: string): Promise<ResolvedModule> {
  const { kind, path, defaults } = await findSource(argument);
  if (kind === "module") {
    await checkModuleFile(path, argument);
    return { name: basename(path, ".wasm"), path };
  }
  return { ...(await built(path, folder)), ...(await defaultsOf(defaults)) };
}

/** Fails with ERR_NOT_WASM for a file that does not begin as a module does. */
async function checkModuleFile(path: string, argument: string): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER.length), 0, HEADER.length, 0);
    if (!buffer.subarray(0, bytesRead).equals(HEADER)) {
      throw new ToolError("ERR_NOT_WASM", `${argument} is no WebAssembly module`, {
        hint: "name a .wasm file, or the .ts file or folder to build one from",
      });
    }
  } finally {
    await file.close();
  }
}

async function built(entry: string, folder: string): Promise<ResolvedModule> {
  // In a folder of its own: two filters may have one name.
  const out = join(await mkdtemp(join(folder, "module-")), "filter.wasm");
  // With a source map, which tells where in the source a trap was.
  const { name } = await build({ entry, out, debug: true });
  return { name, path: out };
}

async function defaultsOf(file: string | null): Promise<Pick<ResolvedModule, "configuration">> {
  const there = file !== null && (await kindOf(file)) === "file";
  return there ? { configuration: await readFile(file, "utf8") } : {};
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

async function kindOf(path: string): Promise<"file" | "folder" | null> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    return null;
  }
}

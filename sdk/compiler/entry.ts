import { statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ToolError } from "../errors.ts";

/** Files that a folder's filter may be in, best first. */
const FILES_OF_FOLDER = ["filter.ts", "index.ts", "assembly/index.ts"];

/** A filter's source, as `build` understood what it was given. */
export interface Entry {
  /** What the module is called: `hello` for `hello/filter.ts`, `hello/` and `hello.ts`. */
  readonly name: string;
  /** The folder that messages are relative to, absolute. */
  readonly baseDir: string;
  /** The file, relative to `baseDir`, with `/` between folders. */
  readonly file: string;
}

function kindOf(path: string): "file" | "folder" | null {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return null;
  return stat.isDirectory() ? "folder" : "file";
}

/** The files that decide what `findEntry` finds, by their absolute paths. */
export function entryFiles(given: string, cwd: string): readonly string[] {
  const path = resolve(cwd, given);
  return path.endsWith(".ts") ? [path] : FILES_OF_FOLDER.map((name) => join(path, name));
}

/** Finds the source file for a file or folder; throws ERR_FILE_NOT_FOUND or ERR_USAGE. */
export function findEntry(given: string, cwd: string): Entry {
  const path = resolve(cwd, given);
  const kind = kindOf(path);
  if (kind === null) {
    throw new ToolError("ERR_FILE_NOT_FOUND", `there is no file or folder ${given}`, {
      hint: "Name an AssemblyScript file, or a folder with a filter.ts in it.",
    });
  }
  let file = path;
  if (kind === "folder") {
    const found = FILES_OF_FOLDER.map((name) => join(path, name)).find(
      (each) => kindOf(each) === "file",
    );
    if (found === undefined) {
      throw new ToolError("ERR_FILE_NOT_FOUND", `the folder ${given} holds no filter`, {
        hint: `Looked for ${FILES_OF_FOLDER.join(", ")}. Name the file itself if it is called otherwise.`,
      });
    }
    file = found;
  } else if (!file.endsWith(".ts") || file.endsWith(".d.ts")) {
    throw new ToolError(
      "ERR_USAGE",
      `${given} is no AssemblyScript source: its name must end in .ts`,
    );
  }
  const fromCwd = relative(cwd, file);
  const inside = !fromCwd.startsWith("..") && !isAbsolute(fromCwd);
  const baseDir = inside ? resolve(cwd) : dirname(file);
  return {
    name: nameOf(file),
    baseDir,
    file: relative(baseDir, file).replaceAll(sep, "/"),
  };
}

function nameOf(file: string): string {
  const base = basename(file, ".ts");
  if (base !== "filter" && base !== "index") return base;
  const folder = dirname(file);
  return basename(folder) === "assembly" ? basename(dirname(folder)) : basename(folder);
}

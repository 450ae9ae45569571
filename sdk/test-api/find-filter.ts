import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { ToolError } from "../errors.ts";

/** Whether the name is to be taken as a path only: `./filter.ts`, `../auth`, `build/auth.wasm`. */
function isPath(name: string): boolean {
  return /^\.{0,2}\//.test(name) || /\.(?:ts|wasm)$/.test(name);
}

/**
 * The absolute path of the file or folder that a test calls its filter: a path, or the name of a folder
 * with a filter. Looked for from each of `folders` in turn: in the folder itself if that has the name,
 * in `NAME/`, in `examples/NAME/`. Throws ERR_FILE_NOT_FOUND, with the places that were tried.
 */
export function findFilter(name: string, folders: readonly string[]): string {
  const tried: string[] = [];
  for (const folder of new Set(folders.map((each) => resolve(each)))) {
    const candidates = isPath(name)
      ? [resolve(folder, name)]
      : [
          ...(basename(folder) === name ? [join(folder, "filter.ts")] : []),
          join(folder, name),
          join(folder, "examples", name),
        ];
    for (const path of candidates) {
      if (statSync(path, { throwIfNoEntry: false }) !== undefined) return path;
      tried.push(path);
    }
  }
  throw new ToolError("ERR_FILE_NOT_FOUND", `there is no filter ${name}`, {
    hint: "Name a folder with a filter.ts, a .ts file or a .wasm file.",
    detail: ["looked for:", ...tried.map((path) => `  ${path}`)].join("\n"),
  });
}

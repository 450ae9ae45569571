import { readFile, stat } from "node:fs/promises";
import { ToolError, messageOf } from "../errors.ts";
import { MOST_MODULE_BYTES } from "./sections.ts";

/**
 * Reads a file that should be a WebAssembly module, without looking into it. What is no file, or is
 * larger than any module can be, is refused before it is read.
 */
export async function readModuleFile(path: string): Promise<Uint8Array> {
  let size;
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      throw new ToolError(
        "ERR_NOT_WASM",
        `${path} is ${found.isDirectory() ? "a folder" : "no file"}`,
        {
          hint: "Name the .wasm file itself.",
        },
      );
    }
    size = found.size;
  } catch (error) {
    if (error instanceof ToolError) throw error;
    throw unreadable(path, error);
  }
  if (size > MOST_MODULE_BYTES) {
    throw new ToolError(
      "ERR_NOT_WASM",
      `${path} is larger than 1 GiB, which no WebAssembly module is`,
      {
        hint: "Name the .wasm file that the compiler wrote.",
      },
    );
  }
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): ToolError {
  const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
  return new ToolError(
    "ERR_FILE_NOT_FOUND",
    missing ? `there is no file ${path}` : `${path} cannot be read: ${messageOf(error)}`,
    { hint: "Check the path; `as-proxy-wasm build` writes to build/.", cause: error },
  );
}

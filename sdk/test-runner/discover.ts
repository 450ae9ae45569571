import { readFile, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ToolError } from "../errors.ts";

const TEST_FILE = /\.test\.(?:ts|mts|js|mjs)$/;

/** Whether a file has tests in AssemblyScript. The ending alone is that of other tools' tests too. */
async function isSpec(path: string): Promise<boolean> {
  return isSpecFile(path) && /["']as-proxy-wasm\/spec["']/.test(await readFile(path, "utf8"));
}

/** Whether a file is called like one with tests in AssemblyScript. */
export function isSpecFile(path: string): boolean {
  return path.endsWith(".spec.ts");
}

/** The test files that are given, and those in the folders that are given; absolute, in order. */
export async function findTestFiles(
  given: readonly string[],
  cwd: string,
): Promise<readonly string[]> {
  const files = new Set<string>();
  for (const argument of given.length === 0 ? ["."] : given) {
    const path = resolve(cwd, argument);
    const found = await stat(path).catch(() => null);
    if (found === null) {
      throw new ToolError("ERR_FILE_NOT_FOUND", `there is no file or folder ${argument}`, {
        hint: "Name test files, or folders to look for *.test.ts, .mts, .js and .mjs in.",
      });
    }
    if (found.isDirectory()) await collect(path, files);
    else if (TEST_FILE.test(path) || isSpecFile(path)) files.add(path);
    else {
      throw new ToolError("ERR_USAGE", `${argument} is no test file`, {
        hint: "The names of test files end in .test.ts, .test.mts, .test.js or .test.mjs; .spec.ts is for tests in AssemblyScript.",
      });
    }
  }
  if (files.size === 0) {
    throw new ToolError("ERR_FILE_NOT_FOUND", "there are no test files", {
      hint: "Write one beside the filter, such as filter.test.ts, or name the folder with the tests.",
    });
  }
  return [...files].sort();
}

async function collect(folder: string, files: Set<string>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!/^(?:\..*|node_modules|dist|build)$/.test(entry.name)) await collect(path, files);
    } else if (TEST_FILE.test(entry.name) || (await isSpec(path))) {
      files.add(path);
    }
  }
}

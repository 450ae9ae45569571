// The file that a report goes to. That it can be written is found out before the run, not after
// half a minute of measuring.
import { open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { messageOf, ToolError } from "../../sdk/errors.ts";

/** A file that is known to be writable. */
export class ReportFile {
  readonly path: string;
  /** Whether it is ours to remove when there will be no report. */
  #created: boolean;

  private constructor(path: string, created: boolean) {
    this.path = path;
    this.#created = created;
  }

  /** Makes sure that the file can be written, leaving what it holds. Fails with ERR_FILE_WRITE. */
  static async reserve(path: string): Promise<ReportFile> {
    try {
      // "wx" fails when the file is there already.
      const created = await openAndClose(path, "wx").catch((error: unknown) => {
        if (isCode(error, "EEXIST")) return false;
        throw error;
      });
      if (!created) await openAndClose(path, "a");
      return new ReportFile(path, created);
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  /** Writes the report. Fails with ERR_FILE_WRITE; the file then has what it had. */
  async write(text: string): Promise<void> {
    try {
      await writeWhole(this.path, text);
    } catch (cause) {
      throw cannotWrite(this.path, cause);
    }
    this.#created = false;
  }

  /** Removes the file if it was made for a report that did not come. */
  async discard(): Promise<void> {
    if (this.#created) await rm(this.path, { force: true });
    this.#created = false;
  }
}

/** Beside and moved, where that is possible: a disk that is full leaves the older report. */
async function writeWhole(path: string, text: string): Promise<void> {
  const target = await realpath(path);
  if (!(await stat(target)).isFile()) {
    await writeFile(target, text);
    return;
  }
  const beside = `${target}.${process.pid}.new`;
  try {
    await writeFile(beside, text);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    if (isCode(error, "ENOSPC", "EDQUOT")) throw error;
    // A file may be writable in a folder that is not.
    await writeFile(target, text);
  }
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

async function openAndClose(path: string, flags: string): Promise<true> {
  const file = await open(path, flags);
  await file.close();
  return true;
}

function cannotWrite(path: string, cause: unknown): ToolError {
  return new ToolError(
    "ERR_FILE_WRITE",
    `the report ${path} cannot be written: ${messageOf(cause)}`,
    {
      hint: isCode(cause, "ENOSPC", "EDQUOT")
        ? "make room on the disk, or name a file on another; what was measured is on standard output"
        : "name a file in a folder that exists and may be written, or - for standard output",
      cause,
    },
  );
}

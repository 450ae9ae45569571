// The file that a report goes to. That it can be written is found out before the run, not after
// half a minute of measuring.
import { open, rm, writeFile } from "node:fs/promises";
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
        if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
        throw error;
      });
      if (!created) await openAndClose(path, "a");
      return new ReportFile(path, created);
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  /** Writes the report. Fails with ERR_FILE_WRITE. */
  async write(text: string): Promise<void> {
    try {
      await writeFile(this.path, text);
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
      hint: "name a file in a folder that exists and may be written, or - for standard output",
      cause,
    },
  );
}

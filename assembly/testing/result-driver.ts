// Drivers whose functions answer a `Result` (assembly/std/result.driver.ts), as a test sees them.
import assert from "node:assert/strict";
import { compileDriver, Driver } from "./asc-driver.ts";

/** What every such driver exports. */
interface ResultExports {
  lastError(): number;
  lastOffset(): number;
}

/** What a helper found wrong. */
export interface Fault {
  readonly error: string;
  readonly offset: number;
}

export class ResultDriver<Exports> extends Driver<Exports & ResultExports> {
  static async load<Exports>(path: string): Promise<ResultDriver<Exports>> {
    return new ResultDriver<Exports>(await compileDriver(path));
  }

  /** The text that the last call answered, or its error. */
  text(pointer: number): string | Fault {
    const text = this.readText(pointer) ?? "";
    return this.fault(text === "") ?? text;
  }

  /** The bytes that the last call answered, or its error. */
  bytes(pointer: number): Buffer | Fault {
    const bytes = Buffer.from(this.readBytes(pointer) ?? new Uint8Array());
    return this.fault(bytes.length === 0) ?? bytes;
  }

  /** The error of the last call, whose value must be empty then; `undefined` when there is none. */
  fault(empty: boolean): Fault | undefined {
    const error = this.readText(this.exports.lastError());
    const offset = this.exports.lastOffset();
    if (error === null) {
      assert.equal(offset, -1);
      return undefined;
    }
    assert.ok(empty, `a value beside the error: ${error}`);
    assert.ok(offset >= 0, error);
    return { error, offset };
  }
}

// What drivers whose functions answer a `Result` (assembly/std/result.driver.ts) tell a test.
import assert from "node:assert/strict";
import type { Driver } from "./asc-driver.ts";

/** What every such driver exports. */
export interface ResultExports {
  lastError(): number;
  lastOffset(): number;
}

/** What a helper found wrong. */
export interface Fault {
  readonly error: string;
  readonly offset: number;
}

/** The text that the driver's last call answered, or its error. */
export function textResult(driver: Driver<ResultExports>, pointer: number): string | Fault {
  const text = driver.readText(pointer) ?? "";
  return faultOf(driver, text === "") ?? text;
}

/** The bytes that the driver's last call answered, or its error. */
export function bytesResult(driver: Driver<ResultExports>, pointer: number): Buffer | Fault {
  const bytes = Buffer.from(driver.readBytes(pointer) ?? new Uint8Array());
  return faultOf(driver, bytes.length === 0) ?? bytes;
}

/**
 * The error of the driver's last call, whose value must be empty then; `undefined` when there is
 * none.
 */
export function faultOf(driver: Driver<ResultExports>, empty: boolean): Fault | undefined {
  const error = driver.readText(driver.exports.lastError());
  const offset = driver.exports.lastOffset();
  if (error === null) {
    assert.equal(offset, -1);
    return undefined;
  }
  assert.ok(empty, `a value beside the error: ${error}`);
  assert.ok(offset >= 0, error);
  return { error, offset };
}

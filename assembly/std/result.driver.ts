// How drivers hand a `Result` over: the value is answered, the error is kept to be asked for.
import { Result } from "./result";

let error: string | null = null;
let offset: i32 = -1;

/** Keeps the error of a result and answers its value. */
export function valueOf<T>(result: Result<T>): T {
  error = result.error;
  offset = result.errorOffset;
  return result.value;
}

/** As `valueOf`, for bytes: tests read `ArrayBuffer`s. */
export function bytesOf(result: Result<Uint8Array>): ArrayBuffer {
  return valueOf(result).buffer;
}

export function lastError(): string | null {
  return error;
}

export function lastOffset(): i32 {
  return offset;
}

// What helpers answer that can fail: AssemblyScript has no exceptions, and a trap would end the VM
// with every stream in it.

/**
 * A value, or an error that says what is wrong with the input and where.
 *
 * ```ts
 * const key = base64Decode(text);
 * const error = key.error;
 * if (error != null) {
 *   log.error(error + " at " + key.errorOffset.toString());
 *   return false;
 * }
 * use(key.value);
 * ```
 */
export class Result<T> {
  constructor(
    /** The value; empty (`""`, no bytes, 0) when there is an error. */
    readonly value: T,
    /** What is wrong; `null` when nothing is. */
    readonly error: string | null = null,
    /** Where in the input the error is, in its units: characters of a string, bytes; else -1. */
    readonly errorOffset: i32 = -1,
  ) {}
}

/** A result with an error and an empty value: a string, bytes or a number. */
export function failure<T>(error: string, offset: usize): Result<T> {
  if (isString<T>()) return new Result<T>(changetype<T>(""), error, <i32>offset);
  if (isReference<T>()) return new Result<T>(instantiate<T>(0), error, <i32>offset);
  return new Result<T>(<T>0, error, <i32>offset);
}

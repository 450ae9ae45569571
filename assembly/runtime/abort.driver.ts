// What abort.test.ts calls, compiled as filters are: with `--use abort=assembly/runtime/abort/abort`.
import { abort } from "./abort";

export function fail(message: string | null, file: string | null, line: u32, column: u32): void {
  abort(message, file, line, column);
}

export function assertThat(what: bool): void {
  assert(what, "what was asserted");
}

export function assertSilently(what: bool): void {
  assert(what);
}

export function throwError(message: string): void {
  throw new Error(message);
}

const numbers: i32[] = [1, 2, 3];

export function at(index: i32): i32 {
  return numbers[index];
}

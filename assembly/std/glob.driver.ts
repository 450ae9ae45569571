// What glob.test.ts calls.
import { Glob } from "./glob";
import { lastError, lastOffset, valueOf } from "./result.driver";

export { lastError, lastOffset };

let glob: Glob = Glob.path("").value;

export function path(pattern: string): void {
  glob = valueOf(Glob.path(pattern));
}

export function pathWithin(pattern: string, maxLength: i32): void {
  glob = valueOf(Glob.path(pattern, maxLength));
}

export function host(pattern: string): void {
  glob = valueOf(Glob.host(pattern));
}

export function matches(text: string): bool {
  return glob.matches(text);
}

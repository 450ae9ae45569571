// What duration.test.ts calls.
import { parseDuration } from "./duration";
import { lastError, lastOffset, valueOf } from "./result.driver";

export { lastError, lastOffset };

export function parse(text: string): i64 {
  return valueOf(parseDuration(text));
}

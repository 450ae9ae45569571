// What url.test.ts calls.
import { lastError, lastOffset, valueOf } from "./result.driver";
import {
  EscapedSlashes,
  normalizePath,
  pathSegments,
  removeDotSegments,
  RequestTarget,
} from "./url";

export { lastError, lastOffset };

/** Path and query of a target, and the whole of it, parted by line breaks. */
export function parse(text: string): string {
  const target = RequestTarget.parse(text);
  return target.path + "\n" + target.query.toString() + "\n" + target.toString();
}

/** A target without a parameter and, if it is not empty, with another path. */
export function edit(text: string, path: string, name: string): string {
  const target = RequestTarget.parse(text);
  if (path.length) target.path = path;
  target.query.remove(name);
  return target.toString();
}

/** The segments, each followed by a line break. */
export function segments(path: string): string {
  const all = pathSegments(path);
  return all.length ? all.join("\n") + "\n" : "";
}

export function countSegments(path: string): i32 {
  return pathSegments(path).length;
}

export function withoutDots(path: string): string {
  return removeDotSegments(path);
}

export function normalize(path: string, slashes: EscapedSlashes): string {
  return valueOf(normalizePath(path, slashes));
}

export function normalizeDefault(path: string): string {
  return valueOf(normalizePath(path));
}

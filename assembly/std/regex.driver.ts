// What the tests of regular expressions call.
import { Regex, RegexLimits, RegexMatch } from "./regex";
import { lastError, lastOffset, valueOf } from "./result.driver";

export { lastError, lastOffset };

let regex: Regex = Regex.compile("").value;
let found: RegexMatch | null = null;
let all: RegexMatch[] = [];

export function compile(pattern: string, flags: string): void {
  regex = valueOf(Regex.compile(pattern, flags));
}

export function compileWithin(
  pattern: string,
  length: i32,
  program: i32,
  repetition: i32,
  groups: i32,
  depth: i32,
): void {
  const limits = new RegexLimits();
  limits.pattern = length;
  limits.program = program;
  limits.repetition = repetition;
  limits.groups = groups;
  limits.depth = depth;
  regex = valueOf(Regex.compile(pattern, "", limits));
}

export function test(text: string): bool {
  return regex.test(text);
}

export function testBytes(bytes: ArrayBuffer): bool {
  return regex.testBytes(Uint8Array.wrap(bytes));
}

/** Whether there is a match; the functions below are about it. */
export function find(text: string, start: i32): bool {
  found = regex.find(text, start);
  return found != null;
}

export function findBytes(bytes: ArrayBuffer, start: i32): bool {
  found = regex.findBytes(Uint8Array.wrap(bytes), start);
  return found != null;
}

/** How many matches there are; `choose` makes one the one that is asked about. */
export function findAll(text: string, limit: i32): i32 {
  all = regex.findAll(text, limit);
  return all.length;
}

export function choose(index: i32): void {
  found = all[index];
}

export function start(): i32 {
  return found!.start;
}

export function end(): i32 {
  return found!.end;
}

export function groupCount(): i32 {
  return found!.groupCount;
}

export function groupStart(group: i32): i32 {
  return found!.groupStart(group);
}

export function groupEnd(group: i32): i32 {
  return found!.groupEnd(group);
}

export function group(group: i32): string | null {
  return found!.group(group);
}

export function named(name: string): string | null {
  return found!.named(name);
}

export function replace(text: string, replacement: string, maxLength: i32): string | null {
  return regex.replace(text, replacement, maxLength);
}

export function replaceAll(text: string, replacement: string, maxLength: i32): string | null {
  return regex.replaceAll(text, replacement, maxLength);
}

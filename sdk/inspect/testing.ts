// Modules for tests: assembled from text, or put together byte by byte where no assembler would.
import binaryen from "binaryen";

export { seededRandom } from "../seeded-random.ts";

/** Assembles WebAssembly text; `names` keeps the names of functions in a name section. */
export function assemble(text: string, names = false): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(binaryen.Features.All);
    binaryen.setDebugInfo(names);
    return module.emitBinary();
  } finally {
    binaryen.setDebugInfo(false);
    module.dispose();
  }
}

/** The magic number and the version. */
export const HEADER: readonly number[] = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** A module of these parts. */
export function moduleOf(...parts: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([...HEADER, ...parts.flat()]);
}

/** A section with its id and length. */
export function section(id: number, contents: readonly number[]): number[] {
  return [id, ...leb(contents.length), ...contents];
}

/** A custom section. */
export function customSection(name: string, contents: readonly number[]): number[] {
  return section(0, [...text(name), ...contents]);
}

/** A vector: how many items, then the items. */
export function vector(...items: readonly (readonly number[])[]): number[] {
  return [...leb(items.length), ...items.flat()];
}

/** A name: its length, then its bytes. */
export function text(name: string): number[] {
  const bytes = new TextEncoder().encode(name);
  return [...leb(bytes.length), ...bytes];
}

/** An unsigned number in LEB128. */
export function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

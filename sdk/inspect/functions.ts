import type { ByteReader } from "./byte-reader.ts";

/** What engines take at most. */
const MOST_FUNCTIONS = 1_000_000;

/** The body of a function in the code section. */
export interface FunctionBody {
  /** Among the functions that the module defines, from 0. */
  readonly position: number;
  readonly bytes: number;
}

/** Reads the function section: the type index of each function that the module defines. */
export function readFunctionTypes(reader: ByteReader | null): Uint32Array {
  if (reader === null) return new Uint32Array(0);
  const types = new Uint32Array(reader.count("functions", MOST_FUNCTIONS));
  for (let position = 0; position < types.length; position++) types[position] = reader.u32();
  reader.expectEnd();
  return types;
}

/** Reads the frames of the code section: how many bodies it has, and the `most` largest of them. */
export function readBodies(
  reader: ByteReader | null,
  most: number,
): { readonly count: number; readonly largest: readonly FunctionBody[] } {
  if (reader === null) return { count: 0, largest: [] };
  const count = reader.count("function bodies", MOST_FUNCTIONS);
  const largest: FunctionBody[] = [];
  for (let position = 0; position < count; position++) {
    const bytes = reader.u32();
    reader.skip(bytes);
    const rank = largest.findIndex((body) => body.bytes < bytes);
    if (rank >= 0) largest.splice(rank, 0, { position, bytes });
    else if (largest.length < most) largest.push({ position, bytes });
    if (largest.length > most) largest.pop();
  }
  reader.expectEnd();
  return { count, largest };
}

import { Malformed } from "./byte-reader.ts";
import type { ByteReader } from "./byte-reader.ts";

/** The subsection of the name section that names functions. */
const FUNCTION_NAMES = 1;

/** Names of some functions of a module, by index. */
export interface FunctionNames {
  readonly names: ReadonlyMap<number, string>;
  /** Why the name section could not be read to its end, or null. */
  readonly problem: string | null;
}

/**
 * The names that the name section gives to the functions in `wanted`. Engines ignore a section that is
 * damaged, and so does this, with the `problem` told; Envoy refuses the module.
 */
export function functionNames(contents: ByteReader, wanted: ReadonlySet<number>): FunctionNames {
  const section = contents.take(contents.remaining, "the name section");
  const names = new Map<number, string>();
  try {
    while (section.remaining > 0) {
      const id = section.u8();
      const subsection = section.take(section.u32(), "the name section");
      if (id === FUNCTION_NAMES) readNames(subsection, wanted, names);
    }
    return { names, problem: null };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { names, problem: `${error.message} (byte ${error.offset})` };
  }
}

function readNames(
  subsection: ByteReader,
  wanted: ReadonlySet<number>,
  names: Map<number, string>,
): void {
  for (let left = subsection.count("names", Infinity); left > 0; left--) {
    const index = subsection.u32();
    const length = subsection.u32();
    if (wanted.has(index)) names.set(index, subsection.text(length));
    else subsection.skip(length);
  }
  subsection.expectEnd();
}

// What `build` changes in asc's own library texts before it compiles. The texts are looked for, not
// copied: should a compiler update move them, a build fails with a clear message, and plain asc,
// which changes nothing, is not affected.
import asc from "assemblyscript/asc";

/** Builds for tests only: faults of memory handling show at once instead of once a day. */
export interface Stress {
  /** Collect garbage at every outermost callback exit. */
  readonly collectAlways?: boolean;
  /** Overwrite memory as it is freed. */
  readonly poisonFreed?: boolean;
}

// The minimal runtime hides how many bytes it manages; the collection policy follows them.
const BYTE_COUNT_ACCESSOR = `
// @ts-ignore: decorator
@global @unsafe
export function __as_proxy_wasm_managed_bytes(): usize { return total; }
`;

const FREE_BLOCK = "function freeBlock(root: Root, block: Block): void {";
const POISON_BLOCK = `${FREE_BLOCK}
  memory.fill(changetype<usize>(block) + BLOCK_OVERHEAD, 0xdb, block.mmInfo & ~3);
`;

// Optimised for size, asc joins strings by adding one after the other: memory by the square of their
// number, which a filter, collected only between callbacks, cannot give back in time. The library has
// another way, which counts first and allocates once; it is a few hundred bytes, for those who join.
const SLOW_JOIN =
  /if \(ASC_SHRINK_LEVEL < 1\)(?= \{\n\s*if \(isString<T>\(\)\) +return joinStringArray\()/;
const FAST_JOIN = "if (true)";

function libraryText(name: string): string {
  const text = asc.libraryFiles[name];
  if (text === undefined) throw new Error(`the compiler has no library file ${name}`);
  return text;
}

/** The compiler's library with the changes of one build applied; `restore` takes them back. */
export function patchLibrary(stress: Stress): { restore(): void } {
  const collector = libraryText("rt/tcms");
  const allocator = libraryText("rt/tlsf");
  const array = libraryText("array");
  const staticArray = libraryText("staticarray");
  if (
    !collector.includes("let total: usize") ||
    !allocator.includes(FREE_BLOCK) ||
    !SLOW_JOIN.test(array) ||
    !SLOW_JOIN.test(staticArray)
  ) {
    throw new Error(
      "the compiler's library has changed: sdk/compiler/runtime-library.ts must follow it",
    );
  }
  asc.libraryFiles["rt/tcms"] = collector + BYTE_COUNT_ACCESSOR;
  if (stress.poisonFreed) asc.libraryFiles["rt/tlsf"] = allocator.replace(FREE_BLOCK, POISON_BLOCK);
  asc.libraryFiles["array"] = array.replace(SLOW_JOIN, FAST_JOIN);
  asc.libraryFiles["staticarray"] = staticArray.replace(SLOW_JOIN, FAST_JOIN);
  return {
    restore() {
      asc.libraryFiles["rt/tcms"] = collector;
      asc.libraryFiles["rt/tlsf"] = allocator;
      asc.libraryFiles["array"] = array;
      asc.libraryFiles["staticarray"] = staticArray;
    },
  };
}

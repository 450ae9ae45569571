// Where in the source the bytes of a module come from. A source map of WebAssembly has one line; its
// columns are the bytes of the file.
import { SourceMap } from "node:module";
import type { SourcePlace } from "../errors.ts";
import { ByteReader } from "../inspect/byte-reader.ts";
import { SectionId, readSections } from "../inspect/sections.ts";

/** What asc puts before the files that are not the author's: its library, the SDK, packages. */
const LIBRARY = "~lib/";

/** Whether a file, as asc names it, is no part of the author's own sources. */
export function isLibrary(file: string): boolean {
  return file.startsWith(LIBRARY);
}

/** Where an instruction comes from. */
export interface Origin {
  /** The nearest place before it that has one, in whatever file; null for code without a place. */
  readonly exact: SourcePlace | null;
  /**
   * The nearest place before it, in the same function, of the author's own sources: where the call
   * stands of which the optimiser has put the body here. Null where the function has none.
   */
  readonly author: SourcePlace | null;
}

/** A module's source map, beside the module: the map alone does not tell where functions begin. */
export class ModuleSources {
  readonly #map: SourceMap;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #functions: readonly FunctionRange[];

  /** Throws for a map that is no JSON and for bytes that are no module. */
  constructor(wasm: Uint8Array, sourceMap: string) {
    const payload = JSON.parse(sourceMap) as ConstructorParameters<typeof SourceMap>[0];
    this.#map = new SourceMap(payload);
    this.#texts = new Map(
      payload.sources.map((source, index) => [source, payload.sourcesContent[index] ?? ""]),
    );
    this.#functions = functionRanges(wasm);
  }

  /** The text of a source; null where the map has none. */
  textOf(file: string): string | null {
    return this.#texts.get(file) ?? null;
  }

  /** Where the instruction at that byte of the module comes from. */
  originOf(offset: number): Origin {
    const body = this.#functions.find(({ start, end }) => start <= offset && offset < end);
    let exact: SourcePlace | null = null;
    if (body === undefined) return { exact, author: null };
    for (let at = offset; at >= body.start;) {
      const entry = this.#map.findEntry(0, at);
      if (!("generatedColumn" in entry) || entry.generatedColumn < body.start) break;
      // An entry may be without a source: the compiler's own instructions.
      const place = placeOf(entry);
      if (place !== null) {
        exact ??= place;
        if (!isLibrary(place.file)) return { exact, author: place };
      }
      at = entry.generatedColumn - 1;
    }
    return { exact, author: null };
  }
}

function placeOf(entry: Partial<Record<keyof SourceEntry, unknown>>): SourcePlace | null {
  const { originalSource: file, originalLine: line, originalColumn: column } = entry;
  if (typeof file !== "string" || typeof line !== "number" || typeof column !== "number") {
    return null;
  }
  return { file, line: line + 1, column: column + 1 };
}

interface SourceEntry {
  readonly originalSource: string;
  readonly originalLine: number;
  readonly originalColumn: number;
}

/** The bytes of a function's body, from its first to behind its last. */
interface FunctionRange {
  readonly start: number;
  readonly end: number;
}

function functionRanges(wasm: Uint8Array): readonly FunctionRange[] {
  const code: ByteReader | null = readSections(wasm).contents(SectionId.Code);
  if (code === null) return [];
  const ranges: FunctionRange[] = [];
  for (let left = code.u32(); left > 0; left--) {
    const bytes = code.u32();
    ranges.push({ start: code.offset, end: code.offset + bytes });
    code.skip(bytes);
  }
  return ranges;
}

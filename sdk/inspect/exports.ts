import type { ByteReader } from "./byte-reader.ts";
import { memoryType } from "./definitions.ts";
import { ExternalCode } from "./imports.ts";
import type { ExportInfo, ExternalKind, MemoryInfo, TableInfo } from "./module-info.ts";

/** What engines take at most. */
const MOST_EXPORTS = 1_000_000;

/** All that a module can export, each kind with indices of its own, imported ones first. */
export interface IndexSpaces {
  readonly functions: number;
  /** The type of the function, as text. */
  functionType(index: number, usedBy: ByteReader): string;
  readonly tables: readonly TableInfo[];
  readonly memories: readonly MemoryInfo[];
  /** The types of the globals, as text. */
  readonly globals: readonly string[];
  /** The types of the tags, as text. */
  readonly tags: readonly string[];
}

/** The export section: all exports in order, and the first name of each exported function. */
export interface Exports {
  readonly list: readonly ExportInfo[];
  readonly functionNames: ReadonlyMap<number, string>;
}

/** Reads the export section. */
export function readExports(reader: ByteReader | null, spaces: IndexSpaces): Exports {
  const list: ExportInfo[] = [];
  const functionNames = new Map<number, string>();
  if (reader === null) return { list, functionNames };
  const names = new Set<string>();
  for (let left = reader.count("exports", MOST_EXPORTS); left > 0; left--) {
    const { offset } = reader;
    const name = reader.name();
    if (names.has(name)) reader.fail("two exports have the same name", offset);
    names.add(name);
    const code = reader.u8();
    const index = reader.u32();
    const external = describe(code, index, spaces, reader);
    if (external === undefined) {
      return reader.fail(`there is no ${index} of kind ${code} to export`, offset);
    }
    if (external.kind === "function" && !functionNames.has(index)) functionNames.set(index, name);
    list.push({ name, ...external });
  }
  reader.expectEnd();
  return { list, functionNames };
}

/** The kind and the type of what `index` counts; undefined when there is no such thing. */
function describe(
  code: number,
  index: number,
  spaces: IndexSpaces,
  reader: ByteReader,
): { readonly kind: ExternalKind; readonly type: string } | undefined {
  switch (code) {
    case ExternalCode.Function:
      if (index >= spaces.functions) return undefined;
      return { kind: "function", type: spaces.functionType(index, reader) };
    case ExternalCode.Table: {
      const table = spaces.tables[index];
      return table && { kind: "table", type: table.type };
    }
    case ExternalCode.Memory: {
      const memory = spaces.memories[index];
      return memory && { kind: "memory", type: memoryType(memory) };
    }
    case ExternalCode.Global: {
      const type = spaces.globals[index];
      return type === undefined ? undefined : { kind: "global", type };
    }
    case ExternalCode.Tag: {
      const type = spaces.tags[index];
      return type === undefined ? undefined : { kind: "tag", type };
    }
    default:
      return undefined;
  }
}

import type { ByteReader } from "./byte-reader.ts";
import { memoryType, readGlobalType, readMemory, readTable, readTagType } from "./definitions.ts";
import type { ImportInfo, MemoryInfo, TableInfo } from "./module-info.ts";
import type { TypeSection } from "./type-section.ts";

/** What engines take at most. */
const MOST_IMPORTS = 1_000_000;

/** The byte that tells what is imported or exported. */
export const ExternalCode = { Function: 0, Table: 1, Memory: 2, Global: 3, Tag: 4 } as const;

/** The import section: all imports in order, and what they put in front of each kind's indices. */
export interface Imports {
  readonly list: readonly ImportInfo[];
  /** The types of the imported functions, as text. */
  readonly functions: readonly string[];
  readonly tables: readonly TableInfo[];
  readonly memories: readonly MemoryInfo[];
  /** The types of the imported globals, as text. */
  readonly globals: readonly string[];
  /** The types of the imported tags, as text. */
  readonly tags: readonly string[];
}

/** Reads the import section. What cannot be made out ends it: nothing behind could be told. */
export function readImports(reader: ByteReader | null, types: TypeSection): Imports {
  const list: ImportInfo[] = [];
  const functions: string[] = [];
  const tables: TableInfo[] = [];
  const memories: MemoryInfo[] = [];
  const globals: string[] = [];
  const tags: string[] = [];
  if (reader === null) return { list, functions, tables, memories, globals, tags };
  for (let left = reader.count("imports", MOST_IMPORTS); left > 0; left--) {
    const module = reader.name();
    const name = reader.name();
    const { offset } = reader;
    const code = reader.u8();
    switch (code) {
      case ExternalCode.Function: {
        const type = types.functionType(reader.u32(), reader);
        functions.push(type);
        list.push({ module, name, kind: "function", type });
        break;
      }
      case ExternalCode.Table: {
        const table = readTable(reader, true) ?? unknownType(reader, offset);
        tables.push(table);
        list.push({ module, name, kind: "table", type: table.type });
        break;
      }
      case ExternalCode.Memory: {
        const memory = readMemory(reader, true);
        memories.push(memory);
        list.push({ module, name, kind: "memory", type: memoryType(memory) });
        break;
      }
      case ExternalCode.Global: {
        const type = readGlobalType(reader) ?? unknownType(reader, offset);
        globals.push(type);
        list.push({ module, name, kind: "global", type });
        break;
      }
      case ExternalCode.Tag: {
        const type = readTagType(reader, types);
        tags.push(type);
        list.push({ module, name, kind: "tag", type });
        break;
      }
      default:
        reader.fail(`the kind ${code} of an import is not known`, offset);
    }
  }
  reader.expectEnd();
  return { list, functions, tables, memories, globals, tags };
}

function unknownType(reader: ByteReader, offset: number): never {
  return reader.fail("the type of an import is written in a form that is not known", offset);
}
